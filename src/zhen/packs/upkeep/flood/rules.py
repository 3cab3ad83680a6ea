"""Which checks a warning opens: entered and ended by staff, as dated rows that rest on somebody's order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.rounds.api import in_use
from zhen.packs.upkeep import rights
from zhen.packs.upkeep.flood.models import CheckRule

SAME = ("kind", "phase", "premises", "checklist")
"""What two rules share that say the same thing; only their level, their days and their time differ."""


@action(rights.FLOOD)
def enter_rule(actor: Actor, given: Mapping[str, Any]) -> CheckRule:
    """Warnings that are declared from its day on open this check. A rule for the same must have ended by then."""
    made = CheckRule(**given)
    if made.valid_from < clock.today():
        raise Refused(
            field=_("in force from"), value=made.valid_from, reason=_("what has been is not ruled anew"),
            remedy=_("Choose today or a later day"),
        )  # fmt: skip
    if in_use(made.checklist) is None:
        raise Refused(
            field=_("checklist"), value=made.checklist, reason=_("no version of it is in use"),
            remedy=_("Choose one of the list"),
        )  # fmt: skip
    rows = CheckRule.objects.select_for_update().filter(**{name: getattr(made, name) for name in SAME})
    held = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=made.valid_from)).first()
    if held is not None:
        raise Refused(
            field=_("in force from"), value=made.valid_from, reason=_("a rule for the same is in force then"),
            remedy=_("End that one first, or choose a later day"),
        )  # fmt: skip
    made.save()
    _tell("upkeep.check_rule_entered", actor, made)
    return made


@action(rights.FLOOD)
def end_rule(actor: Actor, rule: CheckRule, last: date) -> CheckRule:
    """It holds until this day, the day included. What it has opened goes on."""
    found = CheckRule.objects.select_for_update().get(pk=rule.pk)
    if found.valid_to is not None:
        raise Outdated(
            field=_("in force until"), value=found.valid_to, reason=_("its end is set already"),
            remedy=_("Look at it as it stands now"),
        )  # fmt: skip
    if last < max(found.valid_from, clock.today()):
        raise Refused(
            field=_("in force until"), value=last, reason=_("it lies before its beginning or behind us"),
            remedy=_("Choose today or a later day"),
        )  # fmt: skip
    found.valid_to = last
    found.save(update_fields=["valid_to"])
    _tell("upkeep.check_rule_ended", actor, found)
    return found


def _tell(kind: str, actor: Actor, rule: CheckRule) -> None:
    facts = {
        "phase": rule.phase, "level": rule.level, "premises": rule.premises, "checklist": rule.checklist,
        "from": rule.valid_from.isoformat(), "until": rule.valid_to.isoformat() if rule.valid_to else "",
        "source": rule.source,
    }  # fmt: skip
    journal.record(kind, by=actor, subject=rule, data=facts)
