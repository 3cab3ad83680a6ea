"""The words of meaning, said the same everywhere: slips, chips, maps, charts, legends."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.pages.api import Tone
from zhen.kernel.plan.api import Standing

TONE_WORDS = {
    Tone.NEUTRAL: _("no statement"),
    Tone.ON_TRACK: _("on track"),
    Tone.DUE_SOON: _("due soon"),
    Tone.BEHIND: _("behind"),
    Tone.OVERDUE: _("overdue"),
}

MARK_OF = {
    Standing.KEPT: "kept",
    Standing.NOT_MEASURABLE: "unknown",
    Standing.NOT_REPORTED: "unknown",
}
"""The shapes of standings that are finer than the steps of meaning."""
