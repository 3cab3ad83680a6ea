"""Tables without a model: Django's database cache (as `createcachetable` makes it), and rates of calls."""

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
            -- Counters of calls: they may be lost in a crash, so they need no log.
            CREATE UNLOGGED TABLE identity_rate (
                key varchar(100) NOT NULL,
                slot bigint NOT NULL,
                calls integer NOT NULL,
                PRIMARY KEY (key, slot)
            );
            """,
            "DROP TABLE identity_rate; DROP TABLE identity_cache",
        )
    ]
