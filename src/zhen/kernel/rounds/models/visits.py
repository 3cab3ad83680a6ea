"""Visits, what was found on them, and their photos."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Rule
from zhen.kernel.cases.api import Case
from zhen.kernel.files.api import File
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.lib.ids import new_id
from zhen.kernel.lib.privacy import After, Basis, NotPersonal, Privacy
from zhen.kernel.places.api import Place
from zhen.kernel.rounds.declarations import Severity
from zhen.kernel.rounds.models.campaigns import LAW, SCHEDULE, Round, Subject
from zhen.kernel.rounds.models.checklists import ChecklistVersion


class Visit(models.Model):
    """Somebody goes to a subject and looks: planned, then done, or called off.

    `kind` says why: a ROUND, a subject met ON_THE_WAY, AGAIN after nobody opened, a RECHECK of findings. `follows` is
    the visit before it in such a chain. A second record of a visit that was done already is kept as a CONFLICT until
    somebody has looked at both (`settled_at`).
    `planned_on` and `place_in_day` are the inspector's day; `due_on` is the last day. `lon`, `lat` are where the phone
    was when the visit was recorded: asked once, never a track. `clock_off` is how many seconds the phone's clock was
    ahead. `sent_id` is the id that the phone gave its record: sent again, it is the same record.
    """

    class Kind(models.TextChoices):
        ROUND = "round", pgettext_lazy("kind of visit", "round")
        ON_THE_WAY = "on_the_way", pgettext_lazy("kind of visit", "on the way")
        AGAIN = "again", pgettext_lazy("kind of visit", "again, after nobody was there")
        RECHECK = "recheck", pgettext_lazy("kind of visit", "re-check")
        CONFLICT = "conflict", pgettext_lazy("kind of visit", "second record")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("state of a visit", "planned")
        DONE = "done", pgettext_lazy("state of a visit", "done")
        CALLED_OFF = "called_off", pgettext_lazy("state of a visit", "called off")

    class Outcome(models.TextChoices):
        SEEN = "seen", pgettext_lazy("outcome of a visit", "seen")
        NOBODY = "nobody", pgettext_lazy("outcome of a visit", "nobody there")
        REFUSED = "refused", pgettext_lazy("outcome of a visit", "refused")
        GONE = "gone", pgettext_lazy("outcome of a visit", "no longer there")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLANNED)
    round = models.ForeignKey(
        Round,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name=pgettext_lazy("of a campaign", "round"),
    )
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="visits", verbose_name=_("subject"))
    checklist = models.CharField(_("checklist"), max_length=60)
    area = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"))
    inspector = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("inspector")
    )
    second = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("second inspector")
    )
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name=_("follows")
    )
    planned_on = models.DateField(_("day"))
    place_in_day = models.PositiveIntegerField(_("place in the day"), default=0)
    due_on = models.DateField(_("due on"))
    # what was recorded
    version = models.ForeignKey(
        ChecklistVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("version")
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    points = models.PositiveIntegerField(_("points"), null=True, blank=True)
    points_most = models.PositiveIntegerField(_("points at most"), null=True, blank=True)
    findings_count = models.PositiveSmallIntegerField(pgettext_lazy("of a visit", "findings"), default=0)
    started_at = models.DateTimeField(_("began at"), null=True, blank=True)
    done_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("received at"), null=True, blank=True)
    people = models.PositiveSmallIntegerField(_("people on a visit"), default=1)
    cosigned_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signed as well by")
    )
    cosigned_at = models.DateTimeField(_("signed as well at"), null=True, blank=True)
    clock_off = models.IntegerField(_("seconds the phone's clock was ahead"), default=0)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )
    sent_id = models.UUIDField(_("id of the record"), null=True, blank=True, unique=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    accuracy_m = models.FloatField(_("accurate to (m)"), null=True, blank=True)
    distance_m = models.FloatField(_("distance from the subject (m)"), null=True, blank=True)
    no_position = models.CharField(_("why there is no position"), max_length=100, blank=True)
    settled_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    forget_from = models.DateField(_("done on"), null=True, blank=True)

    round_id: int | None
    subject_id: int
    area_id: int | None
    unit_id: int | None
    inspector_id: int | None
    second_id: int | None
    follows_id: str | None
    version_id: int | None
    recorded_by_id: int | None
    cosigned_by_id: int | None
    access_rule: ClassVar = Rule(area="area_id", unit="unit_id", owner="inspector_id")
    privacy: ClassVar = Privacy(
        purpose=_("Showing what was seen on a visit, by whom, when and where"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=After(
            field="forget_from", years=5, event=_("the visit was done"), source=SCHEDULE,
            anonymise={
                "inspector": None, "second": None, "recorded_by": None, "answers": {}, "note": "", "lon": None,
                "lat": None, "accuracy_m": None, "people": 1, "cosigned_by": None, "cosigned_at": None,
            },
        ),
        accounts=("inspector_id", "second_id", "recorded_by_id", "cosigned_by_id"),
        internal=(
            "kind", "state", "round", "subject", "checklist", "area", "unit", "follows", "planned_on", "place_in_day",
            "due_on", "version", "outcome", "points", "points_most", "findings_count", "started_at", "done_at",
            "recorded_at", "clock_off", "sent_id", "distance_m", "no_position", "settled_at", "forget_from",
            "people", "cosigned_at",
        ),
        personal=("inspector", "second", "recorded_by", "cosigned_by", "answers", "note", "lon", "lat", "accuracy_m"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "subject"], condition=Q(kind="round"), name="rounds_visit_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False, recorded_at__isnull=False) & ~Q(outcome="")
                | ~Q(state="done") & Q(done_at__isnull=True, recorded_at__isnull=True, outcome=""),
                name="rounds_visit_done",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="seen") | Q(version__isnull=False) | Q(kind="recheck"), name="rounds_visit_version"
            ),
            models.CheckConstraint(condition=Q(due_on__gte=F("planned_on")), name="rounds_visit_dates"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False),
                name="rounds_visit_point",
            ),
            models.CheckConstraint(
                condition=Q(second__isnull=True) | ~Q(second=F("inspector")), name="rounds_visit_two_people"
            ),
            models.CheckConstraint(
                condition=Q(people=1) | Q(people=2) & (~Q(outcome="seen") | Q(second__isnull=False)),
                name="rounds_visit_pair",
            ),
            models.CheckConstraint(
                condition=Q(cosigned_by__isnull=True, cosigned_at__isnull=True)
                | Q(cosigned_by__isnull=False, cosigned_at__isnull=False, people=2)
                & (Q(cosigned_by=F("second")) | Q(cosigned_by=F("inspector")))
                & ~Q(cosigned_by=F("recorded_by")),
                name="rounds_visit_cosigned",
            ),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__lte=F("points_most")), name="rounds_visit_points"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["inspector", "planned_on", "place_in_day"],
                condition=Q(state="planned"),
                name="rounds_visit_day",
            ),
            models.Index(
                fields=["second", "planned_on", "place_in_day"],
                condition=Q(state="planned", second__isnull=False),
                name="rounds_visit_second",
            ),
            models.Index(
                fields=["round", "planned_on", "place_in_day", "id"],
                condition=Q(state="planned"),
                name="rounds_visit_next",
            ),
            models.Index(fields=["round", "state"], include=["outcome", "area"], name="rounds_visit_round"),
            models.Index(fields=["-planned_on", "-id"], name="rounds_visit_listed"),
            models.Index(fields=["subject", "-done_at"], name="rounds_visit_subject"),
            models.Index(F("done_at").desc(), F("id").desc(), condition=Q(state="done"), name="rounds_visit_newest"),
            models.Index(fields=["due_on"], condition=Q(state="planned"), name="rounds_visit_due"),
            models.Index(fields=["area", "-done_at"], condition=Q(state="done"), name="rounds_visit_area"),
            models.Index(fields=["follows"], condition=Q(follows__isnull=False), name="rounds_visit_follows"),
            models.Index(
                fields=["-done_at"],
                condition=Q(people=2, outcome="seen", cosigned_at__isnull=True),
                name="rounds_visit_unsigned",
            ),
            models.Index(
                fields=["recorded_at"],
                condition=Q(kind="conflict", settled_at__isnull=True),
                name="rounds_visit_conflict",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.planned_on}"

    @property
    def key(self) -> str:
        return str(self.pk)


class Finding(models.Model):
    """Something that was not right. It opens a case, and is looked at again (`recheck`) until it is rectified.

    `over_at` is when nothing more is to be done: it was rectified (`rectified_on` says at which visit), handed over, or
    was none. `round` is that of its visit: a campaign finds its own without going through all its visits.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="findings", verbose_name=_("visit"))
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="findings", verbose_name=_("subject"))
    round = models.ForeignKey(
        Round,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("of a campaign", "round"),
    )
    path = models.CharField(_("item"), max_length=120)
    title = models.CharField(_("title"), max_length=200)
    law = models.CharField(_("rule that is broken"), max_length=300, blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices)
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="finding", verbose_name=_("case")
    )
    recheck = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="to_recheck", verbose_name=_("re-check")
    )
    found_at = models.DateTimeField(_("found at"))
    rectified_at = models.DateTimeField(_("rectified at"), null=True, blank=True)
    rectified_on = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="rectified", verbose_name=_("seen rectified on")
    )
    over_at = models.DateTimeField(_("over since"), null=True, blank=True)

    visit_id: str
    round_id: int | None
    subject_id: int
    case_id: int | None
    recheck_id: str | None
    access_rule: ClassVar = Rule(area="visit__area_id", unit="visit__unit_id", owner="visit__inspector_id")
    privacy: ClassVar = NotPersonal(because="It tells what was wrong with a place; its visit tells who saw it")

    class Meta:
        verbose_name = pgettext_lazy("of a visit", "finding")
        verbose_name_plural = pgettext_lazy("of a visit", "findings")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "path"], name="rounds_finding_once"),
            models.CheckConstraint(
                condition=Q(rectified_at__isnull=True, rectified_on__isnull=True)
                | Q(rectified_at__isnull=False, rectified_on__isnull=False, over_at__isnull=False),
                name="rounds_finding_rectified",
            ),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="rounds_finding_severity"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject"], condition=Q(over_at__isnull=True), name="rounds_finding_open"),
            models.Index(fields=["-found_at"], name="rounds_finding_newest"),
            models.Index(fields=["round", "over_at", "-found_at"], name="rounds_finding_round"),
        ]

    def __str__(self) -> str:
        return self.title


class VisitFile(models.Model):
    """A photo of a visit, under the path of the answer it shows. Photos can show persons: they go with the visit."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="photos", verbose_name=_("visit"))
    path = models.CharField(_("item"), max_length=120, blank=True)
    file = models.OneToOneField(File, models.PROTECT, related_name="+", verbose_name=_("file"))
    forget_from = models.DateField(_("done on"))

    visit_id: str
    file_id: UUID
    access_rule: ClassVar = Rule(area="visit__area_id", unit="visit__unit_id", owner="visit__inspector_id")
    privacy: ClassVar = Privacy(
        purpose=_("Showing what was seen on a visit"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=After(field="forget_from", years=5, event=_("the visit was done"), source=SCHEDULE, along=("visit",)),
        accounts=("visit__inspector_id",),
        internal=("visit", "path", "file", "forget_from"),
    )

    class Meta:
        verbose_name = _("photo of a visit")
        verbose_name_plural = _("photos of visits")
        ordering: ClassVar = ["path", "pk"]

    def __str__(self) -> str:
        return self.path
