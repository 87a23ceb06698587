import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.fields.json
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import documents.metadata
import pgvector.django
import pgvector.django.vector
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgvector.django.VectorExtension(),
        migrations.CreateModel(
            name='ChangeLogEntry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('published', 'Published'), ('deleted', 'Deleted'), ('truncated', 'Truncated')], max_length=10)),
                ('document_id', models.UUIDField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='Collection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True)),
                ('slug', models.SlugField(max_length=200, unique=True)),
                ('language', models.CharField(default='en', max_length=10)),
                ('visibility', models.CharField(choices=[('public', 'Public: anyone, also without signing in'), ('internal', 'Internal: any signed-in user'), ('restricted', 'Restricted: the members listed')], default='internal', max_length=10)),
                ('chunk_tokens', models.PositiveIntegerField(blank=True, null=True)),
                ('chunk_overlap', models.PositiveIntegerField(blank=True, null=True)),
                ('facet_fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, help_text="Fields of the documents' metadata to narrow searches by, with commas between: author,department", size=8, validators=[documents.metadata.check_facets])),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=100)),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('prefix', models.CharField(editable=False, max_length=8)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('last_used_at', models.DateTimeField(editable=False, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('external_id', models.CharField(editable=False, max_length=200)),
                ('title', models.CharField(max_length=500)),
                ('source', models.CharField(blank=True, max_length=2000)),
                ('filename', models.CharField(blank=True, max_length=255)),
                ('content_hash', models.CharField(db_index=True, editable=False, max_length=64)),
                ('content_type', models.CharField(blank=True, max_length=150)),
                ('type', models.CharField(blank=True, db_index=True, max_length=20)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('language', models.CharField(default='en', max_length=10)),
                ('metadata', models.JSONField(blank=True, default=dict)),
                ('content_date', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('extracting', 'Extracting text'), ('embedding', 'Embedding'), ('indexed', 'Indexed'), ('failed', 'Failed')], default='queued', max_length=10)),
                ('error_code', models.CharField(blank=True, editable=False, max_length=50)),
                ('error_params', models.JSONField(blank=True, default=dict, editable=False)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('lease_id', models.UUIDField(blank=True, editable=False, null=True)),
                ('lease_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('passages_done', models.PositiveIntegerField(default=0)),
                ('passages_total', models.PositiveIntegerField(default=0)),
                ('version', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('queued_at', models.DateTimeField(auto_now_add=True)),
                ('indexed_at', models.DateTimeField(blank=True, null=True)),
                ('year', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.Cast(models.Func(django.db.models.fields.json.KeyTextTransform('date', 'metadata'), models.Value('(?<!\\d)[12]\\d{3}(?!\\d)'), function='substring'), models.PositiveSmallIntegerField()), django.db.models.functions.comparison.Cast(models.Func(django.db.models.fields.json.KeyTextTransform('year', 'metadata'), models.Value('(?<!\\d)[12]\\d{3}(?!\\d)'), function='substring'), models.PositiveSmallIntegerField()), django.db.models.functions.comparison.Cast(models.Func(django.db.models.fields.json.KeyTextTransform('published', 'metadata'), models.Value('(?<!\\d)[12]\\d{3}(?!\\d)'), function='substring'), models.PositiveSmallIntegerField()), django.db.models.functions.comparison.Cast(models.Func(django.db.models.fields.json.KeyTextTransform('created', 'metadata'), models.Value('(?<!\\d)[12]\\d{3}(?!\\d)'), function='substring'), models.PositiveSmallIntegerField()), django.db.models.functions.datetime.ExtractYear(models.F('content_date')), django.db.models.functions.datetime.ExtractYear(models.F('created_at'))), output_field=models.PositiveSmallIntegerField())),
                ('collection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='documents.collection')),
                ('uploaded_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='EmbeddingSpace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=500)),
                ('revision', models.CharField(max_length=64)),
                ('pooling', models.CharField(max_length=20)),
                ('prompts', models.JSONField(default=dict)),
                ('dimensions', models.PositiveIntegerField()),
                ('precision', models.CharField(max_length=20)),
                ('is_active', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('model', 'revision', 'pooling', 'prompts', 'dimensions', 'precision'), name='uniq_embedding_space_model'), models.UniqueConstraint(condition=models.Q(('is_active', True)), fields=('is_active',), name='uniq_active_embedding_space')],
            },
        ),
        migrations.CreateModel(
            name='Extraction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('pages', models.JSONField(default=list)),
                ('headings', models.JSONField(default=list)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='extractions', to='documents.document')),
            ],
        ),
        migrations.CreateModel(
            name='Passage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('ordinal', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('page', models.PositiveIntegerField(null=True)),
                ('headings', models.JSONField(default=list)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='documents.document')),
            ],
            options={
                'ordering': ['document', 'version', 'ordinal'],
            },
        ),
        migrations.CreateModel(
            name='PassageEmbedding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('embedding', pgvector.django.vector.VectorField()),
                ('passage', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='vectors', to='documents.passage')),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='documents.embeddingspace')),
            ],
        ),
        migrations.CreateModel(
            name='CollectionMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('reader', 'Reader'), ('writer', 'Writer')], default='reader', max_length=10)),
                ('collection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='documents.collection')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('user__isnull', True), ('group__isnull', True), _connector='XOR'), name='check_member_user_or_group', violation_error_message='Choose either a user or a group.'), models.UniqueConstraint(fields=('collection', 'user'), name='uniq_member_collection_user'), models.UniqueConstraint(fields=('collection', 'group'), name='uniq_member_collection_group')],
            },
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('state__in', ('indexed', 'failed')), _negated=True), fields=['state', 'queued_at'], name='documents_unfinished'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('title', config='simple'), name='documents_title_words'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=django.contrib.postgres.indexes.GinIndex(fields=['metadata'], name='documents_metadata_values', opclasses=['jsonb_path_ops']),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('collection', 'external_id'), name='uniq_document_collection_external_id'),
        ),
        migrations.AddConstraint(
            model_name='extraction',
            constraint=models.UniqueConstraint(fields=('document', 'version'), name='uniq_extraction_document_version'),
        ),
        migrations.AddConstraint(
            model_name='passage',
            constraint=models.UniqueConstraint(fields=('document', 'version', 'ordinal'), name='uniq_passage_document_version_ordinal'),
        ),
        migrations.AddConstraint(
            model_name='passageembedding',
            constraint=models.UniqueConstraint(fields=('passage', 'space'), name='uniq_passage_embedding_space'),
        ),
    ]
