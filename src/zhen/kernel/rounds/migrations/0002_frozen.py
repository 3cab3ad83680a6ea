"""A version of a checklist that was in use does not change any more: answers are read by it."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION rounds_checklist_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL AND (TG_OP = 'DELETE' OR
        (NEW.code, NEW.number, NEW.name, NEW.law, NEW.minutes, NEW.content, NEW.published_at)
        IS DISTINCT FROM
        (OLD.code, OLD.number, OLD.name, OLD.law, OLD.minutes, OLD.content, OLD.published_at)
    ) THEN
        RAISE EXCEPTION 'version % of the checklist % is in use and does not change', OLD.number, OLD.code
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER rounds_checklist_frozen BEFORE UPDATE OR DELETE ON rounds_checklistversion
    FOR EACH ROW EXECUTE FUNCTION rounds_checklist_frozen();
"""
THAW = """
DROP TRIGGER rounds_checklist_frozen ON rounds_checklistversion;
DROP FUNCTION rounds_checklist_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("rounds", "0001_initial")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
