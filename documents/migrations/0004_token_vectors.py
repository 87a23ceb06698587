import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_ranking_settings")]

    operations = [
        migrations.CreateModel(
            name="TokenComponents",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("components", models.BinaryField()),
                (
                    "space",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="token_components",
                        to="documents.embeddingspace",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="passageembedding",
            name="tokens",
            field=models.BinaryField(null=True),
        ),
        # They are as dense as random numbers: an attempt to compress them costs time alone.
        migrations.RunSQL(
            "ALTER TABLE documents_passageembedding ALTER COLUMN tokens SET STORAGE EXTERNAL",
            migrations.RunSQL.noop,
        ),
    ]
