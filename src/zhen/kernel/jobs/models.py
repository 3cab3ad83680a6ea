"""How the jobs are doing: one row for each declared job that ever ran."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib.rule import Rule


class Run(models.Model):
    """The last run of a job, and how often it ran and failed. Waiting jobs are procrastinate's."""

    job = models.CharField(_("job"), max_length=100, primary_key=True)
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"))
    error = models.CharField(_("error"), max_length=500, blank=True)
    runs = models.PositiveBigIntegerField(_("runs"), default=0)
    failures = models.PositiveBigIntegerField(_("failed runs"), default=0)
    failed_at = models.DateTimeField(_("last failure"), null=True)

    access_rule: ClassVar = Rule()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")

    def __str__(self) -> str:
        return self.job
