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

STANDING_WORDS = {
    Standing.KEPT: _("kept"),
    Standing.ON_TRACK: _("on track"),
    Standing.DUE_SOON: _("due soon"),
    Standing.BEHIND: _("behind"),
    Standing.OVERDUE: _("overdue"),
    Standing.NOT_MEASURABLE: _("not measurable yet"),
    Standing.NOT_REPORTED: _("not reported yet"),
}
TONE_OF = {
    Standing.KEPT: Tone.ON_TRACK,
    Standing.ON_TRACK: Tone.ON_TRACK,
    Standing.DUE_SOON: Tone.DUE_SOON,
    Standing.BEHIND: Tone.BEHIND,
    Standing.OVERDUE: Tone.OVERDUE,
    Standing.NOT_MEASURABLE: Tone.NEUTRAL,
    Standing.NOT_REPORTED: Tone.NEUTRAL,
}
MARK_OF = {
    Standing.KEPT: "kept",
    Standing.NOT_MEASURABLE: "unknown",
    Standing.NOT_REPORTED: "unknown",
}
"""The shapes of standings that are finer than the steps of meaning."""
