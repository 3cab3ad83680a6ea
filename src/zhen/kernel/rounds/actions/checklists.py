"""Writing checklists: a draft beside the version in use, item by item, until it comes into use."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.rounds import rights
from zhen.kernel.rounds.declarations import Item, problems_of
from zhen.kernel.rounds.laying import next_number
from zhen.kernel.rounds.models import ChecklistVersion
from zhen.kernel.rounds.models.checklists import as_content

MOST_ITEMS = 200


@action(rights.CHECKLIST)
def begin_draft(actor: Actor, version: ChecklistVersion) -> ChecklistVersion:
    """A draft of the next version, with what an earlier one asks."""
    if ChecklistVersion.objects.filter(code=version.code, published_at__isnull=True, shipped=False).exists():
        raise Refused(
            field=_("checklist"),
            value=version.name,
            reason=_("a draft of it is being written already"),
            remedy=_("Go on with that one"),
        )
    made = ChecklistVersion.objects.create(
        code=version.code,
        number=next_number(version.code),
        name=version.name,
        law=version.law,
        minutes=version.minutes,
        people=version.people,
        content=version.content,
        made_by_id=actor.user_id,
        made_at=clock.now(),
    )
    _tell("rounds.checklist_begun", actor, made)
    return made


@action(rights.CHECKLIST)
def put_item(actor: Actor, version: ChecklistVersion, item: Item, *, instead_of: str = "") -> ChecklistVersion:
    """Add an item at the end of a draft, or put it in the place of another."""
    draft = _draft(version)
    items = list(draft.items)
    places = [number for number, one in enumerate(items) if one.id == instead_of]
    if instead_of and not places:
        raise _gone(instead_of)
    if places:
        items[places[0]] = item
    else:
        items.append(item)
    return _keep(actor, draft, items)


@action(rights.CHECKLIST)
def remove_item(actor: Actor, version: ChecklistVersion, item_id: str) -> ChecklistVersion:
    draft = _draft(version)
    items = [one for one in draft.items if one.id != item_id]
    if len(items) == len(draft.items):
        raise _gone(item_id)
    return _keep(actor, draft, items)


@action(rights.CHECKLIST)
def move_item(actor: Actor, version: ChecklistVersion, item_id: str, by: int) -> ChecklistVersion:
    """Move an item up (negative) or down among its neighbours."""
    draft = _draft(version)
    items = list(draft.items)
    place = next((number for number, one in enumerate(items) if one.id == item_id), None)
    if place is None:
        raise _gone(item_id)
    items.insert(max(0, min(len(items) - 1, place + by)), items.pop(place))
    return _keep(actor, draft, items)


@action(rights.CHECKLIST)
def publish(actor: Actor, version: ChecklistVersion) -> ChecklistVersion:
    """Bring a draft into use, for every visit from now on. What was answered before keeps its version."""
    draft = _draft(version)
    faults = [f"{id}: {what}" if id else str(what) for id, what, _remedy in problems_of(draft.items)]
    if faults:
        raise Refused(
            field=_("checklist"), value=draft.name, reason="; ".join(faults[:5]), remedy=_("Mend the items first")
        )
    draft.published_at = clock.now()
    draft.save(update_fields=["published_at"])
    _tell("rounds.checklist_published", actor, draft)
    return draft


def _draft(version: ChecklistVersion) -> ChecklistVersion:
    found = ChecklistVersion.objects.select_for_update().get(pk=version.pk)
    if found.published_at is not None:
        raise Outdated(
            field=_("checklist"),
            value=str(found),
            reason=_("this version is in use, and does not change any more"),
            remedy=_("Begin a draft of the next one"),
        )
    return found


def _keep(actor: Actor, draft: ChecklistVersion, items: Sequence[Item]) -> ChecklistVersion:
    if len(items) > MOST_ITEMS:
        raise Refused(
            field=_("items"),
            value=len(items),
            reason=_("nobody answers more than %(most)s") % {"most": MOST_ITEMS},
            remedy=_("Make two checklists of it"),
        )
    fresh = [str(what) for id, what, _remedy in problems_of(items) if id]
    if fresh:
        raise Refused(field=_("item"), value="", reason="; ".join(fresh[:5]), remedy=_("Mend it"))
    draft.content = as_content(tuple(items))
    draft.made_by_id = actor.user_id
    draft.save(update_fields=["content", "made_by"])
    _tell("rounds.checklist_changed", actor, draft)
    return draft


def _gone(item_id: str) -> Outdated:
    return Outdated(
        field=_("item"), value=item_id, reason=_("somebody has removed it"), remedy=_("Look at the draft again")
    )


def _tell(kind: str, actor: Actor, version: ChecklistVersion) -> None:
    journal.record(kind, by=actor, subject=version, data={"name": version.name, "number": version.number})
