"""The works: begun, measured, delayed, shown, accepted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated
from zhen.kernel.rounds.api import Finding, Visit, VisitFile
from zhen.packs.renewal import rights
from zhen.packs.renewal.actions.common import held, no, open_project, tell
from zhen.packs.renewal.checklists import ACCEPTANCE
from zhen.packs.renewal.kinds import ACCEPTED, BEGUN, Evidence, Matter
from zhen.packs.renewal.models import (
    Delay,
    DelayReason,
    Door,
    Measured,
    Milestone,
    Pair,
    Picture,
    Project,
    Quantity,
    WarrantyTerm,
    valid_on,
)
from zhen.packs.renewal.rules import months_later
from zhen.packs.renewal.sources import PROJECTS


@action(rights.WORK)
def reach(actor: Actor, milestone: Milestone, *, on: date, proof: str = "", visit: Visit | None = None) -> Milestone:
    """A milestone is reached, with what shows it. Works begin only on a project that is cleared."""
    project = open_project(actor, rights.WORK, milestone.project)
    found = held(actor, rights.WORK, milestone)
    found.project = project
    if found.done_on is not None:
        raise Outdated(
            field=_("milestone"), value=str(found), reason=_("it is reached already"), remedy=_("Look at it again")
        )
    if found.evidence in (Evidence.CLEARED, Evidence.ACCEPTANCE):
        raise no(_("milestone"), found, _("it follows from another step"), _("Clear or accept the project"))
    if on > clock.today():
        raise no(_("reached on"), on, _("this day lies ahead"), _("Wait for it"))
    if found.evidence is Evidence.VISIT:
        if visit is None:
            raise no(_("visit"), "", _("somebody must have seen it"), _("Choose the visit that saw it"))
        check_visit(project, visit)
        keep_pictures(project, visit)
    elif not proof.strip():
        raise no(_("proof"), "", _("nothing shows it"), _("Name the document by its number"))
    if found.step == BEGUN:
        _begin(project, on)
    found.done_on, found.proof, found.visit = on, proof.strip()[:200], visit
    found.save(update_fields=["done_on", "proof", "visit"])
    tell("renewal.reached", actor, project, step=found.name, on=on.isoformat())
    return found


def _begin(project: Project, on: date) -> None:
    if project.matter != Matter.NONE and (project.cleared_on is None or project.cleared_on > on):
        raise no(
            _("reached on"),
            on,
            _("the owners have not agreed, or the publicity is not over"),
            _("Clear the project for works first"),
        )
    project.started_on = on
    project.save(update_fields=["started_on"])


@action(rights.WORK)
def delay(actor: Actor, milestone: Milestone, *, new_on: date, reason: DelayReason, note: str = "") -> Delay:
    """A milestone comes later. Those after it that would come before it move by as many days; the first plan stays."""
    project = open_project(actor, rights.WORK, milestone.project)
    found = held(actor, rights.WORK, milestone)
    found.project = project
    if found.done_on is not None:
        raise Outdated(
            field=_("milestone"), value=str(found), reason=_("it is reached already"), remedy=_("Look at it again")
        )
    if new_on <= found.due_on:
        raise no(_("new day"), new_on, _("it is not later"), _("Give a day after %s") % found.due_on.isoformat())
    now, by = clock.now(), new_on - found.due_on
    moved = [found, *project.milestones.filter(order__gt=found.order, done_on__isnull=True)]
    delays = []
    for one in moved:
        delays.append(
            Delay(
                milestone=one, reason=reason, note=note.strip()[:300], was_on=one.due_on, new_on=one.due_on + by, at=now
            )
        )
        one.due_on += by
    Milestone.objects.bulk_update(moved, ["due_on"])
    first, *_rest = Delay.objects.bulk_create(delays)
    tell("renewal.delayed", actor, project, step=found.name, new=new_on.isoformat(), reason=reason.name)
    return first


@action(rights.WORK)
def plan_quantity(actor: Actor, project: Project, *, name: str, unit: str, planned: Decimal, weight: int) -> Quantity:
    """A line of the bill of quantities, before the works begin or after."""
    found = open_project(actor, rights.WORK, project)
    if found.quantities.filter(name=name.strip()).exists():
        raise no(_("item"), name, _("the bill has it already"), _("Choose another name"))
    if planned <= 0:
        raise no(_("planned"), planned, _("it is nothing"), _("Give how much is planned"))
    made = Quantity.objects.create(project=found, name=name.strip(), unit=unit.strip(), planned=planned, weight=weight)
    tell("renewal.quantity_planned", actor, found, item=made.name, planned=f"{planned} {made.unit}")
    return made


@action(rights.WORK)
def measure(actor: Actor, project: Project, visit: Visit, amounts: Mapping[int, Decimal]) -> list[Measured]:
    """What a visit has measured, by line: in all, not since the last time. Its photos stay with the project."""
    found = open_project(actor, rights.WORK, project)
    check_visit(found, visit)
    lines = {line.pk: line for line in found.quantities.filter(pk__in=amounts)}
    if not lines or len(lines) != len(amounts):
        raise no(_("quantities"), len(amounts), _("nothing of the bill was measured"), _("Fill in a line"))
    wrong = next((lines[pk] for pk, amount in amounts.items() if amount < 0), None)
    if wrong is not None:
        raise no(_("done in all"), amounts[wrong.pk], _("it is less than nothing"), _("Measure again"))
    if Measured.objects.filter(visit=visit, quantity__in=lines).exists():
        raise no(_("visit"), visit, _("its quantities are recorded already"), _("Choose another visit"))
    assert visit.done_at is not None
    day = visit.done_at.astimezone(clock.TOWN_ZONE).date()
    made = Measured.objects.bulk_create(
        Measured(quantity=lines[pk], visit=visit, on=day, amount=amount) for pk, amount in amounts.items()
    )
    keep_pictures(found, visit)
    tell("renewal.measured", actor, found, lines=len(made), on=day.isoformat())
    return made


@action(rights.WORK)
def pair_up(actor: Actor, project: Project, *, title: str, before: Picture, after: Picture) -> Pair:
    """Two pictures of the same spot, before and after."""
    found = held(actor, rights.WORK, project)
    if {before.project_id, after.project_id} != {found.pk}:
        raise no(_("before"), before, _("it belongs to another project"), _("Choose pictures of this one"))
    if before.pk == after.pk or before.taken_on > after.taken_on:
        raise no(_("after"), after.taken_on, _("it was not taken later"), _("Choose a later picture"))
    if found.pairs.filter(title=title.strip()).exists():
        raise no(_("what is seen"), title, _("there is such a pair"), _("Choose another name"))
    made = Pair.objects.create(project=found, title=title.strip()[:60], before=before, after=after)
    tell("renewal.paired", actor, found, title=made.title)
    return made


@action(rights.ACCEPT)
def accept(actor: Actor, project: Project, visit: Visit) -> Project:
    """Accept the works, by a visit of two people that saw them. The warranty begins on its day."""
    found = open_project(actor, rights.ACCEPT, project)
    check_visit(found, visit)
    if found.started_on is None:
        raise no(_("renewal project"), found.name, _("its works have not begun"), _("Record their beginning"))
    if visit.checklist != ACCEPTANCE.id:
        raise no(_("visit"), visit, _("it was no acceptance"), _("Choose a visit with the list of the acceptance"))
    if visit.inspector_id is None or visit.second_id is None:
        raise no(_("visit"), visit, _("one person alone was there"), _("Let two people go"))
    missing = found.milestones.filter(done_on__isnull=True).exclude(step=ACCEPTED).first()
    if missing is not None:
        raise no(_("milestone"), missing, _("it is not reached"), _("Record it first"))
    defect = open_defects(found).first()
    if defect is not None:
        raise no(_("defect"), defect.title, _("it is not put right"), _("Have it put right and seen"))
    assert visit.done_at is not None
    day = visit.done_at.astimezone(clock.TOWN_ZONE).date()
    term = WarrantyTerm.objects.filter(valid_on(day), kind=found.kind).order_by("-valid_from").first()
    if term is None:
        raise no(_("warranty"), found.get_kind_display(), _("no rule holds on that day"), _("Enter one"))
    found.accepted_on, found.acceptance, found.warranty_until = day, visit, months_later(day, term.months)
    found.save(update_fields=["accepted_on", "acceptance", "warranty_until"])
    found.milestones.filter(step=ACCEPTED).update(done_on=day, visit=visit)
    Door.objects.filter(project=found).update(closed_on=day)
    keep_pictures(found, visit)
    tell("renewal.accepted", actor, found, on=day.isoformat(), warranty=found.warranty_until.isoformat())
    return found


def check_visit(project: Project, visit: Visit) -> None:
    """A visit shows something of a project only where it went there, saw it, and took a photo."""
    subject = visit.subject
    if (subject.source, subject.ref) != (PROJECTS, str(project.pk)) or visit.outcome != Visit.Outcome.SEEN:
        raise no(_("visit"), visit, _("it has not seen this project"), _("Choose a visit to this project"))
    if not visit.photos.exists() and not Picture.objects.filter(visit=visit).exists():
        raise no(_("visit"), visit, _("it took no photo"), _("Choose a visit with photos"))


def open_defects(project: Project) -> QuerySet[Finding]:
    rows = Finding.objects.filter(subject__source=PROJECTS, subject__ref=str(project.pk), over_at__isnull=True)
    return rows.order_by("pk")


def keep_pictures(project: Project, visit: Visit) -> int:
    """The photos of a visit that counts for something stay in the project's own file."""
    images = [one.file for one in VisitFile.objects.filter(visit=visit).select_related("file") if one.file.is_image]
    known = set(Picture.objects.filter(file__in=images).values_list("file_id", flat=True))
    assert visit.done_at is not None
    day = visit.done_at.astimezone(clock.TOWN_ZONE).date()
    made = [Picture(project=project, visit=visit, file=file, taken_on=day) for file in images if file.pk not in known]
    Picture.objects.bulk_create(made)
    return len(made)
