from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_orders"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="reporter",
            index=models.Index(fields=["secret_hash"], name="cases_reporter_secret"),
        ),
    ]
