"""Rules of internal control as dated rows, the signatures they ask for, resolutions, findings and samples."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.cases.api import Case
from zhen.kernel.files.api import File
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.ledger.api import Book
from zhen.kernel.lib.privacy import Basis, Forever, NotPersonal, Privacy
from zhen.packs.finance.models.common import LAW, signed, two_people


class Days(Func):
    """PostgreSQL's daterange(from, to), the end exclusive."""

    function = "daterange"
    output_field: ClassVar = DateRangeField()


class Dated(models.Model):
    """A rule from a day to a day (exclusive). A draft holds for nothing until a second person approves it."""

    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    draft = models.BooleanField(_("draft"), default=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("proposed by"))
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by"))

    proposed_by_id: int | None
    approved_by_id: int | None

    class Meta:
        abstract = True


_DATED = ("valid_from", "valid_to", "source", "draft")


class PaperKind(models.TextChoices):
    """The papers that are signed in steps."""

    PAYMENT = "payment", _("payment")
    CHANGE = "change", _("adjustment of the budget")
    PLAN = "plan", _("funding plan")


class ApprovalRow(Dated):
    """A row of the approval matrix: who signs papers of a kind from an amount on, in which order.

    `steps` are roles, one for each signature. `resolution`: a collective decision has to cover the paper (三重一大).
    """

    kind = models.CharField(_("kind of paper"), max_length=20, choices=PaperKind.choices)
    amount_from = models.BigIntegerField(_("from the amount"))
    steps = ArrayField(models.CharField(max_length=60), verbose_name=_("who signs, in this order"))
    resolution = models.BooleanField(_("a resolution is needed"), default=False)

    access_rule: ClassVar = Rule()
    privacy: ClassVar = signed(
        "proposed_by", "approved_by", internal=(*_DATED, "kind", "amount_from", "steps", "resolution")
    )

    class Meta:
        verbose_name = _("row of the approval matrix")
        verbose_name_plural = _("approval matrix")
        ordering: ClassVar = ["kind", "amount_from", "-valid_from"]
        constraints: ClassVar = [
            two_people("proposed_by", "approved_by", "finance_matrix_second_person"),
            models.CheckConstraint(condition=Q(amount_from__gte=0), name="finance_matrix_amount"),
            models.CheckConstraint(condition=Q(steps__len__gte=1, steps__len__lte=6), name="finance_matrix_steps"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="finance_matrix_days"
            ),
            ExclusionConstraint(
                name="finance_matrix_once",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    ("amount_from", RangeOperators.EQUAL),
                    (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(draft=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ≥ {self.amount_from / 100:,.2f}"


class Step(models.Model):
    """A signature that a paper needs, laid down when it was asked for; `signed_at` says that it is given.

    The paper's number, words and amount stand here so that a list of what waits asks no other table.
    """

    kind = models.CharField(_("kind of paper"), max_length=20, choices=PaperKind.choices)
    paper = models.BigIntegerField()
    position = models.PositiveSmallIntegerField(_("step"))
    role = models.CharField(_("who signs"), max_length=60)
    row = models.ForeignKey(ApprovalRow, models.PROTECT, related_name="+", verbose_name=_("rule"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("department"))
    number = models.CharField(_("number"), max_length=60)
    title = models.CharField(_("what for"), max_length=200)
    amount = models.BigIntegerField(_("amount"))
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("asked for by"))
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("signed by"))
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)

    row_id: int
    unit_id: int
    signed_by_id: int | None
    access_rule: ClassVar = Rule(unit="unit_id", owner="asked_by_id")
    privacy: ClassVar = signed(
        "asked_by",
        "signed_by",
        internal=("kind", "paper", "position", "role", "row", "unit", "number", "title", "amount", "signed_at"),
    )

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering: ClassVar = ["kind", "paper", "position"]
        constraints: ClassVar = [
            two_people("asked_by", "signed_by", "finance_step_second_person"),
            models.UniqueConstraint(fields=["kind", "paper", "position"], name="finance_step_once"),
            models.UniqueConstraint(
                fields=["kind", "paper", "signed_by"],
                condition=Q(signed_by__isnull=False),
                name="finance_step_one_person",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["role", "kind", "paper"], condition=Q(signed_at=None), name="finance_step_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.position}"


class Resolution(models.Model):
    """What a meeting decided together (三重一大): it covers papers up to its amount, once it is reviewed legally.

    `used` is the sum of its `covers`; the database keeps it at or below `amount`, under any concurrency.
    """

    number = models.CharField(_("number of the resolution"), max_length=60, unique=True)
    meeting = models.CharField(_("meeting"), max_length=100)
    held_on = models.DateField(_("held on the day"))
    members = models.CharField(_("members present"), max_length=500)
    present = models.PositiveSmallIntegerField(_("number present"))
    votes_for = models.PositiveSmallIntegerField(_("votes for"))
    votes_against = models.PositiveSmallIntegerField(_("votes against"), default=0)
    abstentions = models.PositiveSmallIntegerField(_("abstentions"), default=0)
    text = models.TextField(_("text of the resolution"), max_length=5000)
    amount = models.BigIntegerField(_("covers up to"))
    used = models.BigIntegerField(_("used of it"), default=0, editable=False)
    file = models.ForeignKey(
        File, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signed minutes")
    )
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("entered by"))
    opinion = models.TextField(_("opinion of the legal adviser"), max_length=2000, blank=True)
    lawful = models.BooleanField(_("no objection"), null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("reviewed by"))
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)

    entered_by_id: int | None
    access_rule: ClassVar = Rule()
    privacy: ClassVar = Privacy(
        purpose=_("Showing who decided together, and who entered and reviewed it"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=Forever(source=_("Archives Law, article 13: records of the work of state organs")),
        accounts=("entered_by_id", "reviewed_by_id"),
        listed=False,
        internal=(
            "number", "meeting", "held_on", "present", "votes_for", "votes_against", "abstentions", "text", "amount",
            "used", "file", "opinion", "lawful", "reviewed_at",
        ),
        personal=("members", "entered_by", "reviewed_by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering: ClassVar = ["-held_on", "-pk"]
        constraints: ClassVar = [
            two_people("entered_by", "reviewed_by", "finance_resolution_second_person"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, used__gte=0, used__lte=F("amount")), name="finance_resolution_left"
            ),
            models.CheckConstraint(
                condition=Q(present__lt=F("votes_for") * 2)
                & Q(present__gte=F("votes_for") + F("votes_against") + F("abstentions")),
                name="finance_resolution_votes",
            ),
            models.CheckConstraint(
                condition=Q(lawful__isnull=True) | (~Q(opinion="") & Q(reviewed_at__isnull=False)),
                name="finance_resolution_opinion",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def left(self) -> int:
        return self.amount - self.used


class Cover(models.Model):
    """So much of a resolution, used for a paper; given back when the paper is refused or withdrawn."""

    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="covers", verbose_name=_("resolution"))
    kind = models.CharField(_("kind of paper"), max_length=20, choices=PaperKind.choices)
    paper = models.BigIntegerField()
    number = models.CharField(_("number"), max_length=60)
    title = models.CharField(_("what for"), max_length=200)
    amount = models.BigIntegerField(_("amount"))
    named_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("named by"))
    named_at = models.DateTimeField(_("named at"))

    access_rule: ClassVar = Rule()
    privacy: ClassVar = signed(
        "named_by", internal=("resolution", "kind", "paper", "number", "title", "amount", "named_at")
    )

    class Meta:
        verbose_name = _("use of a resolution")
        verbose_name_plural = _("uses of resolutions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "paper"], name="finance_cover_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="finance_cover_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.resolution_id} {self.number}"


class RiskSetting(Dated):
    """The numbers of a risk rule from a day on; without a row that holds, the rule does not run."""

    rule = models.CharField(_("risk rule"), max_length=40)
    values = models.JSONField(_("numbers"), default=dict)

    access_rule: ClassVar = Rule()
    privacy: ClassVar = signed("proposed_by", "approved_by", internal=(*_DATED, "rule", "values"))

    class Meta:
        verbose_name = _("numbers of a risk rule")
        verbose_name_plural = _("numbers of risk rules")
        ordering: ClassVar = ["rule", "-valid_from"]
        constraints: ClassVar = [
            two_people("proposed_by", "approved_by", "finance_setting_second_person"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="finance_setting_days"
            ),
            ExclusionConstraint(
                name="finance_setting_once",
                expressions=[
                    ("rule", RangeOperators.EQUAL),
                    (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(draft=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.valid_from}"


class Finding(models.Model):
    """What a risk rule has found about a payment; its case says what came of it. It is never about a person."""

    class Cause(models.TextChoices):
        JUSTIFIED = "justified", _("justified")
        ERROR = "error", _("error, put right")
        VIOLATION = "violation", _("violation")

    rule = models.CharField(_("risk rule"), max_length=40)
    payment = models.ForeignKey("finance.Payment", models.PROTECT, related_name="findings", verbose_name=_("payment"))
    case = models.OneToOneField(Case, models.PROTECT, related_name="+", verbose_name=_("case"))
    found_at = models.DateTimeField(_("found at"))
    active = models.BooleanField(_("open findings"), default=True)
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices, blank=True)

    case_id: int
    payment_id: int
    access_rule: ClassVar = Rule(unit="case__unit_id")
    privacy: ClassVar = NotPersonal(because="It names a rule and a payment")

    class Meta:
        verbose_name = _("finding of internal control")
        verbose_name_plural = _("findings of internal control")
        ordering: ClassVar = ["-found_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule", "payment"], condition=Q(active=True), name="finance_finding_active_once"
            ),
            models.CheckConstraint(
                condition=Q(active=True, cause="") | (Q(active=False) & ~Q(cause="")), name="finance_finding_cause"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.payment_id}"


class Sample(models.Model):
    """A sample of the payments of some days. The list is frozen, with its digest, before the seed is known.

    `population` holds pairs of payment id and amount in fen; `drawn` the ids, in the order of the draw.
    """

    class Method(models.TextChoices):
        MONETARY = "monetary", _("monetary units")
        RANDOM = "random", _("each with the same chance")

    book = models.ForeignKey(Book, models.PROTECT, related_name="+", verbose_name=_("books"))
    method = models.CharField(_("way of drawing"), max_length=10, choices=Method.choices)
    first = models.DateField(_("paid from"))
    last = models.DateField(_("paid until"))
    size = models.PositiveIntegerField(_("how many to draw"))
    purpose = models.CharField(_("purpose"), max_length=200)
    population = models.JSONField(default=list)
    count = models.PositiveIntegerField(_("payments in the list"))
    total = models.BigIntegerField(_("sum of the list"))
    digest = models.CharField(_("digest of the list"), max_length=64)
    seed = models.CharField(_("seed"), max_length=200, blank=True)
    seed_from = models.CharField(_("where the seed is from"), max_length=200, blank=True)
    drawn = models.JSONField(default=list)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))
    drawn_at = models.DateTimeField(_("drawn at"), null=True, blank=True)

    access_rule: ClassVar = Rule(unit="book__unit_id")
    privacy: ClassVar = signed(
        "made_by",
        internal=(
            "book", "method", "first", "last", "size", "purpose", "population", "count", "total", "digest", "seed",
            "seed_from", "drawn", "made_at", "drawn_at",
        ),
    )  # fmt: skip

    class Meta:
        verbose_name = _("audit sample")
        verbose_name_plural = _("audit samples")
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last__gte=F("first"), size__gte=1), name="finance_sample_days"),
            models.CheckConstraint(condition=Q(drawn_at__isnull=True) | ~Q(seed=""), name="finance_sample_seed"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.first}–{self.last}"
