from django.contrib.postgres.indexes import GinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("documents", "0006_what_changes_say")]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=GinIndex(
                fields=["metadata"], opclasses=["jsonb_path_ops"], name="documents_metadata_values"
            ),
        ),
    ]
