"""What Django cannot say of procurement: it holds against everybody, raw SQL of the application's role included.

- A bid comes before the opening and while bids come in; what is sealed never changes, and nothing of it is readable
  before both keys were turned, which is not before the opening.
- Criteria are fixed when the procurement is published. A member who stepped back gives no points.
- Who asked for the need does not evaluate; who accepted the delivery does not pay for it.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION finance_bid_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held finance_procurement%ROWTYPE;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a bid stays' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'finance_bid_stays';
    END IF;
    SELECT * INTO held FROM finance_procurement WHERE id = NEW.procurement_id FOR SHARE;
    IF TG_OP = 'INSERT' THEN
        IF held.state <> 'tendering' OR NEW.received_at >= held.opens_at OR NEW.opened_at IS NOT NULL THEN
            RAISE EXCEPTION 'no bid is taken for this procurement at %', NEW.received_at
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'finance_bid_in_time';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.sealed <> OLD.sealed OR NEW.digest <> OLD.digest OR NEW.received_at <> OLD.received_at
       OR NEW.supplier_id <> OLD.supplier_id OR NEW.procurement_id <> OLD.procurement_id
       OR (OLD.opened_at IS NOT NULL AND (NEW.price, NEW.days, NEW.statement, NEW.opened_at)
           IS DISTINCT FROM (OLD.price, OLD.days, OLD.statement, OLD.opened_at)) THEN
        RAISE EXCEPTION 'a bid never changes' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'finance_bid_stays';
    END IF;
    IF NEW.in_force <> OLD.in_force AND held.state <> 'tendering' THEN
        RAISE EXCEPTION 'a bid is replaced before the opening only'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'finance_bid_in_time';
    END IF;
    IF OLD.opened_at IS NULL AND NEW.opened_at IS NOT NULL AND (
        NEW.opened_at < held.opens_at
        OR (SELECT count(*) FROM finance_keyholder
             WHERE procurement_id = held.id AND turned_at <= NEW.opened_at) < 2
    ) THEN
        RAISE EXCEPTION 'a bid is opened at its time, by two keys'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'finance_bid_two_keys';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER finance_bid_guard BEFORE INSERT OR UPDATE OR DELETE ON finance_bid
    FOR EACH ROW EXECUTE FUNCTION finance_bid_guard();

CREATE FUNCTION finance_key_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    opening timestamptz;
BEGIN
    SELECT opens_at INTO opening FROM finance_procurement WHERE id = NEW.procurement_id;
    IF NEW.turned_at IS NOT NULL AND (opening IS NULL OR NEW.turned_at < opening) THEN
        RAISE EXCEPTION 'a key is turned at the opening'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'finance_key_in_time';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.public_key IS NOT NULL AND NEW.public_key IS DISTINCT FROM OLD.public_key THEN
        RAISE EXCEPTION 'a key is made once'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'finance_key_made_once';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER finance_key_guard BEFORE INSERT OR UPDATE ON finance_keyholder
    FOR EACH ROW EXECUTE FUNCTION finance_key_guard();

CREATE FUNCTION finance_criterion_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT published_at FROM finance_procurement
         WHERE id = coalesce(NEW.procurement_id, OLD.procurement_id)) IS NOT NULL THEN
        RAISE EXCEPTION 'criteria are fixed when the procurement is published'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'finance_criterion_fixed';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
CREATE TRIGGER finance_criterion_guard BEFORE INSERT OR UPDATE OR DELETE ON finance_criterion
    FOR EACH ROW EXECUTE FUNCTION finance_criterion_guard();

CREATE FUNCTION finance_member_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM finance_procurement WHERE id = NEW.procurement_id AND asked_by_id = NEW.user_id) THEN
        RAISE EXCEPTION 'who asked for the need does not evaluate'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'finance_member_not_asker';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER finance_member_guard BEFORE INSERT OR UPDATE ON finance_member
    FOR EACH ROW EXECUTE FUNCTION finance_member_guard();

CREATE FUNCTION finance_score_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM finance_member member
          JOIN finance_bid bid ON bid.id = NEW.bid_id AND bid.procurement_id = member.procurement_id
          JOIN finance_criterion criterion
            ON criterion.id = NEW.criterion_id AND criterion.procurement_id = member.procurement_id
          JOIN finance_procurement held ON held.id = member.procurement_id
         WHERE member.id = NEW.member_id AND NOT member.recused AND member.declared_at IS NOT NULL
           AND held.state = 'opened' AND NOT criterion.price AND NEW.points <= criterion.weight
    ) THEN
        RAISE EXCEPTION 'this score is not for this member, at this time, within this weight'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'finance_score_due';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER finance_score_guard BEFORE INSERT OR UPDATE ON finance_score
    FOR EACH ROW EXECUTE FUNCTION finance_score_guard();

CREATE FUNCTION finance_payer_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.paid_by_id IS NOT NULL AND EXISTS (
        SELECT FROM finance_instalment part
          JOIN finance_acceptance acceptance ON acceptance.contract_id = part.contract_id
         WHERE part.payment_id = NEW.id AND acceptance.accepted_by_id = NEW.paid_by_id
    ) THEN
        RAISE EXCEPTION 'who accepted the delivery does not pay for it'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'finance_payer_not_acceptor';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER finance_payer_guard BEFORE UPDATE ON finance_payment
    FOR EACH ROW EXECUTE FUNCTION finance_payer_guard();
"""

BACK = """
DROP TRIGGER finance_payer_guard ON finance_payment;
DROP TRIGGER finance_score_guard ON finance_score;
DROP TRIGGER finance_member_guard ON finance_member;
DROP TRIGGER finance_criterion_guard ON finance_criterion;
DROP TRIGGER finance_key_guard ON finance_keyholder;
DROP TRIGGER finance_bid_guard ON finance_bid;
DROP FUNCTION finance_payer_guard, finance_score_guard, finance_member_guard, finance_criterion_guard,
    finance_key_guard, finance_bid_guard;
"""


class Migration(migrations.Migration):
    dependencies = [("finance", "0007_procurement")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
