"""The figures of the rules: entered with their source, confirmed by somebody else."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.packs.finance import duties
from zhen.packs.finance.procurement import rights
from zhen.packs.finance.procurement.models import Figure

ONE_FIGURE = ("code", "category", "level", "valid_from")
UNITS = {
    Figure.Code.LIMIT: Figure.Unit.FEN,
    Figure.Code.OPEN: Figure.Unit.FEN,
    Figure.Code.NEGOTIATION_DAYS: Figure.Unit.WORKING_DAYS,
    Figure.Code.OBJECTION_DAYS: Figure.Unit.WORKING_DAYS,
    Figure.Code.SUPPLIERS: Figure.Unit.COUNT,
    Figure.Code.COMMITTEE: Figure.Unit.COUNT,
    Figure.Code.CHANGE_PERCENT: Figure.Unit.PERCENT,
    Figure.Code.RETENTION_PERCENT: Figure.Unit.PERCENT,
}
"""What each figure counts; calendar days where nothing stands."""


@action(rights.FIGURES)
def enter(actor: Actor, given: dict[str, Any]) -> Figure:
    """Enter a figure of the rules. It holds from its day on; until somebody else confirms it, pages say so."""
    if Figure.objects.filter(**{name: given[name] for name in ONE_FIGURE}).exists():
        raise Refused(
            field=_("valid from"),
            value=given["valid_from"],
            reason=_("there is a figure of this level from this day on"),
            remedy=_("Give the day on which the new one begins to hold"),
        )
    unit = UNITS.get(given["code"], Figure.Unit.DAYS)
    made = Figure.objects.create(**given, unit=unit, entered_by_id=actor.user_id)
    journal.record("finance.figure_entered", by=actor, subject=made, data={"figure": made.code, "source": made.source})
    return made


@action(rights.CONFIRM)
def confirm(actor: Actor, key: int) -> Figure:
    """Say that a figure stands so in its source."""
    row = Figure.objects.select_for_update().get(pk=key)
    duties.check(actor, "figure.confirm", {"figure.enter": row.entered_by_id})
    row.verified_by_id, row.verified_on = actor.user_id, clock.today()
    row.save(update_fields=["verified_by", "verified_on"])
    journal.record("finance.figure_confirmed", by=actor, subject=row, data={"figure": row.code, "source": row.source})
    return row
