import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


# Documents are deleted many at once, past the ORM. The database deletes the rows that refer to them,
# which Django 5.2 cannot declare.
DELETE_WITH_DOCUMENT = """
ALTER TABLE {table} ADD CONSTRAINT {table}_deleted_with_document
FOREIGN KEY (document_id) REFERENCES documents_document (id)
ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
"""
DROP_CONSTRAINT = "ALTER TABLE {table} DROP CONSTRAINT {table}_deleted_with_document"
TABLES = ("retrieval_click", "retrieval_judgement")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('documents', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='IndexIdentity',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('singleton', models.BooleanField(default=True, editable=False, unique=True)),
            ],
            options={
                'verbose_name_plural': 'index identities',
            },
        ),
        migrations.CreateModel(
            name='SearchLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('query', models.CharField(max_length=500)),
                ('day', models.DateField(db_index=True, default=django.utils.timezone.localdate)),
                ('results', models.PositiveIntegerField()),
                ('took_ms', models.FloatField()),
            ],
            options={
                'verbose_name': 'search',
                'verbose_name_plural': 'searches',
            },
        ),
        migrations.CreateModel(
            name='Click',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('query', models.CharField(max_length=500)),
                ('day', models.DateField(db_index=True, default=django.utils.timezone.localdate)),
                ('position', models.PositiveIntegerField()),
                ('document', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, to='documents.document')),
            ],
        ),
        migrations.CreateModel(
            name='Judgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('query', models.CharField(max_length=500)),
                ('relevant', models.BooleanField()),
                ('created_at', models.DateTimeField(auto_now=True)),
                ('document', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, to='documents.document')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'query', 'document'), name='uniq_judgement_user_query_document')],
            },
        ),
        *[
            migrations.RunSQL(
                DELETE_WITH_DOCUMENT.format(table=table), DROP_CONSTRAINT.format(table=table)
            )
            for table in TABLES
        ],
    ]
