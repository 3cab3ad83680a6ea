"""What the database itself holds true about places: the tree, and the past.

- `places_nesting`: which kinds may stand below which (kinds.NESTING). The table has no circle, and a
  place never changes its kind, so the tree cannot have one either.
- A parent exists on every day of its children (checked at the end of the transaction).
- A version is changed or removed only from the day on that `zhen.places_from` names in the
  transaction; the days before it are out of reach for everybody.
- Every change of versions raises the edition.
"""

from django.db import migrations

NESTING = (
    ("town", None),
    ("precinct", "town"),
    *(("neighbourhood", parent) for parent in ("town", "precinct")),
    ("cell", "neighbourhood"),
    *(("estate", parent) for parent in ("town", "neighbourhood", "cell")),
    *(("park", parent) for parent in ("town", "precinct", "neighbourhood", "cell")),
    ("street", "town"),
    *(("site", parent) for parent in ("town", "precinct", "neighbourhood", "cell", "estate", "park")),
    *(("building", parent) for parent in ("town", "precinct", "neighbourhood", "cell", "estate", "park", "site")),
    ("floor", "building"),
    *(("room", parent) for parent in ("building", "floor")),
)
VALUES = ", ".join(f"('{child}', {repr(parent) if parent else 'NULL'})" for child, parent in NESTING)

FORWARD = f"""
CREATE TABLE places_nesting (child varchar(20) NOT NULL, parent varchar(20), UNIQUE NULLS NOT DISTINCT (child, parent));
INSERT INTO places_nesting (child, parent) VALUES {VALUES};

CREATE FUNCTION places_keep_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'place %: id, kind and code are for life', OLD.code USING ERRCODE = 'check_violation', CONSTRAINT = 'places_identity';
END $$;
CREATE TRIGGER places_identity BEFORE UPDATE ON places_place FOR EACH ROW
    WHEN (OLD.id <> NEW.id OR OLD.kind <> NEW.kind OR OLD.code <> NEW.code) EXECUTE FUNCTION places_keep_identity();

CREATE FUNCTION places_check_nesting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    child_kind varchar; parent_kind varchar;
BEGIN
    SELECT kind INTO child_kind FROM places_place WHERE id = NEW.place_id;
    SELECT kind INTO parent_kind FROM places_place WHERE id = NEW.parent_id;
    IF NOT EXISTS (SELECT FROM places_nesting WHERE child = child_kind AND parent IS NOT DISTINCT FROM parent_kind) THEN
        RAISE EXCEPTION 'a % cannot stand below a %', child_kind, coalesce(parent_kind, 'nothing')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'places_nesting';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER places_nesting BEFORE INSERT OR UPDATE OF place_id, parent_id ON places_placeversion
    FOR EACH ROW EXECUTE FUNCTION places_check_nesting();

CREATE FUNCTION places_keep_past() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    first_day date := nullif(current_setting('zhen.places_from', true), '')::date;
BEGIN
    IF first_day IS NOT NULL AND OLD.valid_from >= first_day THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND first_day IS NOT NULL
        AND NEW.valid_to >= first_day AND coalesce(OLD.valid_to, 'infinity') > first_day
        AND (to_jsonb(NEW) - 'valid_to') = (to_jsonb(OLD) - 'valid_to') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'version % of place %: the past is not changed', OLD.id, OLD.place_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'places_past';
END $$;
CREATE TRIGGER places_past BEFORE UPDATE OR DELETE ON places_placeversion
    FOR EACH ROW EXECUTE FUNCTION places_keep_past();

CREATE FUNCTION places_check_life() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    orphan record;
BEGIN
    SELECT child.id, child.place_id, child.parent_id INTO orphan
    FROM places_placeversion child
    WHERE child.parent_id IS NOT NULL
        AND CASE TG_OP WHEN 'INSERT' THEN child.id = NEW.id
            ELSE child.parent_id = OLD.place_id OR (TG_OP = 'UPDATE' AND child.id = NEW.id) END
        AND NOT coalesce(
            (SELECT range_agg(daterange(parent.valid_from, parent.valid_to)) FROM places_placeversion parent
                WHERE parent.place_id = child.parent_id) @> daterange(child.valid_from, child.valid_to), false)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'version % of place %: its parent % does not exist on every day of it', orphan.id, orphan.place_id, orphan.parent_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'places_life';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER places_life_insert AFTER INSERT ON places_placeversion
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION places_check_life();
CREATE CONSTRAINT TRIGGER places_life_change AFTER UPDATE OR DELETE ON places_placeversion
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION places_check_life();

CREATE SEQUENCE places_editions;
INSERT INTO places_edition (id, value) VALUES (1, nextval('places_editions'));
CREATE FUNCTION places_raise_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO places_edition (id, value) VALUES (1, nextval('places_editions'))
        ON CONFLICT (id) DO UPDATE SET value = excluded.value;
    RETURN NULL;
END $$;
CREATE TRIGGER places_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON places_placeversion
    FOR EACH STATEMENT EXECUTE FUNCTION places_raise_edition();
"""

BACKWARD = """
DROP TRIGGER places_edition ON places_placeversion;
DROP FUNCTION places_raise_edition();
DROP SEQUENCE places_editions;
DROP TRIGGER places_life_change ON places_placeversion;
DROP TRIGGER places_life_insert ON places_placeversion;
DROP FUNCTION places_check_life();
DROP TRIGGER places_past ON places_placeversion;
DROP FUNCTION places_keep_past();
DROP TRIGGER places_nesting ON places_placeversion;
DROP FUNCTION places_check_nesting();
DROP TRIGGER places_identity ON places_place;
DROP FUNCTION places_keep_identity();
DROP TABLE places_nesting;
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
