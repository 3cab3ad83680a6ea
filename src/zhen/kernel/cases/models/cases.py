"""Cases, their clocks, and what is said about them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.cases.models.rulebook import Category, TimeLimit
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.lib import masks
from zhen.kernel.lib.fields import EncryptedField, LookupField
from zhen.kernel.lib.ids import new_id
from zhen.kernel.lib.privacy import After, Basis, Privacy, With
from zhen.kernel.places.api import Place

STAFF_LAW = _("Work of the town's staff: 公务员法, and the town's duty to answer for what was done")
SCHEDULE = _("the town's retention schedule (PIPL, article 19: as short as the purpose allows)")


class Case(models.Model):
    """Something to resolve before a deadline.

    `type` names a declared CaseType, `state` one of its states. `area` is the smallest area it lies in, on the day it
    was received; it limits who may read. `unit` handles it, `shared_units` handle it too, `person` is whom it is
    assigned to. `due_at` is the earliest end of its running clocks and is empty while none runs. `revision` rises with
    every change: whoever writes on an older one is told so and loses nothing. `open` is false from the end on.
    `handled_by` did the work: who signs it off must be somebody else where the type says so.
    `given` is what the reporter said, in the form's version `form_version`.
    """

    number = models.CharField(_("case number"), max_length=40, unique=True)
    type = models.CharField(_("type"), max_length=60)
    state = models.CharField(_("state"), max_length=40)
    open = models.BooleanField(_("open"), default=True)
    revision = models.PositiveIntegerField(default=1)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("description"), blank=True, max_length=5000)
    given = models.JSONField(_("particulars"), default=dict, blank=True)
    form_version = models.PositiveSmallIntegerField(default=1)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("class")
    )
    area = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place"))
    address = models.CharField(_("address"), max_length=200, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    h3_11 = models.BigIntegerField(null=True, editable=False)
    h3_9 = models.BigIntegerField(null=True, editable=False)
    source = models.CharField(_("came by"), max_length=40, default="staff")
    source_ref = models.CharField(_("number at the source"), max_length=100, blank=True)
    urgent = models.BooleanField(_("urgent"), default=False)
    visible = models.BooleanField(_("shown to the public"), default=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"))
    shared_units = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("co-handling units"))
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person in charge")
    )
    handled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handled by")
    )
    outcome = models.CharField(_("outcome"), max_length=40, blank=True)
    result = models.TextField(_("result"), blank=True, max_length=5000)
    rating = models.PositiveSmallIntegerField(_("rating"), null=True, blank=True)
    rating_reason = models.CharField(_("reason of the rating"), max_length=200, blank=True)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    returned = models.PositiveSmallIntegerField(_("times returned"), default=0)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    followers = models.PositiveIntegerField(_("followers"), default=0)
    received_at = models.DateTimeField(_("received at"))
    registered_at = models.DateTimeField(_("registered at"), null=True, blank=True)
    contacted_at = models.DateTimeField(_("first contact at"), null=True, blank=True)
    dispatched_at = models.DateTimeField(_("dispatched at"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    due_provisional = models.BooleanField(_("the date is provisional"), default=False)
    overdue_at = models.DateTimeField(_("overdue since"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed at"))

    category_id: int | None
    area_id: int | None
    place_id: int | None
    unit_id: int | None
    person_id: int | None
    handled_by_id: int | None
    parent_id: int | None
    access_rule: ClassVar = Rule(area="area_id", unit="unit_id", shared_units="shared_units", owner="person_id")
    privacy: ClassVar = Privacy(
        purpose=_("Resolving what was reported, and answering for it"),
        basis=Basis.STATUTORY_DUTY,
        law=_("the town's duties in urban management: 《上海市街道办事处条例》 and the regulations of each field"),
        retention=After(
            field="closed_at",
            years=10,
            event=_("the case was closed"),
            source=SCHEDULE,
            anonymise={"person": None, "handled_by": None},
        ),
        accounts=("person_id", "handled_by_id"),
        public=(
            "number", "type", "state", "open", "category", "area", "place", "h3_9", "outcome", "received_at",
            "closed_at", "urgent", "visible", "followers",
        ),
        internal=(
            "revision", "title", "text", "given", "form_version", "address", "lon", "lat", "h3_11", "source",
            "source_ref", "unit", "shared_units", "result", "rating", "rating_reason", "reopened", "returned",
            "parent", "registered_at", "contacted_at", "dispatched_at", "accepted_at", "handled_at", "verified_at",
            "due_at", "due_provisional", "overdue_at", "changed_at",
        ),
        personal=("person", "handled_by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(open=True, closed_at__isnull=True) | Q(open=False, closed_at__isnull=False),
                name="cases_case_closed",
            ),
            models.CheckConstraint(condition=Q(open=True) | Q(due_at__isnull=True), name="cases_case_due_open"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True, h3_11__isnull=True, h3_9__isnull=True)
                | Q(lon__isnull=False, lat__isnull=False, h3_11__isnull=False, h3_9__isnull=False),
                name="cases_case_point",
            ),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="cases_case_parent"),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5), name="cases_case_rating"
            ),
            models.UniqueConstraint(
                fields=["source", "source_ref"], condition=~Q(source_ref=""), name="cases_case_source"
            ),
        ]
        indexes: ClassVar = [
            models.Index(F("received_at").desc(), F("id").desc(), name="cases_case_newest"),
            models.Index("type", F("received_at").desc(), F("id").desc(), name="cases_case_type"),
            models.Index("unit", F("received_at").desc(), F("id").desc(), name="cases_case_unit"),
            models.Index("category", F("received_at").desc(), name="cases_case_category"),
            models.Index("area", F("received_at").desc(), name="cases_case_area"),
            models.Index("h3_9", F("received_at").desc(), name="cases_case_h3"),
            models.Index("h3_9", F("received_at").desc(), condition=Q(open=True), name="cases_open_h3"),
            models.Index(fields=["closed_at"], condition=Q(open=False), name="cases_case_closed_at"),
            models.Index(fields=["due_at", "id"], condition=Q(open=True), name="cases_open_due"),
            models.Index(fields=["unit", "due_at", "id"], condition=Q(open=True), name="cases_open_unit"),
            models.Index(fields=["person", "due_at", "id"], condition=Q(open=True), name="cases_open_person"),
            models.Index(fields=["type", "state", "due_at", "id"], condition=Q(open=True), name="cases_open_state"),
            GinIndex(fields=["shared_units"], condition=~Q(shared_units=[]), name="cases_shared"),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="cases_parts"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Serial(models.Model):
    """The last number of a type and year. It is raised in the transaction of the case: no number is skipped."""

    type = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    access_rule: ClassVar = Rule()

    class Meta:
        verbose_name = _("serial number")
        verbose_name_plural = _("serial numbers")
        constraints: ClassVar = [models.UniqueConstraint(fields=["type", "year"], name="cases_serial_once")]

    def __str__(self) -> str:
        return f"{self.type} {self.year}: {self.last}"


class Reporter(models.Model):
    """Who reported a case, apart from the case: nobody reads it without the right and a purpose.

    Anonymous reporters have a row too: its `secret_hash` lets them follow their case. `user` is staff or a resident
    with an account.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.OneToOneField(Case, models.CASCADE, related_name="reporter")
    anonymous = models.BooleanField(_("anonymous"), default=False)
    name = EncryptedField(_("name"), mask=masks.hide, null=True, blank=True)
    phone = EncryptedField(_("phone"), mask=masks.hide, null=True, blank=True)
    phone_hash = LookupField(source="phone", null=True)
    email = EncryptedField(_("e-mail"), mask=masks.hide, null=True, blank=True)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    wants_answer = models.BooleanField(_("wants an answer"), default=True)
    secret_hash = models.BinaryField(max_length=64)
    forget_from = models.DateField(_("case closed on"), null=True, blank=True)

    case_id: int
    user_id: int | None
    access_rule: ClassVar = Rule(
        area="case__area_id", unit="case__unit_id", shared_units="case__shared_units", owner="user_id"
    )
    privacy: ClassVar = Privacy(
        purpose=_("Asking back about a report, and answering it"),
        basis=Basis.STATUTORY_DUTY,
        law=_("the town's duty to answer reports; who reports chooses to be named"),
        retention=After(field="forget_from", years=2, event=_("the case was closed"), source=SCHEDULE),
        accounts=("user_id",),
        internal=("case", "anonymous", "language", "wants_answer", "secret_hash", "forget_from"),
        personal=("name", "phone", "phone_hash", "email", "user"),
    )

    class Meta:
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")
        indexes: ClassVar = [
            models.Index(fields=["phone_hash"], name="cases_reporter_phone"),
            models.Index(fields=["secret_hash"], name="cases_reporter_secret"),
        ]

    def __str__(self) -> str:
        return str(self.case_id)


class Clock(models.Model):
    """One deadline of one case: `lib.deadlines` reckons with it.

    `due_at` is empty while it is paused or stopped for good without having been due. `stopped_at` ends it;
    `breached_at` is the true moment at which it ran out, whenever that was noticed. `steps` counts the warnings that
    went out, `next_step_at` is when the next is due (the sweep looks for it). `pauses` holds pairs of ISO times.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks")
    deadline = models.CharField(_("deadline"), max_length=40)
    amount = models.PositiveIntegerField(_("amount"))
    unit = models.CharField(_("unit of time"), max_length=20, choices=TimeLimit.Unit.choices)
    moves = models.BooleanField(_("a last day off moves to the next worked day"), default=False)
    started_at = models.DateTimeField(_("started at"))
    extension = models.PositiveIntegerField(_("extended by"), default=0)
    extension_reason = models.CharField(_("reason of the extension"), max_length=300, blank=True)
    pauses = models.JSONField(_("pauses"), default=list, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    provisional = models.BooleanField(_("provisional"), default=False)
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    breached_at = models.DateTimeField(_("breached at"), null=True, blank=True)
    steps = models.PositiveSmallIntegerField(default=0)
    next_step_at = models.DateTimeField(null=True, blank=True)

    case_id: int
    access_rule: ClassVar = Rule(area="case__area_id", unit="case__unit_id", shared_units="case__shared_units")

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "deadline"], condition=Q(stopped_at__isnull=True), name="cases_clock_running_once"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(next_step_at__isnull=True), name="cases_clock_stopped"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "deadline"], name="cases_clock_case"),
            models.Index(
                fields=["next_step_at"], condition=Q(next_step_at__isnull=False), name="cases_clock_next_step"
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(provisional=True, stopped_at__isnull=True),
                name="cases_clock_provisional",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.deadline}"

    @property
    def running(self) -> bool:
        return self.stopped_at is None

    @property
    def paused(self) -> bool:
        return self.running and bool(self.pauses) and self.pauses[-1][1] is None


class Extension(models.Model):
    """A request for more time on a clock: its date moves only when somebody else has approved it."""

    class Answer(models.TextChoices):
        OPEN = "open", _("waiting for a decision")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    case = models.ForeignKey(Case, models.CASCADE, related_name="extensions", verbose_name=_("case"))
    clock = models.ForeignKey(Clock, models.CASCADE, related_name="extensions", verbose_name=_("clock"))
    amount = models.PositiveIntegerField(_("amount"))
    reason = models.CharField(_("reason"), max_length=300)
    asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked at"))
    answer = models.CharField(_("decision"), max_length=10, choices=Answer.choices, default=Answer.OPEN)
    note = models.CharField(_("reason of the decision"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    clock_id: int
    asked_by_id: int | None
    access_rule: ClassVar = Rule(area="case__area_id", unit="case__unit_id", shared_units="case__shared_units")
    privacy: ClassVar = Privacy(
        purpose=_("Keeping apart who asks for more time and who grants it"),
        basis=Basis.STATUTORY_DUTY,
        law=STAFF_LAW,
        retention=With(fields=("case",)),
        accounts=("asked_by_id", "decided_by_id"),
        internal=("case", "clock", "amount", "reason", "asked_at", "answer", "note", "decided_at"),
        personal=("asked_by", "decided_by"),
    )

    class Meta:
        verbose_name = _("request for an extension")
        verbose_name_plural = _("requests for extensions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clock"], condition=Q(answer="open"), name="cases_extension_open_once"),
            models.UniqueConstraint(fields=["clock"], condition=Q(answer="approved"), name="cases_extension_once"),
            models.CheckConstraint(
                condition=Q(answer="open", decided_at__isnull=True) | ~Q(answer="open") & Q(decided_at__isnull=False),
                name="cases_extension_decided",
            ),
            models.CheckConstraint(
                condition=Q(asked_by__isnull=True) | Q(decided_by__isnull=True) | ~Q(asked_by=F("decided_by")),
                name="cases_extension_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock} +{self.amount}"


class CaseUnit(models.Model):
    """Which units had a case, from when to when, and how it came to them: the case's way through the town."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="ways")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    how = models.CharField(_("how"), max_length=20)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    access_rule: ClassVar = Rule(area="case__area_id", unit="unit_id")

    class Meta:
        verbose_name = _("unit of a case")
        verbose_name_plural = _("units of cases")
        indexes: ClassVar = [models.Index(fields=["unit", "since"], name="cases_way_unit")]

    def __str__(self) -> str:
        return f"{self.case} ← {self.unit}"


class Comment(models.Model):
    """What somebody says on a case. Public ones are read by the reporter; `kind` tells answers and contacts apart."""

    class Kind(models.TextChoices):
        NOTE = "note", _("note")
        ANSWER = "answer", _("answer to the reporter")
        CONTACT = "contact", _("contact with the reporter")
        REPORTER = "reporter", _("the reporter")

    case = models.ForeignKey(Case, models.CASCADE, related_name="comments")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.NOTE)
    text = models.TextField(_("text"), max_length=5000)
    public = models.BooleanField(_("the reporter reads it"), default=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(_("at"))

    access_rule: ClassVar = Rule(area="case__area_id", unit="case__unit_id", shared_units="case__shared_units")
    privacy: ClassVar = Privacy(
        purpose=_("Knowing who said what on a case"),
        basis=Basis.STATUTORY_DUTY,
        law=STAFF_LAW,
        retention=With(fields=("case",)),
        accounts=("by_id",),
        internal=("case", "kind", "text", "public", "at"),
        personal=("by", "by_name"),
    )

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes: ClassVar = [models.Index(fields=["case", "at"], name="cases_comment_case")]

    def __str__(self) -> str:
        return self.text[:40]


class Link(models.Model):
    """How two cases, or a case and something else, belong together. Nothing is deleted when reports repeat.

    `case` is the later or dependent one: the repeat, the caused. `target` is a case; where the cause is something
    else (an alarm, a finding, a measure), `subject` names it as ("app.model", id).
    """

    class Kind(models.TextChoices):
        REPEAT = "repeat", _("repeats")
        RELATED = "related", _("belongs to")
        CAUSED = "caused", _("caused by")

    case = models.ForeignKey(Case, models.CASCADE, related_name="links")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    target = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="linked")
    subject_type = models.CharField(max_length=100, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"))

    access_rule: ClassVar = Rule(area="case__area_id", unit="case__unit_id", shared_units="case__shared_units")

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "kind", "target", "subject_type", "subject_id"],
                nulls_distinct=False,
                name="cases_link_once",
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(kind="repeat"), name="cases_link_one_original"),
            models.CheckConstraint(condition=Q(target__isnull=True) | ~Q(target=F("case")), name="cases_link_other"),
            models.CheckConstraint(
                condition=Q(target__isnull=False, subject_type="") | Q(target__isnull=True) & ~Q(subject_type=""),
                name="cases_link_end",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["subject_type", "subject_id"], name="cases_link_subject")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.target_id or self.subject_id}"

    target_id: int | None
