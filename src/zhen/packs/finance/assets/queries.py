"""Reading assets and their papers, restricted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.places.api import names_at
from zhen.kernel.rounds import api as rounds
from zhen.packs.finance.assets import rights
from zhen.packs.finance.assets.checking import SOURCE, STOCKTAKING
from zhen.packs.finance.assets.models import Asset, AssetClass, Disposal, Lease, Rent, Transfer, Wear, WearRun
from zhen.packs.finance.models import Payment
from zhen.packs.finance.queries import one

PEOPLE = ("asset_class", "unit", "books", "keeper", "made_by", "payment")


def assets(actor: Actor) -> QuerySet[Asset]:
    return restrict(actor, rights.VIEW, Asset.objects.select_related(*PEOPLE))


def asset_for(actor: Actor, key: str) -> Asset:
    """An asset with the name of its place, as `place_name`."""
    found = one(assets(actor), key)
    found.place_name = place_names([found]).get(found.place_id or 0, "")  # type: ignore[attr-defined]
    return found


def place_names(rows: Iterable[Asset]) -> Mapping[int, str]:
    return names_at({asset.place_id for asset in rows if asset.place_id}, clock.today())


def classes(_actor: Actor) -> QuerySet[AssetClass]:
    return AssetClass.objects.order_by("code", "-valid_from")


def runs(actor: Actor) -> QuerySet[WearRun]:
    return restrict(actor, rights.VIEW, WearRun.objects.select_related("book__unit", "voucher"))


def run_for(actor: Actor, key: str) -> WearRun:
    return one(runs(actor), key)


def lines_of(actor: Actor, run: WearRun) -> QuerySet[Wear]:
    rows = Wear.objects.filter(run=run).select_related("asset__asset_class", "asset__unit")
    return restrict(actor, rights.VIEW, rows).order_by("asset")


def wear_of(actor: Actor, asset: Asset) -> QuerySet[Wear]:
    rows = Wear.objects.filter(asset=asset).select_related("run__voucher")
    return restrict(actor, rights.VIEW, rows).order_by("-run__month")


def transfers(actor: Actor) -> QuerySet[Transfer]:
    people = ("asset", "unit", "unit_before", "keeper", "keeper_before", "asked_by", "decided_by")
    return restrict(actor, rights.VIEW, Transfer.objects.select_related(*people))


def transfer_for(actor: Actor, key: str) -> Transfer:
    return one(transfers(actor), key)


def disposals(actor: Actor) -> QuerySet[Disposal]:
    people = ("asset__unit", "asset__asset_class", "keeper", "asked_by", "approved_by", "recorded_by")
    return restrict(actor, rights.VIEW, Disposal.objects.select_related(*people))


def disposal_for(actor: Actor, key: str) -> Disposal:
    return one(disposals(actor), key)


def leases(actor: Actor) -> QuerySet[Lease]:
    """Each with what was received and what is still to come of it."""
    rows = Lease.objects.select_related("asset__unit", "asked_by", "decided_by")
    return restrict(actor, rights.VIEW, rows).annotate(due=Coalesce(Sum("rents__amount"), 0))


def lease_for(actor: Actor, key: str) -> Lease:
    return one(leases(actor), key)


def rents_of(actor: Actor, lease: Lease) -> QuerySet[Rent]:
    return restrict(actor, rights.VIEW, Rent.objects.filter(lease=lease).select_related("lease"))


def rents(actor: Actor) -> QuerySet[Rent]:
    return restrict(actor, rights.VIEW, Rent.objects.select_related("lease__asset"))


def rent_for(actor: Actor, key: str) -> Rent:
    return one(rents(actor), key)


def to_card(actor: Actor) -> QuerySet[Payment]:
    """Payments for assets that were made, with what of each has a card, as `carded`."""
    rows = Payment.objects.filter(kind="asset", state=Payment.State.PAID).select_related(
        "line__unit", "line__budget__book"
    )
    return restrict(actor, rights.RECORD, rows).annotate(carded=Coalesce(Sum("assets__value"), 0))


def payment_for(actor: Actor, key: str) -> Payment:
    return one(to_card(actor), key)


def vouchers_of(actor: Actor, paper: Disposal | WearRun | Asset) -> QuerySet[ledger.Voucher]:
    return ledger.vouchers_of(actor, (paper._meta.label_lower, paper.pk))


def visits_to(actor: Actor, asset: Asset) -> list[rounds.Visit]:
    """What stock-taking has seen of an asset, and what it is still to see, the newest first."""
    subject = rounds.subject_of(SOURCE, str(asset.pk))
    return list(rounds.visits_to(actor, subject)[:20]) if subject else []


def stocktakings(actor: Actor) -> QuerySet[rounds.Campaign]:
    """The campaigns that take stock, each with how many assets it looks at."""
    rows = rounds.campaigns(actor).filter(checklist=STOCKTAKING)
    return rows.annotate(count=Count("rounds__visits", filter=Q(rounds__visits__kind=rounds.Visit.Kind.ROUND)))


def stocktaking_for(actor: Actor, key: str) -> rounds.Campaign:
    return one(stocktakings(actor), key)


def seen_in(actor: Actor, campaign: rounds.Campaign) -> QuerySet[rounds.Visit]:
    """The visits of the newest round, in the order of the assets; what is looked at again has its case."""
    last = rounds.current_round(campaign)
    own = rounds.visits(actor).filter(round=last, kind=rounds.Visit.Kind.ROUND)
    return own.order_by("subject__name", "pk")
