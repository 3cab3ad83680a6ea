"""What is kept so that cases are found by their words (docs/adr/0050-search.md), and that neighbours follow them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.cases.models.cases import Case
from zhen.kernel.identity.api import User
from zhen.kernel.lib.ids import new_id
from zhen.kernel.lib.privacy import Basis, NotPersonal, Privacy, With


class SearchEntry(models.Model):
    """The keys of a case's words. Without the pending list an insert is steady, and a search never pays for it."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField()
    keys = ArrayField(models.IntegerField())

    case_id: int
    access_rule: ClassVar = Rule(area="case__area_id", unit="case__unit_id", shared_units="case__shared_units")
    privacy: ClassVar = NotPersonal(because="It holds twenty bits of a hash of each word; the words stand in the case")

    class Meta:
        verbose_name = _("entry of the search")
        verbose_name_plural = _("entries of the search")
        indexes: ClassVar = [GinIndex(fields=["keys"], fastupdate=False, name="cases_search_keys")]

    def __str__(self) -> str:
        return str(self.case_id)


class SearchPair(models.Model):
    """Two neighbouring characters that at least three cases hold, and how they sound: what a typing error may mean."""

    text = models.CharField(max_length=2, primary_key=True, db_collation="C")
    first = models.CharField(max_length=1, db_collation="C")
    last = models.CharField(max_length=1, db_collation="C")
    sound = models.CharField(max_length=20, db_collation="C")
    cases = models.PositiveIntegerField()

    access_rule: ClassVar = Rule(public=Q())
    privacy: ClassVar = NotPersonal(because="It counts pairs of characters that at least three cases hold")

    class Meta:
        verbose_name = _("pair of characters")
        verbose_name_plural = _("pairs of characters")
        indexes: ClassVar = [
            models.Index("first", F("cases").desc(), name="cases_pair_first"),
            models.Index("last", F("cases").desc(), name="cases_pair_last"),
            models.Index(fields=["sound"], name="cases_pair_sound"),
        ]

    def __str__(self) -> str:
        return self.text


class Follow(models.Model):
    """Somebody wants to hear what becomes of a case that another reported.

    With an account, or with a secret of which only the hash is kept: then nobody knows who it is.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="follows")
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    secret_hash = models.BinaryField(max_length=64, null=True)
    at = models.DateTimeField(_("since"))

    case_id: int
    user_id: int | None
    access_rule: ClassVar = Rule(owner="user_id")
    privacy: ClassVar = Privacy(
        purpose=_("Telling those who follow a report what became of it"),
        basis=Basis.CONSENT,
        retention=With(fields=("case",)),
        accounts=("user_id",),
        internal=("case", "secret_hash", "at"),
        personal=("user",),
    )

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(user__isnull=True, secret_hash__isnull=False)
                | Q(user__isnull=False, secret_hash__isnull=True),
                name="cases_follow_who",
            ),
            models.UniqueConstraint(fields=["case", "user"], name="cases_follow_user"),
            models.UniqueConstraint(fields=["secret_hash"], name="cases_follow_secret"),
        ]

    def __str__(self) -> str:
        return str(self.case_id)
