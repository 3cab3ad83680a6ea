"""The kinds of papers of assets that vouchers stand for, with their addresses."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.ledger.api import Paper
from zhen.packs.finance.assets.models import Rent
from zhen.packs.finance.papers import at


def _lease_of(rent_id: str) -> str:
    lease = Rent.objects.filter(pk=rent_id).values_list("lease", flat=True).first()
    return f"/desk/finance/leases/{lease}/" if lease else ""


PAPERS = (
    Paper(id="finance.asset", name=_("asset"), address=at("assets")),
    Paper(id="finance.wearrun", name=_("depreciation of a month"), address=at("depreciation")),
    Paper(id="finance.disposal", name=_("disposal of an asset"), address=at("disposals")),
    Paper(id="finance.rent", name=_("rent of a month"), address=_lease_of),
)
