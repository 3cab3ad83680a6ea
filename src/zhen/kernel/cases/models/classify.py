"""How classes are suggested: keyword rules, trained models, and what was suggested for each case."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.cases.models.cases import Case
from zhen.kernel.cases.models.rulebook import TOWN_RULES, Category, Dated
from zhen.kernel.lib.privacy import NotPersonal

HEAVIEST = 10


class KeywordRule(Dated):
    """A word that speaks for a class, or with a negative weight against it.

    Width, case and traditional characters do not matter. The class may be one that cases cannot have themselves
    only while nobody uses it: the page refuses it.
    """

    word = models.CharField(_("word"), max_length=40)
    weight = models.SmallIntegerField(_("weight"), default=5)
    category = models.ForeignKey(Category, models.PROTECT, related_name="keywords", verbose_name=_("class"))

    category_id: int
    access_rule: ClassVar = Rule(public=Q())
    privacy: ClassVar = TOWN_RULES

    class Meta:
        verbose_name = _("keyword rule")
        verbose_name_plural = _("keyword rules")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(weight__gte=-HEAVIEST, weight__lte=HEAVIEST) & ~Q(weight=0), name="cases_keyword_weight"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="cases_keyword_dates"
            ),
            models.CheckConstraint(condition=~Q(word=""), name="cases_keyword_word"),
            models.UniqueConstraint(fields=["category", "word", "valid_from"], name="cases_keyword_once"),
        ]

    def __str__(self) -> str:
        return f"{self.word}: {self.weight}"


class TextModel(models.Model):
    """A model trained on the town's own closed cases; older ones stay and can be used again.

    `macro_f1` was measured on `judged` cases that it had not learnt from, `before_f1` is what the model then in use
    reached on the same ones. A model that did worse is kept with `used` false, and never was in use.
    `blob` is the file of lib.classifying: weights of hashed pieces of text, no word.
    """

    scheme = models.CharField(_("scheme"), max_length=40)
    version = models.PositiveIntegerField(_("version"))
    trained_at = models.DateTimeField(_("trained at"))
    learnt = models.PositiveIntegerField(_("cases learnt from"))
    judged = models.PositiveIntegerField(_("cases judged by"))
    macro_f1 = models.FloatField(_("macro-F1"))
    before_f1 = models.FloatField(_("macro-F1 of the one before"), null=True, blank=True)
    calibration_error = models.FloatField(_("calibration error"))
    used = models.BooleanField(_("in use"), default=False)
    blob = models.BinaryField()

    access_rule: ClassVar = Rule(public=Q())
    privacy: ClassVar = NotPersonal(
        because="It holds weights of hashed pieces of text, learnt with personal data masked"
    )

    class Meta:
        verbose_name = _("model for classes")
        verbose_name_plural = _("models for classes")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "version"], name="cases_textmodel_version"),
            models.UniqueConstraint(fields=["scheme"], condition=Q(used=True), name="cases_textmodel_one_used"),
            models.CheckConstraint(
                condition=Q(macro_f1__gte=0, macro_f1__lte=1, calibration_error__gte=0, calibration_error__lte=1),
                name="cases_textmodel_measures",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.version}"


class Suggested(models.Model):
    """The class that was suggested when a case was received; what was chosen stands in the case itself.

    `version` is the model's, 0 where keyword rules alone spoke.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="suggested")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name=_("suggested class"))
    confidence = models.FloatField(_("confidence"))
    words = models.CharField(_("because of"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("version of the model"), default=0)

    case_id: int
    category_id: int
    access_rule: ClassVar = Rule(area="case__area_id", unit="case__unit_id", shared_units="case__shared_units")

    class Meta:
        verbose_name = _("suggested class of a case")
        verbose_name_plural = _("suggested classes of cases")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1), name="cases_suggested_confidence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.category_id}"
