"""Two records of one person become one; the trace of both stays."""

from __future__ import annotations

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.parties.models import Person
from zhen.kernel.parties.retaining import relations
from zhen.kernel.parties.scope import fetch

MERGE = "parties.person.merge"
KNOWN = ("sex", "born_on", "document", "id_number", "area", "note")


@action(MERGE)
def merge_persons(actor: Actor, keep_key: object, double_key: object) -> Person:
    """Everything that points to the double points to the kept record afterwards, in every module.

    What the kept record lacks is taken over. The double keeps its id and `merged_into`, so that old
    events and links still lead to the person; it keeps no data of its own. Two different identity
    numbers are two persons: that is refused.
    """
    first, second = sorted((str(keep_key), str(double_key)))
    locked = {key: fetch(actor, MERGE, Person.objects.all(), key, lock=True) for key in (first, second)}
    keep, double = locked[str(keep_key)], locked[str(double_key)]
    _refuse_wrong_pair(keep, double)
    number = double.id_number.clear() if double.id_number and not keep.id_number else ""
    for name in KNOWN:
        if name != "id_number" and getattr(keep, name) in (None, "", Person.Sex.UNKNOWN):
            setattr(keep, name, getattr(double, name))
    moved = _point_to(keep, double)
    _empty(double, keep)
    if number:
        keep.id_number = number
    keep.save()
    journal.record(
        "parties.person.merged",
        by=actor,
        subject=keep,
        area=keep.area_id,
        data={"double": str(double.pk), "moved": moved},
    )
    return keep


def _refuse_wrong_pair(keep: Person, double: Person) -> None:
    reason = ""
    if keep.pk == double.pk:
        reason = _("is the same record")
    elif keep.merged_into_id or double.merged_into_id:
        reason = _("has been merged already")
    elif keep.id_number and double.id_number and keep.id_number.clear() != double.id_number.clear():
        reason = _("has another identity number, so it is another person")
    elif keep.born_on and double.born_on and keep.born_on != double.born_on:
        reason = _("has another day of birth")
    elif hasattr(keep, "account") and hasattr(double, "account"):
        reason = _("belongs to another user account")
    if reason:
        raise Refused(
            field=_("Double"),
            value=double.name,
            reason=reason,
            remedy=_("Compare both records, and correct the wrong one before merging"),
        )


def _point_to(keep: Person, double: Person) -> dict[str, int]:
    """Repoint every foreign key to the double. Gives how many rows moved, by model."""
    moved: dict[str, int] = {}
    for relation in relations(Person):
        if not isinstance(relation.field, models.ForeignKey):
            continue
        model, name = relation.related_model, relation.field.name
        rows = model._base_manager.filter(**{name: double})
        try:
            with transaction.atomic():
                count = rows.update(**{name: keep})
        except IntegrityError as error:
            raise Refused(
                field=_("Double"),
                value=double.name,
                reason=_("has records that contradict those of the other (%(kind)s)")
                % {"kind": model._meta.verbose_name},
                remedy=_("End or correct them on one of the two records, then merge"),
            ) from error
        if count:
            moved[model._meta.label_lower] = moved.get(model._meta.label_lower, 0) + count
    return moved


def _empty(double: Person, keep: Person) -> None:
    """Leave of the double only where it went."""
    double.set_name("—")
    double.sex, double.born_on, double.document, double.note = Person.Sex.UNKNOWN, None, "", ""
    double.id_number, double.area = None, None
    double.ended_on, double.ending = clock.today(), Person.Ending.MERGED
    double.merged_into = keep
    double.save()
