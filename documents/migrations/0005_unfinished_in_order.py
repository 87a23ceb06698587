from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_facets")]

    operations = [
        migrations.RemoveIndex(model_name="document", name="documents_unfinished"),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["state", "queued_at"],
                condition=models.Q(("state__in", ("indexed", "failed")), _negated=True),
                name="documents_unfinished",
            ),
        ),
    ]
