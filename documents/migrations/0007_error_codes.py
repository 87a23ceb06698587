from django.db import migrations, models


class Migration(migrations.Migration):
    """A failure is kept as a code with parameters, and put into words where it is shown."""

    dependencies = [("documents", "0006_what_changes_say")]

    operations = [
        migrations.RemoveField(model_name="document", name="error"),
        migrations.AddField(
            model_name="document",
            name="error_code",
            field=models.CharField(blank=True, editable=False, max_length=50),
        ),
        migrations.AddField(
            model_name="document",
            name="error_params",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
