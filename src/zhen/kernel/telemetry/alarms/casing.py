"""What the case of an incident asks of its alarms."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case, Move
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.telemetry.models import Alarm


def check_settled(_actor: Actor, case: Case, _move: Move, _now: datetime) -> None:
    """For `Transition.check`: the case ends when each alarm of its incident is closed with a cause."""
    still = Alarm.objects.filter(incident__case=case, closed_at__isnull=True).count()
    if still:
        raise Refused(
            field=_("alarms"),
            value=still,
            reason=_("they are not closed yet"),
            remedy=_("Close the incident with a cause first"),
        )
