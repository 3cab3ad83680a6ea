"""What Django cannot say: a text once imported and a report once frozen never change."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION plan_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is frozen: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation', HINT = 'Import a new text, or freeze a new report.';
END
$$;
CREATE TRIGGER plan_text_frozen BEFORE UPDATE OF text, blocks, sha256, document_id ON plan_documentversion
    FOR EACH ROW EXECUTE FUNCTION plan_refuse();
CREATE TRIGGER plan_report_frozen BEFORE UPDATE OR DELETE ON plan_report
    FOR EACH ROW EXECUTE FUNCTION plan_refuse();
CREATE TRIGGER plan_reportline_frozen BEFORE UPDATE OR DELETE ON plan_reportline
    FOR EACH ROW EXECUTE FUNCTION plan_refuse();
CREATE TRIGGER plan_reportrow_frozen BEFORE UPDATE OR DELETE ON plan_reportrow
    FOR EACH ROW EXECUTE FUNCTION plan_refuse();
CREATE TRIGGER plan_statereport_kept BEFORE UPDATE OR DELETE ON plan_statereport
    FOR EACH ROW EXECUTE FUNCTION plan_refuse();
"""

BACKWARD = """
DROP TRIGGER plan_text_frozen ON plan_documentversion;
DROP TRIGGER plan_report_frozen ON plan_report;
DROP TRIGGER plan_reportline_frozen ON plan_reportline;
DROP TRIGGER plan_reportrow_frozen ON plan_reportrow;
DROP TRIGGER plan_statereport_kept ON plan_statereport;
DROP FUNCTION plan_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("plan", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
