"""What standings are called, and which step of meaning each is. The same on every page, chip, map and chart."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.pages.api import Chip, Tone
from zhen.kernel.plan.rules import Standing

WORDS: dict[Standing, str | Promise] = {
    Standing.KEPT: _("kept"),
    Standing.ON_TRACK: _("on track"),
    Standing.DUE_SOON: _("due soon"),
    Standing.BEHIND: _("behind"),
    Standing.OVERDUE: _("overdue"),
    Standing.NOT_MEASURABLE: _("not measurable yet"),
    Standing.NOT_REPORTED: _("not reported yet"),
}

TONES: dict[Standing, Tone] = {
    Standing.KEPT: Tone.ON_TRACK,
    Standing.ON_TRACK: Tone.ON_TRACK,
    Standing.DUE_SOON: Tone.DUE_SOON,
    Standing.BEHIND: Tone.BEHIND,
    Standing.OVERDUE: Tone.OVERDUE,
    Standing.NOT_MEASURABLE: Tone.NEUTRAL,
    Standing.NOT_REPORTED: Tone.NEUTRAL,
}


def standing_chip(standing: Standing) -> Chip:
    return Chip(text=WORDS[standing], tone=TONES[standing])
