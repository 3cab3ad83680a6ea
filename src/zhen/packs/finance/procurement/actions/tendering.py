"""Preparing and publishing a procurement, receiving sealed bids, and opening them by two keys at their time."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, Denied, action
from zhen.kernel.cases import api as cases
from zhen.kernel.files import api as files
from zhen.kernel.identity.api import Post, User
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance import duties
from zhen.packs.finance.procurement import rights, rules, sealing
from zhen.packs.finance.procurement.actions.common import (
    State,
    amount_of,
    day_of,
    figures,
    held,
    needed,
    say,
)
from zhen.packs.finance.procurement.actions.suppliers import invited_with, must_be_able
from zhen.packs.finance.procurement.models import Bid, Criterion, KeyHolder, Member, Procurement, Share

LARGEST_FILE = 4 * files.MEGABYTE
WITHOUT_COMMITTEE = (Procurement.Method.SINGLE, Procurement.Method.SMALL)
WHOLE = 100
"""What the weights of a comprehensive score come to."""


@action(rights.RUN)
def name_holder(actor: Actor, key: int, user: User) -> KeyHolder:
    """Name one of the two who open the bids."""
    procurement = held(actor, rights.RUN, key, State.APPROVED)
    duties.check(actor, "procurement.run", {"key.hold": user.pk})
    taken = {holder.number: holder.user_id for holder in procurement.holders.all()}
    if len(taken) >= 2 or user.pk in taken.values():
        raise Refused(
            field=_("holder of the key"),
            value=user,
            reason=_("there are two keys, held by two people"),
            remedy=_("Choose another, or leave it as it is"),
        )
    made = KeyHolder.objects.create(procurement=procurement, number=1 if 1 not in taken else 2, user=user)
    _share(procurement, user)
    say("key_held", actor, procurement, holder=str(user))
    return made


@action(rights.RUN)
def add_member(actor: Actor, key: int, user: User) -> Member:
    """Name a member of the evaluation committee. Who asked for the need, or runs it, is none."""
    procurement = held(actor, rights.RUN, key, State.APPROVED, State.TENDERING)
    if user.pk == procurement.asked_by_id or user.pk == actor.user_id:
        raise Refused(
            field=_("member"),
            value=user,
            reason=_("who asked for the need, or runs the procurement, does not evaluate the bids"),
            remedy=_("Choose another"),
        )
    if procurement.members.filter(user=user).exists():
        raise Refused(field=_("member"), value=user, reason=_("is a member already"), remedy=_("Choose another"))
    made = Member.objects.create(procurement=procurement, user=user)
    _share(procurement, user)
    say("member_named", actor, procurement, member=str(user))
    return made


def _share(procurement: Procurement, user: User) -> None:
    """Who holds a key or evaluates reads the procurement, also from another unit."""
    units = Post.objects.filter(user=user).values_list("unit_id", flat=True)
    procurement.shared_units = sorted({*procurement.shared_units, *units})
    procurement.save(update_fields=["shared_units"])


@action(rights.RUN)
def add_criterion(actor: Actor, key: int, *, name: str, weight: int, price: bool) -> Criterion:
    """Add a criterion. Once the procurement is published, nobody changes them."""
    procurement = held(actor, rights.RUN, key, State.APPROVED)
    have = list(procurement.criteria.all())
    if sum(one.weight for one in have) + weight > WHOLE or (price and any(one.price for one in have)):
        raise Refused(
            field=_("weight"),
            value=weight,
            reason=_("all weights come to 100, and one criterion is the price"),
            remedy=_("Give a smaller weight"),
        )
    made = Criterion.objects.create(
        procurement=procurement, name=needed(_("criterion"), name, _("Write it")), weight=weight, price=price
    )
    say("criterion_added", actor, procurement, criterion=made.name, weight=weight)
    return made


@action(rights.RUN)
def publish(actor: Actor, key: int, *, way: str, opens_at: datetime) -> Procurement:
    """Publish the notice with its documents. From now on bids come in, and the criteria are fixed."""
    procurement = held(actor, rights.RUN, key, State.APPROVED)
    duties.check(actor, "procurement.run", {"need.ask": procurement.asked_by_id})
    now = clock.now()
    known = figures()
    _prepared(procurement, way, known, now)
    earliest, row = rules.earliest_opening(procurement.method, day_of(now), known, cases.rulebook().calendar.workdays)
    if opens_at <= now or day_of(opens_at) < earliest:
        raise Refused(
            field=_("bids are opened at"),
            value=opens_at.astimezone(clock.TOWN_ZONE).strftime("%Y-%m-%d %H:%M"),
            reason=_("bidders have until %(day)s at least (%(source)s)")
            % {"day": earliest, "source": row.source if row else _("a moment ahead")},
            remedy=_("Give a later moment"),
        )
    procurement.state, procurement.way, procurement.run_by_id = State.TENDERING, way, actor.user_id
    procurement.published_at, procurement.opens_at = now, opens_at
    procurement.save(update_fields=["state", "way", "run_by", "published_at", "opens_at"])
    say("procurement_published", actor, procurement)
    return procurement


def _prepared(procurement: Procurement, way: str, known: list[rules.Row], now: datetime) -> None:
    """Everything that stands before a publication, or the first thing that is missing."""
    today = day_of(now)
    if procurement.method not in WITHOUT_COMMITTEE:
        if not procurement.papers.filter(public=True).exists():
            raise _missing(_("documents"), 0, _("bidders bid on documents"), _("Add the procurement document"))
        most = amount_of(known, "committee", today, 3)
        if procurement.members.count() < most:
            raise _missing(
                _("members of the committee"),
                procurement.members.count(),
                _("there must be %(most)s at least") % {"most": most},
                _("Name further members"),
            )
    weights = [(one.weight, one.price) for one in procurement.criteria.all()]
    if way == Procurement.Way.SCORED and (
        sum(weight for weight, _price in weights) != WHOLE or sum(price for _weight, price in weights) != 1
    ):
        raise _missing(
            _("criteria"),
            sum(weight for weight, _price in weights),
            _("all weights come to 100, and one criterion is the price"),
            _("Add what is missing"),
        )
    made = procurement.holders.filter(taken_at__isnull=False).count()
    if made != 2:
        raise _missing(_("keys"), made, _("two people open the bids together"), _("Name two holders; each makes a key"))
    fewest = 0 if procurement.method == Procurement.Method.OPEN else rules.fewest(procurement.method, known, today)
    if procurement.invitations.count() < fewest:
        raise _missing(
            _("suppliers"),
            procurement.invitations.count(),
            _("there must be %(most)s at least") % {"most": fewest},
            _("Invite further suppliers"),
        )


def _missing(field: object, value: object, reason: object, remedy: object) -> Refused:
    return Refused(field=str(field), value=value, reason=str(reason), remedy=str(remedy))


# Keys


@action(None, asks="to be named as a holder of the key")
def make_key(actor: Actor, key: int, *, phrase: str) -> KeyHolder:
    """Make the key that one is named for. The passphrase opens it; nobody else knows it, and nobody can restore it."""
    holder = _holder(actor, key, State.APPROVED)
    if holder.taken_at is not None:
        raise Outdated(
            field=_("key"), value=holder.number, reason=_("it is made already"), remedy=_("Turn it at the opening")
        )
    if len(phrase) < sealing.SHORTEST_PHRASE:
        raise Refused(
            field=_("passphrase"),
            value="…",
            reason=_("it has fewer than %(least)s characters") % {"least": sealing.SHORTEST_PHRASE},
            remedy=_("Choose a longer one, such as four words"),
        )
    pair = sealing.new_pair(phrase)
    holder.public_key, holder.private_key, holder.salt = pair.public, pair.private, pair.salt
    holder.taken_at = clock.now()
    holder.save(update_fields=["public_key", "private_key", "salt", "taken_at"])
    say("key_made", actor, holder.procurement)
    return holder


@action(None, asks="to hold a key")
def turn_key(actor: Actor, key: int, *, phrase: str) -> Procurement:
    """Turn a key at the opening. With the second one the bids are read; a bid that was changed stays closed."""
    holder = _holder(actor, key, State.TENDERING)
    procurement, now = holder.procurement, clock.now()
    assert procurement.opens_at is not None  # held by the database while bids come in
    if now < procurement.opens_at:
        raise Refused(
            field=_("key"),
            value=holder.number,
            reason=_("the opening is at %(time)s")
            % {"time": procurement.opens_at.astimezone(clock.TOWN_ZONE).strftime("%Y-%m-%d %H:%M")},
            remedy=_("Come back then"),
        )
    if holder.turned_at is not None:
        raise Outdated(
            field=_("key"), value=holder.number, reason=_("it is turned"), remedy=_("The other holder is next")
        )
    bids = list(procurement.bids.filter(in_force=True).select_related("supplier__organisation"))
    fewest = rules.fewest(procurement.method, figures(), day_of(procurement.published_at or now))
    if len(bids) < fewest:
        raise Refused(
            field=_("bids"),
            value=len(bids),
            reason=_("there must be %(most)s at least") % {"most": fewest},
            remedy=_("The procurement has failed: say so; its bids stay closed"),
        )
    _take_halves(holder, bids, phrase)
    holder.turned_at = now
    holder.save(update_fields=["turned_at"])
    say("key_turned", actor, procurement)
    if not procurement.holders.filter(turned_at__isnull=True).exists():
        _open(actor, procurement, bids, now)
    return procurement


def _take_halves(holder: KeyHolder, bids: Sequence[Bid], phrase: str) -> None:
    assert holder.public_key is not None
    assert holder.private_key is not None
    assert holder.salt is not None
    pair = sealing.KeyPair(public=bytes(holder.public_key), private=bytes(holder.private_key), salt=bytes(holder.salt))
    try:
        private = sealing.private_of(pair, phrase)
        for share in Share.objects.filter(holder=holder, bid__in=bids).select_related("bid"):
            share.opened = sealing.half(private, bytes(share.wrapped), bound(share.bid)).hex()
            share.save(update_fields=["opened"])
    except sealing.WrongKey as fault:
        raise Refused(
            field=_("passphrase"), value="…", reason=_("it does not open this key"), remedy=_("Type it again")
        ) from fault


def _open(actor: Actor, procurement: Procurement, bids: Sequence[Bid], now: datetime) -> None:
    shares: dict[object, list[bytes]] = {}
    for share in Share.objects.filter(bid__in=bids).order_by("holder__number"):
        assert share.opened is not None  # both keys are turned
        shares.setdefault(share.bid_id, []).append(bytes.fromhex(share.opened.clear()))
    for bid in bids:
        content = sealing.unseal(bytes(bid.sealed), shares[bid.pk], bound(bid))
        if content.digest != bid.digest:
            raise sealing.WrongKey(f"bid {bid.pk}: the digest is not the one that was published")
        bid.opened_at, bid.price, bid.days, bid.statement = now, content.price, content.days, content.statement
        if content.file:
            upload = SimpleUploadedFile(content.file_name or "bid.pdf", content.file)
            bid.file = files.store(actor, upload, kinds={files.Kind.PDF}, max_bytes=LARGEST_FILE)
        bid.save(update_fields=["opened_at", "price", "days", "statement", "file"])
    procurement.state, procurement.opened_at = State.OPENED, now
    procurement.save(update_fields=["state", "opened_at"])
    say("bids_opened", actor, procurement, bids=len(bids))


def _holder(actor: Actor, key: int, *states: str) -> KeyHolder:
    rows = KeyHolder.objects.select_for_update().select_related("procurement__unit")
    holder = rows.filter(procurement_id=key, user_id=actor.user_id or 0).first()
    if holder is None:
        raise Denied("finance.procurement.key", actor)
    if holder.procurement.state not in states:
        raise Outdated(
            field=_("procurement"),
            value=holder.procurement,
            reason=_("it is %(state)s") % {"state": holder.procurement.get_state_display()},
            remedy=_("Look at it as it stands"),
        )
    return holder


def bound(bid: Bid) -> bytes:
    """What a sealed bid belongs to."""
    return f"{bid.procurement_id} {bid.pk}".encode()


# Bids


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a bidder takes along. With the salt and his own papers he can make the digest again."""

    bid: Bid
    salt: str


@action(None, asks="the code of the invitation")
def send_bid(
    actor: Actor,
    *,
    number: str,
    credit_code: str,
    code: str,
    price: int,
    days: int,
    statement: str = "",
    file: tuple[str, bytes] = ("", b""),
) -> Receipt:
    """Take a bid and seal it at once. A second one of the same bidder takes the place of the first."""
    invitation = invited_with(number, credit_code, code)
    if invitation is None:
        raise Refused(
            field=_("code of the invitation"),
            value="…",
            reason=_("number, firm and code do not belong together"),
            remedy=_("Take them from the invitation"),
        )
    now = clock.now()
    procurement = Procurement.objects.select_for_update().get(pk=invitation.procurement_id)
    if procurement.state != State.TENDERING or procurement.opens_at is None or now >= procurement.opens_at:
        raise Outdated(
            field=_("procurement"),
            value=procurement,
            reason=_("the time for bids is over, or has not begun"),
            remedy=_("A bid that comes late is not taken"),
        )
    if price <= 0 or days <= 0 or len(file[1]) > LARGEST_FILE:
        raise Refused(
            field=_("price"), value=price, reason=_("it is not above zero"), remedy=_("Enter what you ask for")
        )
    must_be_able(invitation.supplier, day_of(now))
    content = sealing.Content(
        price=price,
        days=days,
        statement=statement.strip(),
        salt=secrets.token_hex(16),
        file_name=file[0],
        file=file[1],
    )
    holders = list(procurement.holders.order_by("number"))
    bid = Bid(procurement=procurement, supplier=invitation.supplier, digest=content.digest, received_at=now)
    publics = [bytes(holder.public_key or b"") for holder in holders]
    bid.sealed, halves = sealing.seal(content, publics, bound(bid))
    procurement.bids.filter(supplier=invitation.supplier, in_force=True).update(in_force=False)
    bid.save(force_insert=True)
    for holder, wrapped in zip(holders, halves, strict=True):
        Share(bid=bid, holder=holder, wrapped=wrapped).save(force_insert=True)
    journal.record(
        "finance.bid_received",
        by=actor,
        subject=procurement,
        unit=procurement.unit_id,
        data={
            "procurement": str(procurement),
            "title": procurement.title,
            "digest": bid.digest,
            "short": f"{bid.digest[:16]}…",
        },
    )
    return Receipt(bid=bid, salt=content.salt)


@action(rights.RUN)
def fail(actor: Actor, key: int, *, reason: str) -> Procurement:
    """End a procurement that cannot be awarded (《政府采购法》第三十六条). Closed bids stay closed."""
    procurement = held(actor, rights.RUN, key, State.APPROVED, State.TENDERING, State.OPENED, State.RANKED)
    procurement.reason = needed(_("reason"), reason, _("Say why"))
    procurement.state, procurement.failed_at = State.FAILED, clock.now()
    procurement.save(update_fields=["state", "reason", "failed_at"])
    say("procurement_failed", actor, procurement, reason=procurement.reason)
    return procurement
