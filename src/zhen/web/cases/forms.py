"""Forms that are made for one case: a step asks only for what it needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from zhen.kernel.cases.api import Case, Clock, Comment, Extension, Link, Move, Need, TimeLimit, Transition
from zhen.kernel.files import api as files
from zhen.web.cases import classes
from zhen.web.cases.work import Work

Choices = classes.Choices
TIME_UNITS = dict(TimeLimit.Unit.choices)


class CaseForm(forms.Form):
    """Carries what its writer saw: the revision, and the newest event, so that changes since can be shown to him."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, prefix: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id=f"{prefix}-%s")


def _text(
    label: str | Promise, *, rows: int = 3, required: bool = True, most: int = 2000, help: str | Promise = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]  # a lazy string is a string
        required=required,
        max_length=most,
        help_text=str(help),
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class CommentForm(CaseForm):
    text = _text(gettext_lazy("what you want to say"), most=5000)
    kind = forms.ChoiceField(
        label=gettext_lazy("for whom"),
        choices=[
            (Comment.Kind.NOTE, gettext_lazy("a note among colleagues")),
            (Comment.Kind.CONTACT, gettext_lazy("contact with the reporter (noted; it stops the first-contact clock)")),
            (Comment.Kind.ANSWER, gettext_lazy("an answer that the reporter reads")),
        ],
        initial=Comment.Kind.NOTE,
        widget=forms.RadioSelect,
    )


class PauseForm(CaseForm):
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=300,
        help_text=gettext_lazy("such as rain, or a third party that is heard"),
    )


class ResumeForm(CaseForm):
    pass


class ExtendForm(CaseForm):
    deadline = forms.ChoiceField(label=gettext_lazy("deadline"))
    amount = forms.IntegerField(label=gettext_lazy("by how much"), min_value=1, max_value=366)
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300)


class DecideForm(CaseForm):
    APPROVE, REFUSE = "approve", "refuse"

    deadline = forms.ChoiceField(label=gettext_lazy("who asks for what"), widget=forms.RadioSelect)
    answer = forms.ChoiceField(
        label=gettext_lazy("decision"),
        choices=[(APPROVE, gettext_lazy("grant it")), (REFUSE, gettext_lazy("refuse it"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("reason of the decision"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("A refusal needs one."),
    )


class RestartForm(CaseForm):
    deadline = forms.ChoiceField(label=gettext_lazy("deadline"))
    reason = forms.CharField(label=gettext_lazy("reason"), max_length=300)


class EditForm(CaseForm):
    title = forms.CharField(label=gettext_lazy("title"), max_length=200)
    text = _text(gettext_lazy("description"), required=False, most=5000, rows=4)
    address = forms.CharField(label=gettext_lazy("address"), max_length=200, required=False)
    category = forms.ChoiceField(label=gettext_lazy("class"), required=False)
    urgent = forms.BooleanField(label=gettext_lazy("urgent"), required=False)
    visible = forms.BooleanField(label=gettext_lazy("shown to the public"), required=False)


class AssignForm(CaseForm):
    unit = forms.ChoiceField(label=gettext_lazy("unit"), required=False)
    person = forms.ChoiceField(
        label=gettext_lazy("person in charge"),
        required=False,
        help_text=gettext_lazy("with the open cases that each has; who has the least comes first"),
    )
    shared = forms.MultipleChoiceField(label=gettext_lazy("co-handling units"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("for a transfer to another unit"),
    )


class LinkForm(CaseForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("how they belong together"),
        choices=[
            (Link.Kind.REPEAT, gettext_lazy("this one repeats the other")),
            (Link.Kind.RELATED, gettext_lazy("they belong together")),
            (Link.Kind.CAUSED, gettext_lazy("the other one caused it")),
        ],
    )
    target = forms.CharField(label=gettext_lazy("number of the other case"), max_length=40)
    note = forms.CharField(label=gettext_lazy("note"), max_length=300, required=False)


class DivideForm(CaseForm):
    title = forms.CharField(label=gettext_lazy("what the part is about"), max_length=200)
    text = _text(gettext_lazy("description"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("unit"), required=False)


class ReporterForm(CaseForm):
    purpose = forms.CharField(
        label=gettext_lazy("what you need it for"),
        max_length=300,
        help_text=gettext_lazy("It is written down with your name, and the reporter may ask to see it."),
    )


class StepForm(CaseForm):
    """What one step of the table asks for."""

    def __init__(
        self, data: Any = None, *, prefix: str, work: Work, step: Transition, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, prefix=prefix, initial=initial)
        self.needs = step.needs
        case = work.case
        if Need.CATEGORY in step.needs:
            self.fields["category"] = _choice(_("class"), class_choices(work), initial=case.category_id or "")
        if Need.UNIT in step.needs:
            self.fields["unit"] = _choice(_("unit"), unit_choices(work), initial=work.suggested_unit or "")
            if work.suggested_unit and work.suggested_unit != case.unit_id:
                self.fields["unit"].help_text = _("proposed by the town's routes")
        if Need.PERSON in step.needs:
            self.fields["person"] = _choice(_("person in charge"), person_choices(work), initial=case.person_id or "")
        if Need.OUTCOME in step.needs:
            self.fields["outcome"] = forms.ChoiceField(
                label=_("how it ended"), choices=outcomes(work), initial=case.outcome, widget=forms.RadioSelect
            )
        if Need.RESULT in step.needs:
            self.fields["result"] = _text(_("what was done"), most=5000)
            self.fields["result"].initial = case.result
        if step.needs & {Need.RESULT, Need.EVIDENCE, Need.SHOWN}:
            self.fields["evidence"] = files.UploadField(
                work.actor,
                kinds=files.ALL,
                label=_("photos and papers of it"),
                required=Need.EVIDENCE in step.needs and not work.has_evidence,
            )
        if Need.REASON in step.needs:
            self.fields["reason"] = _text(_("reason"), most=300, rows=2)
        elif Need.SHOWN in step.needs:
            self.fields["reason"] = _text(_("why there is no photo"), most=300, rows=1, required=False)
        if Need.UNTIL in step.needs:
            self.fields["until"] = forms.DateTimeField(
                label=_("until when"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
            )
        if Need.RATING in step.needs:
            stars = [(str(n), ngettext("{n} star", "{n} stars", n).format(n=n)) for n in range(1, 6)]
            self.fields["rating"] = forms.ChoiceField(label=_("rating"), choices=stars, widget=forms.RadioSelect)
        if step.told and work.reporter is not None:
            self.fields["answer"] = _text(
                _("answer to the reporter"), required=False, rows=2, help=_("The reporter reads it word for word.")
            )

    def move(self, work: Work) -> Move:
        given = self.cleaned_data
        until = given.get("until")
        return Move(
            reason=given.get("reason") or "",
            category=work.book.categories[int(given["category"])] if given.get("category") else None,
            unit_id=int(given["unit"]) if given.get("unit") else None,
            person_id=int(given["person"]) if given.get("person") else None,
            outcome=given.get("outcome") or "",
            result=given.get("result") or "",
            answer=given.get("answer") or "",
            until=until if isinstance(until, datetime) else None,
            rating=int(given["rating"]) if given.get("rating") else None,
            files=tuple(given.get("evidence") or ()),
        )


def _choice(label: str, choices: Choices, *, initial: Any, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", _("choose")), *choices], initial=initial, required=required)


def class_choices(work: Work) -> Choices:
    return classes.class_choices(work.type, work.book, work.day)


def unit_choices(work: Work) -> Choices:
    return [(unit.pk, unit.name) for unit in work.units]


def person_choices(work: Work) -> Choices:
    """People by unit, each with his load."""
    names = {unit.pk: unit.name for unit in work.units}
    groups: dict[str, list[tuple[int, str]]] = {}
    for hand in work.hands:
        load = ngettext("{n} open case", "{n} open cases", hand.load).format(n=hand.load)
        label = _("{name} · {load}").format(name=hand.user, load=load)
        if hand.stands_in:
            label = _("{label} · stands in").format(label=label)
        groups.setdefault(names.get(hand.unit_id, ""), []).append((hand.user.pk, label))
    return list(groups.items())


def outcomes(work: Work) -> Choices:
    return [(outcome.id, str(outcome.name)) for outcome in work.type.outcomes]


def extendable(work: Work, clocks: Iterable[Clock], asked: Iterable[Extension]) -> Choices:
    """The deadlines that run, were not extended yet and wait for no decision, each with its unit of time."""
    waiting = {request.clock_id for request in asked}
    return [
        (
            row.deadline,
            _("{deadline} (in {unit})").format(
                deadline=work.type.deadline(row.deadline).name, unit=TIME_UNITS[row.unit]
            ),
        )
        for row in clocks
        if _in_time(row, work.now) and not row.extension and row.pk not in waiting
    ]


def startable(work: Work, clocks: Iterable[Clock]) -> Choices:
    return [(row.deadline, work.type.deadline(row.deadline).name) for row in clocks if _in_time(row, work.now)]


def waiting(work: Work) -> Choices:
    """What waits for the decision of somebody else than who asked for it."""
    return [
        (
            request.clock.deadline,
            _("{who}: {amount} {unit} more on “{deadline}”, because {reason}").format(
                who=request.asked_by or "—",
                amount=request.amount,
                unit=TIME_UNITS[request.clock.unit],
                deadline=work.type.deadline(request.clock.deadline).name,
                reason=request.reason,
            ),
        )
        for request in work.asked
        if request.asked_by_id != work.actor.user_id
    ]


def _in_time(row: Clock, now: datetime) -> bool:
    return row.running and row.breached_at is None and (row.due_at is None or row.due_at > now)


def initial_edit(case: Case) -> dict[str, Any]:
    return {
        "title": case.title,
        "text": case.text,
        "address": case.address,
        "category": case.category_id or "",
        "urgent": case.urgent,
        "visible": case.visible,
    }


def changed(case: Case, given: dict[str, Any]) -> dict[str, Any]:
    """What an edit form changes of a case."""
    wanted = {name: given[name] for name in ("title", "text", "address", "urgent", "visible")}
    wanted["category_id"] = int(given["category"]) if given["category"] else case.category_id
    return {name: value for name, value in wanted.items() if getattr(case, name) != value}
