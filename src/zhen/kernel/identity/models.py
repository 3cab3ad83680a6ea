"""Users, units and posts."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, UserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Duty, Rule
from zhen.kernel.identity import privacy as held
from zhen.kernel.lib.pinyin import sort_key
from zhen.kernel.lib.privacy import Privacy
from zhen.kernel.places.api import Place


class Days(Func):
    """PostgreSQL's daterange(from, to), the end exclusive, as every dated row of ours is."""

    function = "daterange"
    output_field: ClassVar = DateRangeField()


class User(AbstractBaseUser):
    """Somebody who can sign in. What he may do comes from his posts alone.

    A machine is the account of an outside program: it cannot sign in, only hold posts and tokens.
    """

    username = models.CharField(_("user name"), max_length=150, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_key = models.CharField(max_length=300, blank=True, editable=False, db_collation="C")
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    is_active = models.BooleanField(_("active"), default=True)
    is_machine = models.BooleanField(_("machine account"), default=False)
    is_demo = models.BooleanField(_("demo account"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    deactivated_at = models.DateTimeField(_("deactivated at"), null=True, blank=True, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects: ClassVar = UserManager()
    access_rule: ClassVar = Rule(owner="id")
    privacy: ClassVar[Privacy] = held.USER

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.username

    def save(self, *args: object, **kwargs: object) -> None:
        self.name_key = sort_key(self.name, person=True)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # handed on as it came


class Unit(models.Model):
    """An organisational unit of the town's government; its place in the tree is dated."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_key = models.CharField(max_length=300, blank=True, editable=False, db_collation="C")
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    access_rule: ClassVar = Rule(unit="id", public=Q())

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.name_key = sort_key(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # handed on as it came


class Placement(models.Model):
    """Under which unit a unit stands, from one day to another (exclusive): a move keeps the past."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="placements", verbose_name=_("unit"))
    parent = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("superior unit")
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    access_rule: ClassVar = Rule(unit="unit_id", public=Q())

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="identity_placement_dates"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("unit")), name="identity_placement_not_itself"
            ),
            ExclusionConstraint(
                name="identity_placement_once",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} ← {self.parent}"


class Post(models.Model):
    """A person in a role of a unit, for an area, from one day to another (exclusive).

    A deputy's post names the post he deputises (`deputises`) and counts only while that one is held.
    The database itself keeps apart the duties of one person (ADR on separation of duties): posts whose
    days overlap must have one duty, for administrators as GB/T 22239-2019, 8.1.10 separates them.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="posts", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=60)
    duty = models.CharField(
        _("duty"), max_length=10, choices=[(duty.value, duty.value) for duty in Duty], default=Duty.BUSINESS.value
    )
    area = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    deputises = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="deputies", verbose_name=_("deputises")
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    access_rule: ClassVar = Rule(unit="unit_id", owner="user_id")
    privacy: ClassVar[Privacy] = held.POST

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="identity_post_dates"
            ),
            ExclusionConstraint(
                name="identity_post_separate_duties",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("duty", RangeOperators.NOT_EQUAL),
                    (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.unit}"


class Invitation(models.Model):
    """A link that works once and lets its user choose a password. Only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="invitations", verbose_name=_("person"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    access_rule: ClassVar = Rule(owner="user_id")
    privacy: ClassVar[Privacy] = held.INVITATION

    class Meta:
        verbose_name = _("one-time link")
        verbose_name_plural = _("one-time links")

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d}"


class Elevation(models.Model):
    """A short time in which an administrator's dangerous rights are in force, in one session.

    `session` is the digest of the session's key: a stolen copy of this table opens nothing.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="elevations", verbose_name=_("person"))
    session = models.CharField(max_length=64, editable=False)
    reason = models.CharField(_("reason"), max_length=300)
    started_at = models.DateTimeField(_("started at"))
    ends_at = models.DateTimeField(_("ends at"))
    ended_at = models.DateTimeField(_("ended early at"), null=True, blank=True)

    access_rule: ClassVar = Rule(owner="user_id")
    privacy: ClassVar[Privacy] = held.ELEVATION

    class Meta:
        verbose_name = _("elevation")
        verbose_name_plural = _("elevations")
        indexes: ClassVar = [models.Index(fields=["session", "ends_at"], name="identity_elevation_session")]

    def __str__(self) -> str:
        return f"{self.user} {self.started_at:%Y-%m-%d %H:%M}"


class Token(models.Model):
    """A key with which a program acts for a user, within the permissions it was given.

    The key is shown once; `digest` is its SHA-256 (the key has 256 random bits, so nothing slower is
    needed), `hint` its first letters, so that people can tell keys apart.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="tokens", verbose_name=_("acts for"))
    name = models.CharField(_("name"), max_length=100)
    hint = models.CharField(_("begins with"), max_length=12)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=100), verbose_name=_("permissions"))
    created_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    used_at = models.DateTimeField(_("last used about"), null=True, blank=True)

    access_rule: ClassVar = Rule(owner="user_id")
    privacy: ClassVar[Privacy] = held.TOKEN

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"
