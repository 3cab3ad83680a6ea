"""How many people a checklist demands does not change either, once it is in use."""

from django.db import migrations

FREEZE = """
CREATE OR REPLACE FUNCTION rounds_checklist_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL AND (TG_OP = 'DELETE' OR
        (NEW.code, NEW.number, NEW.name, NEW.law, NEW.minutes, NEW.content, NEW.published_at{people_new})
        IS DISTINCT FROM
        (OLD.code, OLD.number, OLD.name, OLD.law, OLD.minutes, OLD.content, OLD.published_at{people_old})
    ) THEN
        RAISE EXCEPTION 'version % of the checklist % is in use and does not change', OLD.number, OLD.code
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


def freezing(new: str, old: str) -> str:
    return FREEZE.replace("{people_new}", new).replace("{people_old}", old)


class Migration(migrations.Migration):
    dependencies = [("rounds", "0005_two_inspectors_and_counts")]
    operations = [migrations.RunSQL(freezing(", NEW.people", ", OLD.people"), freezing("", ""))]
