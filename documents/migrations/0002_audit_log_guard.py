"""The audit log is append-only in the database too, whatever code or statement writes to it.

Two exceptions: a row lets go of a user who is deleted (the name stays), and retention, which names
in its transaction the time before which rows may go, deletes those. It guards against faults and
slips: the owner of the table, who can drop a trigger, can lift it.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION documents_auditevent_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.actor_id IS NULL
        AND to_jsonb(NEW) - 'actor_id' = to_jsonb(OLD) - 'actor_id' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE'
        AND OLD.at < NULLIF(current_setting('lantern.audit_kept_from', true), '')::timestamptz THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The audit log is append-only: % is refused.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER documents_auditevent_append_only
    BEFORE UPDATE OR DELETE ON documents_auditevent
    FOR EACH ROW EXECUTE FUNCTION documents_auditevent_guard();
CREATE TRIGGER documents_auditevent_no_truncate
    BEFORE TRUNCATE ON documents_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION documents_auditevent_guard();
"""
NO_GUARD = """
DROP TRIGGER documents_auditevent_no_truncate ON documents_auditevent;
DROP TRIGGER documents_auditevent_append_only ON documents_auditevent;
DROP FUNCTION documents_auditevent_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
