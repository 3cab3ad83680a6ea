"""The amounts and periods that the rules of procurement name, as dated rows with their source."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import User
from zhen.packs.finance.models.common import signed, two_people


class Category(models.TextChoices):
    """What is procured (《政府采购法》第二条)."""

    GOODS = "goods", pgettext_lazy("category of procurement", "goods")
    SERVICES = "services", pgettext_lazy("category of procurement", "services")
    WORKS = "works", pgettext_lazy("category of procurement", "works")


class Figure(models.Model):
    """An amount or period of the rules: from a day on, at a level, until a later row of the same level takes its place.

    The nearest level that has a row holds: the town's before the city's before the central one. A row that nobody has
    confirmed holds as well, and every page that uses it says so.
    """

    class Code(models.TextChoices):
        LIMIT = "limit", _("procurement law applies from")
        OPEN = "open", _("open tender from")
        TENDER_DAYS = "tender_days", _("days from the tender documents to the bids")
        CONSULTATION_DAYS = "consultation_days", _("days from the consultation documents to the responses")
        NEGOTIATION_DAYS = "negotiation_days", _("working days from the negotiation or enquiry papers to the responses")
        SUPPLIERS = "suppliers", _("suppliers at least")
        COMMITTEE = "committee", _("members of the committee at least")
        SPLIT_DAYS = "split_days", _("days within which like needs are counted together")
        OBJECTION_DAYS = "objection_days", _("working days to object to the result")
        CONTRACT_DAYS = "contract_days", _("days from the award to the contract")
        CHANGE_PERCENT = "change_percent", _("most that may be added to a contract")
        RETENTION_PERCENT = "retention_percent", _("most retention money")

    class Unit(models.TextChoices):
        FEN = "fen", _("fen")
        DAYS = "days", pgettext_lazy("unit", "days")
        WORKING_DAYS = "working_days", pgettext_lazy("unit", "working days")
        COUNT = "count", pgettext_lazy("unit", "count")
        PERCENT = "percent", "%"

    class Level(models.TextChoices):
        TOWN = "town", pgettext_lazy("level of rules", "town")
        CITY = "city", pgettext_lazy("level of rules", "city")
        CENTRAL = "central", pgettext_lazy("level of rules", "central")

    code = models.CharField(pgettext_lazy("of rules", "figure"), max_length=20, choices=Code.choices)
    category = models.CharField(
        pgettext_lazy("in procurement", "category"), max_length=10, choices=Category.choices, blank=True
    )
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    amount = models.BigIntegerField(_("amount"))
    unit = models.CharField(_("unit"), max_length=12, choices=Unit.choices)
    valid_from = models.DateField(_("valid from"))
    source = models.CharField(_("source"), max_length=200)
    entered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    verified_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("confirmed by")
    )
    verified_on = models.DateField(_("confirmed on"), null=True, blank=True)

    entered_by_id: int | None
    verified_by_id: int | None
    access_rule: ClassVar = Rule(public=Q())
    privacy: ClassVar = signed(
        "entered_by",
        "verified_by",
        internal=("code", "category", "level", "amount", "unit", "valid_from", "source", "verified_on"),
    )

    class Meta:
        verbose_name = _("figure of the rules")
        verbose_name_plural = _("figures of the rules")
        ordering: ClassVar = ["code", "category", "level", "-valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "category", "level", "valid_from"], name="finance_figure_once"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="finance_figure_amount"),
            models.CheckConstraint(condition=~Q(source=""), name="finance_figure_source"),
            two_people("entered_by", "verified_by", "finance_figure_second_person"),
        ]

    def __str__(self) -> str:
        return str(self.get_code_display())
