"""What happens to an asset, as papers: it moves, is disposed of, is let."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.lib.privacy import NotPersonal
from zhen.kernel.places.api import Place
from zhen.packs.finance.assets.models.cards import Asset, kept
from zhen.packs.finance.models.common import two_people


class Transfer(models.Model):
    """An asset goes to another unit, keeper or place. Who hands it over does not take it over."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("state of a transfer", "handed over")
        APPROVED = "approved", pgettext_lazy("state of a transfer", "taken over")
        REFUSED = "refused", pgettext_lazy("state of a transfer", "not taken over")

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="transfers", verbose_name=_("asset"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("to the unit"))
    keeper = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("new keeper")
    )
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place"))
    spot = models.CharField(_("floor, room"), max_length=100, blank=True)
    unit_before = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("from the unit"))
    keeper_before = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("keeper before")
    )
    spot_before = models.CharField(_("floor, room before"), max_length=100, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("handed over by"))
    asked_at = models.DateTimeField(_("handed over at"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("taken over by"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    asset_id: int
    unit_id: int
    keeper_id: int | None
    asked_by_id: int | None
    decided_by_id: int | None
    access_rule: ClassVar = Rule(unit="unit_id", owner="asked_by_id")
    privacy: ClassVar = kept(
        "keeper",
        "keeper_before",
        "asked_by",
        "decided_by",
        internal=(
            "asset", "unit", "place", "spot", "unit_before", "spot_before", "reason", "state", "asked_at", "decided_at"
        ),
    )  # fmt: skip

    class Meta:
        app_label = "finance"
        verbose_name = _("transfer of an asset")
        verbose_name_plural = _("transfers of assets")
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            two_people("asked_by", "decided_by", "finance_transfer_second_person"),
            models.UniqueConstraint(fields=["asset"], condition=Q(state="asked"), name="finance_transfer_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.asset} → {self.unit}"


class Disposal(models.Model):
    """An asset leaves the books: sold, scrapped or lost.

    Sold: asked for, approved, then recorded with what it brought. Scrapped or lost: asked for, recorded as pending,
    then approved. Three people: who asks does not approve, who approves does not record, and who keeps the asset
    (`keeper`) does not record it.
    """

    class Kind(models.TextChoices):
        SOLD = "sold", pgettext_lazy("disposal of an asset", "sold")
        SCRAPPED = "scrapped", pgettext_lazy("disposal of an asset", "scrapped")
        LOST = "lost", pgettext_lazy("disposal of an asset", "lost")

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        RECORDED = "recorded", pgettext_lazy("state of a disposal", "recorded, to be decided on")
        APPROVED = "approved", _("approved")
        DONE = "done", pgettext_lazy("state of a disposal", "done")
        REFUSED = "refused", _("refused")

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="disposals", verbose_name=_("asset"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    keeper = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("keeper"))
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("asked for by"))
    asked_at = models.DateTimeField(_("asked for at"))
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by"))
    on = models.DateField(_("off the books since"), null=True, blank=True)
    worn = models.BigIntegerField(_("written off until then"), default=0)
    proceeds = models.BigIntegerField(_("proceeds"), default=0)
    costs = models.BigIntegerField(_("costs of the sale"), default=0)
    remitted_on = models.DateField(_("paid to the treasury on"), null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=300, blank=True)

    asset_id: int
    keeper_id: int | None
    asked_by_id: int | None
    approved_by_id: int | None
    recorded_by_id: int | None
    access_rule: ClassVar = Rule(unit="asset__unit_id", owner="asked_by_id")
    privacy: ClassVar = kept(
        "keeper",
        "asked_by",
        "approved_by",
        "recorded_by",
        internal=(
            "asset", "kind", "reason", "state", "asked_at", "on", "worn", "proceeds", "costs", "remitted_on", "decision"
        ),
    )  # fmt: skip

    class Meta:
        app_label = "finance"
        verbose_name = _("disposal of an asset")
        verbose_name_plural = _("disposals of assets")
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            two_people("asked_by", "approved_by", "finance_disposal_second_person"),
            two_people("approved_by", "recorded_by", "finance_disposal_third_person"),
            two_people("asked_by", "recorded_by", "finance_disposal_recorder"),
            two_people("keeper", "recorded_by", "finance_disposal_keeper_records_not"),
            models.UniqueConstraint(
                fields=["asset"], condition=~Q(state="refused"), name="finance_disposal_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(costs__gte=0, proceeds__gte=F("costs")) & (Q(kind="sold") | Q(proceeds=0)),
                name="finance_disposal_proceeds",
            ),
        ]

    def __str__(self) -> str:
        return f"CZ-{self.asked_at:%Y}-{self.pk:06d}"

    @property
    def due(self) -> int:
        """What of a sale is the treasury's, in fen."""
        return self.proceeds - self.costs


class Lease(models.Model):
    """An asset is let: to whom, by which contract, for how long and for how much. Its rent is the treasury's."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="leases", verbose_name=_("asset"))
    tenant = models.CharField(_("tenant (an organisation)"), max_length=100)
    contract = models.CharField(_("number of the contract"), max_length=60)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    rent = models.BigIntegerField(_("rent of a month"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("asked for by"))
    asked_at = models.DateTimeField(_("asked for at"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))

    asset_id: int
    asked_by_id: int | None
    access_rule: ClassVar = Rule(unit="asset__unit_id", owner="asked_by_id")
    privacy: ClassVar = kept(
        "asked_by",
        "decided_by",
        internal=("asset", "tenant", "contract", "starts_on", "ends_on", "rent", "state", "asked_at"),
    )

    class Meta:
        app_label = "finance"
        verbose_name = _("lease of an asset")
        verbose_name_plural = _("leases of assets")
        ordering: ClassVar = ["-starts_on", "-pk"]
        constraints: ClassVar = [
            two_people("asked_by", "decided_by", "finance_lease_second_person"),
            models.CheckConstraint(condition=Q(rent__gt=0, ends_on__gt=F("starts_on")), name="finance_lease_terms"),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.tenant}"


class Rent(models.Model):
    """The rent of a month of a lease: due, received, paid to the treasury."""

    lease = models.ForeignKey(Lease, models.PROTECT, related_name="rents", verbose_name=_("lease of an asset"))
    due_on = models.DateField(pgettext_lazy("of a rent", "due on"))
    amount = models.BigIntegerField(_("amount"))
    received_on = models.DateField(_("received on"), null=True, blank=True)
    reference = models.CharField(_("bank reference"), max_length=60, blank=True)
    remitted_on = models.DateField(_("paid to the treasury on"), null=True, blank=True)

    lease_id: int
    access_rule: ClassVar = Rule(unit="lease__asset__unit_id")
    privacy: ClassVar = NotPersonal(because="The rent that an organisation owes")

    class Meta:
        app_label = "finance"
        verbose_name = _("rent of a month")
        verbose_name_plural = _("rents")
        ordering: ClassVar = ["due_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lease", "due_on"], name="finance_rent_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & (Q(remitted_on__isnull=True) | Q(received_on__isnull=False)),
                name="finance_rent_remitted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due_on:%Y-%m}"
