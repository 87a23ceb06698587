from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="claim",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
    ]
