"""What Django cannot say: the rules of the ledger that hold against everybody, raw SQL of the application's role included.

- A voucher takes the next number of its period from the database, and a closed period gives none: no gaps.
- The lines of a voucher come in one statement, in the transaction of the voucher; neither ever changes.
- At commit each basis of a voucher balances, and accounts that mirror one another moved by the same amount.
- Balances, numbers, and what is issued, reserved and spent of a quota follow from the rows that cause them, in the
  same transaction: written from anywhere else than the triggers below (trigger depth 1) they are refused.

The order of locks is reservation, quota, period, balance, so that payments never wait for one another in a circle.
"""

from django.db import migrations

VOUCHERS = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is posted: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation', HINT = 'Post a reversal.';
END
$$;

CREATE FUNCTION ledger_derived() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '% follows from what is posted: % is refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'restrict_violation', HINT = 'Post what changes it.';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION ledger_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ledger_period SET last_number = last_number + 1
     WHERE id = NEW.period_id AND closed_at IS NULL AND NEW.date BETWEEN first AND last
    RETURNING last_number INTO NEW.number;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the period is closed, or % does not lie in it', NEW.date
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_period_open';
    END IF;
    NEW.transaction := (pg_current_xact_id()::text)::bigint;
    RETURN NEW;
END
$$;

CREATE FUNCTION ledger_book_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT voucher_id, count(*) AS lines FROM fresh GROUP BY 1) given
          JOIN ledger_voucher voucher ON voucher.id = given.voucher_id
         WHERE voucher.transaction <> (pg_current_xact_id()::text)::bigint
            OR given.lines <> (SELECT count(*) FROM ledger_line line WHERE line.voucher_id = voucher.id)
    ) THEN
        RAISE EXCEPTION 'a posted voucher takes no further line'
            USING ERRCODE = 'restrict_violation', HINT = 'Post a new voucher.';
    END IF;
    INSERT INTO ledger_balance AS balance (period_id, account_id, dimensions_id, debit, credit)
    SELECT voucher.period_id, fresh.account_id, fresh.dimensions_id, sum(fresh.debit), sum(fresh.credit)
      FROM fresh JOIN ledger_voucher voucher ON voucher.id = fresh.voucher_id
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (period_id, account_id, dimensions_id) DO UPDATE
       SET debit = balance.debit + excluded.debit, credit = balance.credit + excluded.credit;
    RETURN NULL;
END
$$;

CREATE FUNCTION ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lines integer;
    bases text;
    mirrors text;
BEGIN
    WITH line AS (
        SELECT account.basis, account.mirror, line.debit - line.credit AS amount
          FROM ledger_line line JOIN ledger_account account ON account.id = line.account_id
         WHERE line.voucher_id = NEW.id
    )
    SELECT (SELECT count(*) FROM line),
           (SELECT string_agg(basis, ', ') FROM (SELECT basis FROM line GROUP BY basis HAVING sum(amount) <> 0) off),
           (SELECT string_agg(mirror, ', ') FROM (
               SELECT mirror FROM line WHERE mirror <> '' GROUP BY mirror
               HAVING sum(CASE basis WHEN 'financial' THEN amount ELSE -amount END) <> 0) off)
      INTO lines, bases, mirrors;
    IF lines < 2 THEN
        RAISE EXCEPTION 'voucher % has % lines', NEW.id, lines
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_voucher_lines';
    END IF;
    IF bases IS NOT NULL THEN
        RAISE EXCEPTION 'voucher % does not balance: %', NEW.id, bases
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_voucher_balanced';
    END IF;
    IF mirrors IS NOT NULL THEN
        RAISE EXCEPTION 'voucher % parts accounts that hold the same: %', NEW.id, mirrors
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_voucher_mirrored';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION ledger_period_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.last_number := 0;
    ELSIF OLD.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a closed period stays as it is' USING ERRCODE = 'restrict_violation';
    ELSIF (NEW.book_id, NEW.month, NEW.first, NEW.last) <> (OLD.book_id, OLD.month, OLD.first, OLD.last) THEN
        RAISE EXCEPTION 'a period keeps its book and its days' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER ledger_voucher_number BEFORE INSERT ON ledger_voucher
    FOR EACH ROW EXECUTE FUNCTION ledger_number();
CREATE CONSTRAINT TRIGGER ledger_voucher_balanced AFTER INSERT ON ledger_voucher
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balanced();
CREATE TRIGGER ledger_line_booked AFTER INSERT ON ledger_line
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_book_lines();
CREATE TRIGGER ledger_period_kept BEFORE INSERT OR UPDATE ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION ledger_period_kept();
CREATE TRIGGER ledger_period_derived BEFORE UPDATE OF last_number OR DELETE ON ledger_period
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_derived();
CREATE TRIGGER ledger_balance_derived BEFORE INSERT OR UPDATE OR DELETE ON ledger_balance
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_derived();
"""

QUOTAS = """
CREATE FUNCTION ledger_quota_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.issued := 0;
        NEW.reserved := 0;
        NEW.spent := 0;
    ELSIF (NEW.book_id, NEW.parent_id, NEW.dimensions_id)
          IS DISTINCT FROM (OLD.book_id, OLD.parent_id, OLD.dimensions_id) THEN
        RAISE EXCEPTION 'a quota stays where it was granted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION ledger_quota_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ledger_quota SET issued = issued + NEW.granted - CASE TG_OP WHEN 'UPDATE' THEN OLD.granted ELSE 0 END
     WHERE id = NEW.parent_id;
    RETURN NULL;
END
$$;

CREATE FUNCTION ledger_reserve() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.open, NEW.spent) <> (NEW.amount, 0) THEN
        RAISE EXCEPTION 'a reservation begins whole' USING ERRCODE = 'restrict_violation';
    END IF;
    UPDATE ledger_quota SET reserved = reserved + NEW.amount WHERE id = NEW.quota_id;
    RETURN NULL;
END
$$;

CREATE FUNCTION ledger_settle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held bigint := CASE NEW.kind WHEN 'refund' THEN 0 ELSE NEW.amount END;
    paid bigint := CASE NEW.kind WHEN 'post' THEN NEW.amount WHEN 'refund' THEN -NEW.amount ELSE 0 END;
    line bigint;
BEGIN
    UPDATE ledger_reservation SET open = open - held, spent = spent + paid
     WHERE id = NEW.reservation_id RETURNING quota_id INTO line;
    UPDATE ledger_quota SET reserved = reserved - held, spent = spent + paid WHERE id = line;
    RETURN NULL;
END
$$;

CREATE TRIGGER ledger_quota_kept BEFORE INSERT OR UPDATE ON ledger_quota
    FOR EACH ROW EXECUTE FUNCTION ledger_quota_kept();
CREATE TRIGGER ledger_quota_derived BEFORE UPDATE OF issued, reserved, spent OR DELETE ON ledger_quota
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_derived();
CREATE TRIGGER ledger_quota_issued AFTER INSERT OR UPDATE OF granted ON ledger_quota
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION ledger_quota_issued();
CREATE TRIGGER ledger_reservation_made AFTER INSERT ON ledger_reservation
    FOR EACH ROW EXECUTE FUNCTION ledger_reserve();
CREATE TRIGGER ledger_reservation_derived BEFORE UPDATE OR DELETE ON ledger_reservation
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_derived();
CREATE TRIGGER ledger_settlement_made AFTER INSERT ON ledger_settlement
    FOR EACH ROW EXECUTE FUNCTION ledger_settle();
"""

APPEND_ONLY = ("voucher", "line", "settlement")
KEPT = (*APPEND_ONLY, "period", "balance", "quota", "reservation")
TRIGGERS = {
    "voucher": ("number", "balanced", "append_only"),
    "line": ("booked", "append_only"),
    "period": ("kept", "derived"),
    "balance": ("derived",),
    "quota": ("kept", "derived", "issued"),
    "reservation": ("made", "derived"),
    "settlement": ("made", "append_only"),
}
FUNCTIONS = ("refuse", "derived", "number", "book_lines", "balanced", "period_kept", "quota_kept", "quota_issued",
             "reserve", "settle")  # fmt: skip

REFUSING = "".join(
    f"CREATE TRIGGER ledger_{table}_append_only BEFORE UPDATE OR DELETE ON ledger_{table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();\n"
    for table in APPEND_ONLY
) + "".join(
    f"CREATE TRIGGER ledger_{table}_no_truncate BEFORE TRUNCATE ON ledger_{table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();\n"
    for table in KEPT
)
ALWAYS = "".join(
    f"ALTER TABLE ledger_{table} ENABLE ALWAYS TRIGGER ledger_{table}_{name};\n"
    for table, names in TRIGGERS.items()
    for name in (*names, "no_truncate")
)
BACKWARD = "".join(
    f"DROP TRIGGER ledger_{table}_{name} ON ledger_{table};\n"
    for table, names in TRIGGERS.items()
    for name in (*names, "no_truncate")
) + "".join(f"DROP FUNCTION ledger_{name}();\n" for name in FUNCTIONS)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(VOUCHERS + QUOTAS + REFUSING + ALWAYS, BACKWARD)]
