"""Two functions for what every payment does: the server plans their statements once a connection, not once a payment.

They hold no rule: those stand in 0002, and hold against raw SQL as well.
"""

from django.db import migrations

LOOK = """
CREATE FUNCTION ledger_look(of_book bigint, of_chart text, codes text[], reservations bigint[])
    RETURNS TABLE (voucher bigint, accounts jsonb, held jsonb) LANGUAGE plpgsql AS $$
BEGIN
    SELECT jsonb_object_agg(taken.id, jsonb_build_array(taken.quota_id, taken.open)) INTO held FROM (
        SELECT reservation.id, reservation.quota_id, reservation.open
          FROM ledger_reservation reservation JOIN ledger_quota quota ON quota.id = reservation.quota_id
         WHERE reservation.id = ANY (reservations) AND quota.book_id = of_book ORDER BY reservation.id FOR UPDATE
    ) taken;
    SELECT jsonb_object_agg(account.code, jsonb_build_array(account.id, account.basis, account.mirror,
               account.closed_on IS NULL AND NOT EXISTS (
                   SELECT FROM ledger_account part WHERE part.parent_id = account.id)))
      INTO accounts FROM ledger_account account WHERE account.chart = of_chart AND account.code = ANY (codes);
    voucher := nextval(pg_get_serial_sequence('ledger_voucher', 'id'));
    RETURN NEXT;
END
$$;
"""

POST = """
CREATE FUNCTION ledger_post(
    voucher_id bigint, of_book bigint, of_month integer, on_day date, of_kind text, told text, of_event text,
    of_source_type text, of_source_id text, reversed bigint, by_request uuid, maker bigint, maker_name text,
    checker bigint, checker_name text, now timestamptz, accounts bigint[], dimensions bigint[], debits bigint[],
    credits bigint[], reservations bigint[], kinds text[], amounts bigint[], requests uuid[]
) RETURNS TABLE (period bigint, given integer) LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_voucher (id, period_id, number, date, kind, summary, event, source_type, source_id, reverses_id,
        request, made_by_id, made_by_name, checked_by_id, checked_by_name, posted_at, transaction)
    SELECT voucher_id, month.id, 0, on_day, of_kind, told, of_event, of_source_type, of_source_id, reversed,
        by_request, maker, maker_name, checker, checker_name, now, 0
      FROM ledger_period month WHERE month.book_id = of_book AND month.month = of_month
    RETURNING period_id, number INTO period, given;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    INSERT INTO ledger_line (voucher_id, position, account_id, dimensions_id, debit, credit)
    SELECT voucher_id, line.position, line.account, line.dimension, line.debit, line.credit
      FROM unnest(accounts, dimensions, debits, credits)
           WITH ORDINALITY AS line (account, dimension, debit, credit, position);
    IF cardinality(reservations) > 0 THEN
        INSERT INTO ledger_settlement (reservation_id, kind, amount, voucher_id, request, made_at)
        SELECT part.reservation, part.kind, part.amount, voucher_id, part.request, now
          FROM unnest(reservations, kinds, amounts, requests) AS part (reservation, kind, amount, request);
    END IF;
    RETURN NEXT;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_held_by_the_database")]
    operations = [
        migrations.RunSQL(
            LOOK + POST,
            "DROP FUNCTION ledger_look(bigint, text, text[], bigint[]);"
            " DROP FUNCTION ledger_post(bigint, bigint, integer, date, text, text, text, text, text, bigint, uuid,"
            " bigint, text, bigint, text, timestamptz, bigint[], bigint[], bigint[], bigint[], bigint[], text[],"
            " bigint[], uuid[]);",
        )
    ]
