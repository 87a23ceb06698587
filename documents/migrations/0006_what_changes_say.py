from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_unfinished_in_order")]

    operations = [
        migrations.AlterField(
            model_name="change",
            name="kind",
            field=models.CharField(
                choices=[
                    ("published", "Published"),
                    ("deleted", "Deleted"),
                    ("forgotten", "Forgotten"),
                ],
                max_length=10,
            ),
        ),
    ]
