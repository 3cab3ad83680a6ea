from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_extensions"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="reporter",
            index=models.Index(fields=["secret_hash"], name="cases_reporter_secret"),
        ),
    ]
