"""The edition: every change of classes, limits, routes or calendar raises it."""

from django.db import migrations

TABLES = ("cases_category", "cases_timelimit", "cases_route", "cases_calendarday")

FORWARD = """
CREATE SEQUENCE cases_edition_value;
INSERT INTO cases_edition (id, value) VALUES (1, nextval('cases_edition_value'));
CREATE FUNCTION cases_raise_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases_edition (id, value) VALUES (1, nextval('cases_edition_value'))
        ON CONFLICT (id) DO UPDATE SET value = excluded.value;
    RETURN NULL;
END $$;
""" + "\n".join(
    f"CREATE TRIGGER {table}_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION cases_raise_edition();"
    for table in TABLES
)

BACKWARD = (
    "\n".join(f"DROP TRIGGER {table}_edition ON {table};" for table in TABLES)
    + "DROP FUNCTION cases_raise_edition(); DROP SEQUENCE cases_edition_value; DELETE FROM cases_edition;"
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
