"""What the engine's actions share: fetching a case for change, and telling what was done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, actionable
from zhen.kernel.cases.declarations import CASE_TYPES, CaseType
from zhen.kernel.cases.models import Case
from zhen.kernel.journal import api as journal
from zhen.kernel.lib.refusals import Outdated

# What an action asks for where it is no power of the case's type: see `access.action`.
STEP = "step"
SECRET = "secret"  # noqa: S105  a word, not a secret


def type_of(case: Case) -> CaseType:
    return CASE_TYPES[case.type]


def locked(actor: Actor, power: str, case_id: int, revision: int | None) -> tuple[Case, CaseType]:
    """The case, locked for change. `power` is an id of `Powers`, or of a permission.

    Raises Case.DoesNotExist where the actor does not reach it, Denied where he has not the right, and Outdated where
    somebody has changed it since `revision`.
    """
    type_ = type_with(case_id)
    return locked_for(actor, getattr(type_.powers, power, power), case_id, revision), type_


def type_with(case_id: int) -> CaseType:
    """The type of a case that is not read yet. Raises Case.DoesNotExist."""
    return CASE_TYPES[Case.objects.values_list("type", flat=True).get(pk=case_id)]


def locked_for(actor: Actor, permission: str, case_id: int, revision: int | None) -> Case:
    """The case, locked for what a permission is needed for; raises as `locked` does."""
    actor.require(permission)
    case = actionable(actor, permission, Case.objects.select_for_update(of=("self",))).get(pk=case_id)
    check_revision(case, revision)
    return case


def check_revision(case: Case, revision: int | None) -> None:
    if revision is not None and case.revision != revision:
        raise Outdated(
            field=_("case"),
            value=case.number,
            reason=_("somebody has changed it meanwhile"),
            remedy=_("Look at it as it stands now; what you wrote is kept"),
        )


def touch(case: Case, now: datetime, *fields: str) -> None:
    """Save the fields with the next revision."""
    case.revision += 1
    case.changed_at = now
    case.save(update_fields=[*fields, "revision", "changed_at"])


def tell(kind: str, actor: Actor, case: Case, /, **data: Any) -> None:
    """One event of a case. What figures are rolled up from is always in it."""
    facts: Mapping[str, Any] = {
        "number": case.number,
        "type": case.type,
        "state": case.state,
        "category": case.category_id,
        "source": case.source,
        **{name: value for name, value in data.items() if value not in (None, "", [])},
    }
    journal.record(kind, by=actor, subject=case, area=case.area_id, unit=case.unit_id, data=facts)
