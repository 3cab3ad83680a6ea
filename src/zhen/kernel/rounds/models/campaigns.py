"""Campaigns: what is to be visited, by whom, how often; their rounds and draws; and what can be visited."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.lib.privacy import After, Basis, NotPersonal, Privacy, With
from zhen.kernel.places.api import Place
from zhen.kernel.rounds.declarations import EVERY_NAMES, Every

LAW = _("the town's duties of inspection, and its duty to answer for what was done")
SCHEDULE = _("the town's schedule for records of inspections")


class Subject(models.Model):
    """Something that is visited, as its register last told. It stays when the register forgets it, with its visits."""

    source = models.CharField(pgettext_lazy("of subjects", "register"), max_length=60)
    ref = models.CharField(_("key in the register"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("address"), max_length=200, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place"))
    area = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    seen_on = models.DateField(_("last seen on"), null=True, blank=True)
    gone_on = models.DateField(_("found gone on"), null=True, blank=True)

    place_id: int | None
    area_id: int | None
    access_rule: ClassVar = Rule(area="area_id")
    privacy: ClassVar = NotPersonal(because="It names a place, a firm or a household's address, never a person")

    class Meta:
        verbose_name = _("subject of visits")
        verbose_name_plural = _("subjects of visits")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "ref"], name="rounds_subject_once"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False),
                name="rounds_subject_point",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """What names it in draws and records."""
        return f"{self.source}:{self.ref}"


class Campaign(models.Model):
    """A checklist × a set of subjects × a schedule.

    `query` narrows the source; `area` and `unseen_days` narrow it further. `sample` draws so many of the subjects for
    each round. `random`: people are drawn too, from a seed that is published (双随机); otherwise visits are assigned by
    area and load. `people` go on each visit together, `per_day` visits one of them makes.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("state of a campaign", "draft")
        RUNNING = "running", pgettext_lazy("state of a campaign", "running")
        ENDED = "ended", pgettext_lazy("state of a campaign", "ended")

    title = models.CharField(_("title"), max_length=100)
    checklist = models.CharField(_("checklist"), max_length=60)
    source = models.CharField(pgettext_lazy("of subjects", "register"), max_length=60)
    query = models.JSONField(_("which of them"), default=dict, blank=True)
    area = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    unseen_days = models.PositiveSmallIntegerField(_("not seen for … days"), null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit in charge"))
    every = models.CharField(
        pgettext_lazy("of rounds", "how often"),
        max_length=10,
        choices=[(str(one), EVERY_NAMES[one]) for one in Every],
        default=Every.ONCE,
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    sample = models.PositiveIntegerField(_("how many are drawn"), null=True, blank=True)
    random = models.BooleanField(_("people are drawn too"), default=False)
    people = models.PositiveSmallIntegerField(_("people on a visit"), default=1)
    per_day = models.PositiveSmallIntegerField(_("visits a day and person"), default=20)
    counts_only = models.BooleanField(_("only counts are kept"), default=False)
    counted_at = models.DateTimeField(_("counted, answers erased at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by"))
    made_at = models.DateTimeField(_("made at"))

    area_id: int | None
    unit_id: int
    made_by_id: int | None
    access_rule: ClassVar = Rule(area="area_id", unit="unit_id")
    privacy: ClassVar = Privacy(
        purpose=_("Knowing who planned which inspections"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=After(
            field="ends_on", years=10, event=_("the campaign ended"), source=SCHEDULE, anonymise={"made_by": None}
        ),
        accounts=("made_by_id",),
        internal=(
            "title", "checklist", "source", "query", "area", "unseen_days", "unit", "every", "starts_on", "ends_on",
            "sample", "random", "people", "per_day", "counts_only", "counted_at", "state", "made_at",
        ),
        personal=("made_by",),
    )  # fmt: skip

    class Meta:
        verbose_name = pgettext_lazy("of inspections", "campaign")
        verbose_name_plural = _("campaigns")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="rounds_campaign_dates"),
            models.CheckConstraint(condition=Q(people__in=(1, 2)), name="rounds_campaign_people"),
            models.CheckConstraint(
                condition=Q(counted_at__isnull=True) | Q(counts_only=True, state="ended"),
                name="rounds_campaign_counted",
            ),
            models.CheckConstraint(condition=Q(per_day__gte=1, per_day__lte=200), name="rounds_campaign_per_day"),
            models.CheckConstraint(condition=Q(sample__isnull=True) | Q(sample__gte=1), name="rounds_campaign_sample"),
            models.CheckConstraint(
                condition=Q(every__in=[str(one) for one in Every]) & Q(state__in=["draft", "running", "ended"]),
                name="rounds_campaign_words",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "ends_on"], name="rounds_campaign_state")]

    def __str__(self) -> str:
        return self.title


class Inspector(models.Model):
    """Who goes on the visits of a campaign. `area` is his part of it; without one he may go anywhere.

    `recused`: the subjects ("register:key") that he may not visit, such as his brother's shop.
    """

    campaign = models.ForeignKey(
        Campaign, models.CASCADE, related_name="inspectors", verbose_name=pgettext_lazy("of inspections", "campaign")
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("inspector"))
    area = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    recused = ArrayField(models.CharField(max_length=130), default=list, blank=True, verbose_name=_("recused from"))

    user_id: int
    area_id: int | None
    access_rule: ClassVar = Rule(area="campaign__area_id", unit="campaign__unit_id", owner="user_id")
    privacy: ClassVar = Privacy(
        purpose=_("Knowing who goes on the visits of a campaign"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=With(fields=("campaign",)),
        accounts=("user_id",),
        internal=("campaign", "area"),
        personal=("user", "recused"),
    )

    class Meta:
        verbose_name = _("inspector")
        verbose_name_plural = _("inspectors")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "user"], name="rounds_inspector_once"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Round(models.Model):
    """One run of a campaign: days, and the subjects as they were when it was planned."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="rounds", verbose_name=pgettext_lazy("of inspections", "campaign")
    )
    number = models.PositiveIntegerField(_("number"))
    first = models.DateField(_("from"))
    last = models.DateField(_("to"))
    subjects = models.PositiveIntegerField(_("subjects"), default=0)
    visits_planned = models.PositiveIntegerField(_("visits"), default=0)
    planned_at = models.DateTimeField(_("planned at"), null=True, blank=True)

    campaign_id: int
    access_rule: ClassVar = Rule(area="campaign__area_id", unit="campaign__unit_id")
    privacy: ClassVar = NotPersonal(because="It counts")

    class Meta:
        verbose_name = pgettext_lazy("of a campaign", "round")
        verbose_name_plural = _("rounds")
        ordering: ClassVar = ["-first", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "number"], name="rounds_round_number"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="rounds_round_dates"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.number}"


class Draw(models.Model):
    """The draw of a round, with its proof: the lists are frozen before the seed is known.

    `lists` is what rules.drawing.Lists writes, `digest` its SHA-256, which is published at once; lists and result are
    published when the visits are over, because an inspection that is announced finds nothing.
    """

    round = models.OneToOneField(
        Round, models.PROTECT, related_name="draw", verbose_name=pgettext_lazy("of a campaign", "round")
    )
    lists = models.JSONField(_("lists"))
    digest = models.CharField(_("digest of the lists"), max_length=64)
    frozen_at = models.DateTimeField(_("lists frozen at"))
    seed = models.CharField(_("seed"), max_length=200, blank=True)
    seed_from = models.CharField(_("where the seed is from"), max_length=200, blank=True)
    drawn_at = models.DateTimeField(_("drawn at"), null=True, blank=True)
    drawn = models.JSONField(_("drawn"), default=list, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    access_rule: ClassVar = Rule(
        area="round__campaign__area_id", unit="round__campaign__unit_id", public=Q(drawn_at__isnull=False)
    )
    privacy: ClassVar = Privacy(
        purpose=_("Proving that nobody chose who inspects whom"),
        basis=Basis.STATUTORY_DUTY,
        law=_("国办发〔2015〕58号: inspections are drawn at random and published"),
        retention=After(field="frozen_at", years=10, event=_("the lists were frozen"), source=SCHEDULE),
        accounts=("round__campaign__inspectors__user_id",),
        internal=(
            "round", "digest", "frozen_at", "seed", "seed_from", "drawn_at", "published_at",
        ),
        personal=("lists", "drawn"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(drawn_at__isnull=True, seed="") | Q(drawn_at__isnull=False) & ~Q(seed=""),
                name="rounds_draw_seed",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(drawn_at__isnull=False), name="rounds_draw_published"
            ),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="rounds_draw_digest"),
        ]

    def __str__(self) -> str:
        return str(self.round)
