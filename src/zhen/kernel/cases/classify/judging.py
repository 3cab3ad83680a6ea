"""Taking or refusing what was suggested for a case: somebody decides, and the journal keeps how."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.cases.actions.common import locked, tell
from zhen.kernel.cases.actions.working import edit
from zhen.kernel.cases.models import Case
from zhen.kernel.cases.rulebook import rulebook
from zhen.kernel.lib.refusals import Refused

TAKEN, REFUSED = "cases.suggestion_taken", "cases.suggestion_refused"


@action(None, asks="edit")
def take_suggestion(actor: Actor, case_id: int, revision: int, category_id: int) -> Case:
    """Give a case the class that was suggested for it. What stood there before is in the event of the edit."""
    category = rulebook().categories.get(category_id)
    case, type_ = locked(actor, "edit", case_id, revision)
    if category is None or category.scheme != type_.scheme or not category.leaf:
        raise Refused(
            field=_("class"),
            value=category_id,
            reason=_("cases of this kind cannot have it"),
            remedy=_("Choose one of the list"),
        )
    case = edit(actor, case_id, revision, {"category_id": category_id})
    tell(TAKEN, actor, case, suggested=category_id)
    return case


@action(None, asks="edit")
def refuse_suggestion(actor: Actor, case_id: int, category_id: int) -> None:
    """Say that a suggestion is wrong: it is not shown on this case again. No revision: nothing of the case changes."""
    case, _type = locked(actor, "edit", case_id, None)
    tell(REFUSED, actor, case, suggested=category_id)
