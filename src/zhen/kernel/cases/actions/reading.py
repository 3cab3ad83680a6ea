"""Opening who reported a case: with the right, for a purpose, and journalled."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, restrict
from zhen.kernel.cases.actions.common import type_of
from zhen.kernel.cases.models import Case, Reporter
from zhen.kernel.journal import api as journal
from zhen.kernel.lib.refusals import Refused

FIELDS = ("name", "phone", "email")


@action(None, asks="reporter")
def open_reporter(actor: Actor, case_id: int, purpose: str) -> Reporter:
    """The reporter of a case with his name and telephone. Raises Denied, Refused without a purpose,
    Case.DoesNotExist or Reporter.DoesNotExist."""
    kind = type_of(Case.objects.only("type").get(pk=case_id))
    actor.require(kind.powers.reporter)
    case = restrict(actor, kind.powers.reporter, Case.objects.all()).get(pk=case_id)
    if len(purpose.strip()) < 4:
        raise Refused(
            field=_("purpose"),
            value=purpose,
            reason=_("who is asked about must be able to read what for"),
            remedy=_("Say in a sentence what you need it for"),
        )
    reporter = restrict(actor, kind.powers.reporter, Reporter.objects.all()).get(case=case)
    grants = actor.grants_for(kind.powers.reporter)
    journal.read_of(
        case,
        by=actor,
        purpose=purpose.strip()[:300],
        fields=[name for name in FIELDS if getattr(reporter, name)],
        roles=[grant.role for grant in grants],
        units=[grant.unit_name for grant in grants if grant.unit_name],
    )
    return reporter
