"""A procurement from the need on, what it is for, its documents, and objections to it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Rule
from zhen.kernel.cases.api import Case
from zhen.kernel.files.api import File
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.lib.privacy import NotPersonal
from zhen.packs.finance.models.budget import BudgetLine
from zhen.packs.finance.models.common import signed, two_people
from zhen.packs.finance.procurement.models.figures import Category
from zhen.packs.finance.procurement.models.suppliers import FIRM


class Procurement(models.Model):
    """One procurement: the need, how it is procured and why, its bids, its award.

    Who asks does not approve; who runs it did not ask (《政府采购法》第六十一条). Amounts in fen.
    """

    class Method(models.TextChoices):
        OPEN = "open", pgettext_lazy("method", "open tender")
        INVITED = "invited", pgettext_lazy("method", "invited tender")
        NEGOTIATION = "negotiation", pgettext_lazy("method", "competitive negotiation")
        CONSULTATION = "consultation", pgettext_lazy("method", "competitive consultation")
        ENQUIRY = "enquiry", pgettext_lazy("method", "price enquiry")
        SINGLE = "single", pgettext_lazy("method", "single source")
        SMALL = "small", pgettext_lazy("method", "small purchase")

    class State(models.TextChoices):
        NEED = "need", pgettext_lazy("state of a procurement", "need, to be approved")
        APPROVED = "approved", pgettext_lazy("state of a procurement", "approved, in preparation")
        TENDERING = "tendering", pgettext_lazy("state of a procurement", "bids are coming in")
        OPENED = "opened", pgettext_lazy("state of a procurement", "bids opened, in evaluation")
        RANKED = "ranked", pgettext_lazy("state of a procurement", "evaluated")
        AWARDED = "awarded", pgettext_lazy("state of a procurement", "awarded")
        CONTRACTED = "contracted", pgettext_lazy("state of a procurement", "under contract")
        ACCEPTED = "accepted", pgettext_lazy("state of a procurement", "delivered and accepted")
        REFUSED = "refused", pgettext_lazy("state of a procurement", "refused")
        FAILED = "failed", pgettext_lazy("state of a procurement", "failed")

    class Way(models.TextChoices):
        LOWEST = "lowest", _("lowest evaluated price")
        SCORED = "scored", _("comprehensive score")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("department"))
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="procurements", verbose_name=_("budget line"))
    title = models.CharField(_("title"), max_length=100)
    catalogue = models.CharField(_("catalogue item"), max_length=20)
    category = models.CharField(pgettext_lazy("in procurement", "category"), max_length=10, choices=Category.choices)
    amount = models.BigIntegerField(_("estimated amount"))
    purpose = models.CharField(_("what it is needed for"), max_length=500)
    method = models.CharField(_("method"), max_length=12, choices=Method.choices)
    method_reason = models.CharField(_("reason for another method"), max_length=500, blank=True)
    method_why = models.CharField(_("rule of the method"), max_length=300)
    split_others = ArrayField(models.BigIntegerField(), default=list, blank=True)
    split_total = models.BigIntegerField(_("like needs together"), default=0)
    split_reason = models.CharField(_("reason for needs apart"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NEED)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("asked for by"))
    asked_at = models.DateTimeField(_("asked for at"))
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by"))
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    run_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("procured by"))
    way = models.CharField(_("way of evaluation"), max_length=10, choices=Way.choices, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    opens_at = models.DateTimeField(_("bids are opened at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("bids opened at"), null=True, blank=True)
    winner = models.OneToOneField(
        "finance.Bid", models.PROTECT, null=True, blank=True, related_name="won", verbose_name=_("winning bid")
    )
    award_amount = models.BigIntegerField(_("award"), null=True, blank=True)
    award_reason = models.CharField(_("reason of the award"), max_length=500, blank=True)
    awarded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("awarded by"))
    awarded_at = models.DateTimeField(_("awarded at"), null=True, blank=True)
    failed_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    shared_units = ArrayField(models.BigIntegerField(), default=list, blank=True)

    unit_id: int
    line_id: int
    asked_by_id: int | None
    approved_by_id: int | None
    run_by_id: int | None
    winner_id: int | None
    access_rule: ClassVar = Rule(unit="unit_id", shared_units="shared_units", owner="asked_by_id")
    privacy: ClassVar = signed(
        "asked_by",
        "approved_by",
        "run_by",
        "awarded_by",
        internal=(
            "unit",
            "line",
            "title",
            "catalogue",
            "category",
            "amount",
            "purpose",
            "method",
            "method_reason",
            "method_why",
            "split_others",
            "split_total",
            "split_reason",
            "state",
            "reason",
            "asked_at",
            "approved_at",
            "way",
            "published_at",
            "opens_at",
            "opened_at",
            "winner",
            "award_amount",
            "award_reason",
            "awarded_at",
            "failed_at",
            "shared_units",
        ),
    )

    class Meta:
        verbose_name = _("procurement")
        verbose_name_plural = _("procurements")
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            two_people("asked_by", "approved_by", "finance_procurement_second_person"),
            two_people("asked_by", "run_by", "finance_procurement_runner"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="finance_procurement_amount"),
            models.CheckConstraint(
                condition=Q(split_total=0) | ~Q(split_reason=""), name="finance_procurement_split_explained"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, opens_at__isnull=True) | Q(opens_at__gt=F("published_at")),
                name="finance_procurement_times",
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(opened_at__gte=F("opens_at")),
                name="finance_procurement_opened",
            ),
            models.CheckConstraint(
                condition=Q(state="failed", failed_at__isnull=False) | (~Q(state="failed") & Q(failed_at=None)),
                name="finance_procurement_failed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("awarded", "contracted", "accepted"))
                | Q(winner__isnull=False, award_amount__gt=0, awarded_at__isnull=False),
                name="finance_procurement_award",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "catalogue", "asked_at"], name="finance_procurement_like"),
            models.Index(fields=["state", "published_at"], name="finance_procurement_state"),
        ]

    def __str__(self) -> str:
        return f"CG-{self.asked_at:%Y}-{self.pk:06d}"


class Item(models.Model):
    """One thing that is needed: what, how much of it, and what it must be able to do."""

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="items", verbose_name=_("procurement"))
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=100)
    quantity = models.PositiveIntegerField(_("quantity"))
    measure = models.CharField(_("unit of quantity"), max_length=20)

    access_rule: ClassVar = Rule(unit="procurement__unit_id", shared_units="procurement__shared_units")
    privacy: ClassVar = NotPersonal(because=FIRM)

    class Meta:
        verbose_name = pgettext_lazy("in procurement", "item")
        verbose_name_plural = pgettext_lazy("in procurement", "items")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(quantity__gte=1), name="finance_item_quantity")]

    def __str__(self) -> str:
        return self.name


class Paper(models.Model):
    """A document of a procurement. `public`: everybody may read it, once the procurement is published."""

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="papers", verbose_name=_("procurement"))
    file = models.ForeignKey(File, models.PROTECT, related_name="+", verbose_name=_("file"))
    title = models.CharField(_("title"), max_length=100)
    public = models.BooleanField(_("everybody may read it"), default=False)
    added_at = models.DateTimeField(_("added at"))

    access_rule: ClassVar = Rule(unit="procurement__unit_id", shared_units="procurement__shared_units")
    privacy: ClassVar = NotPersonal(because=FIRM)

    class Meta:
        verbose_name = _("procurement document")
        verbose_name_plural = _("procurement documents")
        ordering: ClassVar = ["added_at", "pk"]

    def __str__(self) -> str:
        return self.title


class Objection(models.Model):
    """A supplier's objection (质疑): a case with its own clocks, and the procurement that waits for it."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="procurement_objection", verbose_name=_("case"))
    procurement = models.ForeignKey(
        Procurement, models.PROTECT, related_name="objections", verbose_name=_("procurement")
    )
    supplier = models.ForeignKey(
        "finance.Supplier", models.PROTECT, related_name="objections", verbose_name=_("supplier")
    )

    access_rule: ClassVar = Rule(unit="procurement__unit_id", shared_units="procurement__shared_units")
    privacy: ClassVar = NotPersonal(because=FIRM)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.case.number
