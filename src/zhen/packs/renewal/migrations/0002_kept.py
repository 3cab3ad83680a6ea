"""What the database keeps whoever writes: the first plan, and that nothing is cleared for works without consent."""

from django.db import migrations

FIRST_PLAN = """
CREATE FUNCTION renewal_first_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'renewal_milestone' THEN
        IF NEW.first_on <> OLD.first_on OR NEW.project_id <> OLD.project_id THEN
            RAISE EXCEPTION 'the first plan of a milestone never changes: record a delay'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF NEW.first_start <> OLD.first_start OR NEW.first_end <> OLD.first_end THEN
        RAISE EXCEPTION 'the first plan of a project never changes: record a delay'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER renewal_milestone_first BEFORE UPDATE ON renewal_milestone FOR EACH ROW
    EXECUTE FUNCTION renewal_first_plan();
CREATE TRIGGER renewal_project_first BEFORE UPDATE ON renewal_project FOR EACH ROW
    EXECUTE FUNCTION renewal_first_plan();
"""
CLEARED = """
CREATE FUNCTION renewal_cleared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.cleared_on IS NOT NULL AND NOT EXISTS (
        SELECT FROM renewal_publicity AS hung
        JOIN renewal_consultation AS asked ON asked.id = hung.consultation_id
        WHERE hung.project_id = NEW.id AND asked.project_id = NEW.id AND asked.met AND hung.ends_on < NEW.cleared_on
    ) THEN
        RAISE EXCEPTION 'nothing is cleared for works before the owners have agreed and the publicity is over'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER renewal_project_cleared BEFORE INSERT OR UPDATE OF cleared_on ON renewal_project FOR EACH ROW
    EXECUTE FUNCTION renewal_cleared();
"""
CLOSED = """
CREATE FUNCTION renewal_closed_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.closed_on IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a consultation that is closed never changes: open another round'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER renewal_consultation_closed_counts BEFORE UPDATE ON renewal_consultation FOR EACH ROW
    EXECUTE FUNCTION renewal_closed_counts();
"""
UNDO = """
DROP TRIGGER renewal_milestone_first ON renewal_milestone;
DROP TRIGGER renewal_project_first ON renewal_project;
DROP FUNCTION renewal_first_plan();
DROP TRIGGER renewal_project_cleared ON renewal_project;
DROP FUNCTION renewal_cleared();
DROP TRIGGER renewal_consultation_closed_counts ON renewal_consultation;
DROP FUNCTION renewal_closed_counts();
"""


class Migration(migrations.Migration):
    dependencies = [("renewal", "0001_initial")]

    operations = [migrations.RunSQL(sql=FIRST_PLAN + CLEARED + CLOSED, reverse_sql=UNDO)]
