"""The table of Django's database cache (what `createcachetable` makes): lock-outs and rate limits."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE identity_cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamptz NOT NULL
            );
            CREATE INDEX identity_cache_expires ON identity_cache (expires);
            """,
            "DROP TABLE identity_cache",
        )
    ]
