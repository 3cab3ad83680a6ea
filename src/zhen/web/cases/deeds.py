"""What can be done to a case from its page: the steps of its table, and the engine's own actions. One list serves
the page (which forms to offer) and the address (what to run)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import Case, Comment, Foresight, NewCase, Transition
from zhen.kernel.lib.refusals import Refused
from zhen.web.cases import forms
from zhen.web.cases.forms import CaseForm
from zhen.web.cases.work import Work

Run = Callable[[Work, CaseForm], object]
Make = Callable[..., CaseForm]
FIXED_KEYS = frozenset("jkx")
"""Keys that lists have."""

POWERS = {
    "assign": "assign",
    "comment": "comment",
    "edit": "edit",
    "pause": "pause",
    "resume": "pause",
    "extend": "comment",
    "decide": "extend",
    "restart": "extend",
    "link": "link",
    "divide": "link",
}
"""The engine's own actions of the page, with the power that each asks for."""


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Something that this actor can do to this case now. `make(data)` gives its form."""

    id: str
    name: str | Promise
    make: Make
    run: Run
    done: str | Promise
    key: str = ""
    step: Transition | None = None
    foresight: Callable[[], Foresight] | None = None
    intro: str | Promise = ""
    tone: str = ""


def deeds_of(work: Work) -> dict[str, Deed]:
    """By id, in the order in which they are offered: the steps first."""
    taken = set(FIXED_KEYS)
    own = list(_own(work))
    taken |= {deed.key for deed in own}
    found = {}
    for step in work.steps:
        key = _free_key(step, taken)
        taken.add(key)
        found[step.id] = _of_step(work, step, key)
    return found | {deed.id: deed for deed in own}


def deed_of(work: Work, id: str) -> Deed | None:
    """One of `deeds_of`, without making the others."""
    step = next((step for step in work.steps if step.id == id), None)
    return _of_step(work, step, "") if step is not None else next((deed for deed in _own(work) if deed.id == id), None)


def _free_key(step: Transition, taken: set[str]) -> str:
    """The step's own key, or the first letter of its id that nothing else has."""
    return next((letter for letter in (step.key, *step.id) if letter.isalpha() and letter not in taken), "")


def _of_step(work: Work, step: Transition, key: str) -> Deed:
    def make(data: Any = None) -> CaseForm:
        return forms.StepForm(data, prefix=step.id, initial=_initial(work, data), work=work, step=step)

    def run(work: Work, form: CaseForm) -> object:
        assert isinstance(form, forms.StepForm)
        return cases.move(work.actor, work.case.pk, _revision(work, form), step.id, form.move(work))

    return Deed(
        id=step.id,
        name=step.name,
        make=make,
        run=run,
        done=_("Done: {what}").format(what=step.name),
        key=key,
        step=step,
        foresight=cache(lambda: cases.foresee(work.case, step, work.running, work.book, work.now)),
        tone=step.tone,
    )


def _initial(work: Work, data: Any, **more: Any) -> dict[str, Any]:
    """What its reader has seen, for a form that is shown. One that comes back says so itself."""
    return {"revision": work.case.revision, "seen": work.newest, **more} if data is None else more


def _revision(work: Work, form: CaseForm) -> int:
    """What its writer saw. A form without one has seen nothing and must look first."""
    return int(form.cleaned_data.get("revision") or 0)


def _own(work: Work) -> Iterable[Deed]:
    """The engine's own actions, for those with the power to them, where they have a sense."""
    case = work.case
    if case.open and work.may("assign"):
        yield _assign(work)
    if work.may("comment"):
        yield _comment(work)
    if work.may("edit"):
        yield _edit(work)
    if case.open and work.may("pause"):
        if any(row.paused for row in work.running):
            yield _simple(work, "resume", gettext_lazy("Let the clocks go on"), forms.ResumeForm, _resume, "p")
        elif work.running:
            yield _simple(work, "pause", gettext_lazy("Hold the clocks"), forms.PauseForm, _pause, "p")
    if case.open and work.may("comment") and forms.extendable(work, work.running, work.asked):
        yield _ask(work)
    if case.open and work.may("extend"):
        if any(request.asked_by_id != work.actor.user_id for request in work.asked):
            yield _decide(work)
        if forms.startable(work, work.running):
            yield _restart(work)
    if work.may("link"):
        yield _simple(work, "link", gettext_lazy("Link with another case"), forms.LinkForm, _link, "l")
        if case.open:
            yield _divide(work)


def _simple(work: Work, id: str, name: str | Promise, form: type[CaseForm], run: Run, key: str) -> Deed:
    def make(data: Any = None) -> CaseForm:
        return form(data, prefix=id, initial=_initial(work, data))

    return Deed(id=id, name=name, make=make, run=run, done=_("Done: {what}").format(what=name), key=key)


def _assign(work: Work) -> Deed:
    def make(data: Any = None) -> CaseForm:
        case = work.case
        initial = _initial(work, data, unit=case.unit_id or "", person=case.person_id or "", shared=case.shared_units)
        form = forms.AssignForm(data, prefix="assign", initial=initial)
        form.fields["unit"].choices = [("", _("none")), *forms.unit_choices(work)]  # type: ignore[attr-defined]
        form.fields["person"].choices = [("", _("nobody yet")), *forms.person_choices(work)]  # type: ignore[attr-defined]
        form.fields["shared"].choices = forms.unit_choices(work)  # type: ignore[attr-defined]
        if case.person_id is not None and case.person_id not in {hand.user.pk for hand in work.hands}:
            # whoever has it stays in the list, although his post has ended
            form.fields["person"].choices.append((case.person_id, str(case.person)))  # type: ignore[attr-defined]
        return form

    def run(work: Work, form: CaseForm) -> object:
        given = form.cleaned_data
        unit = int(given["unit"]) if given["unit"] else None
        person = int(given["person"]) if given["person"] else None
        moved = unit is not None and unit != work.case.unit_id
        shared = tuple(int(id) for id in given["shared"])
        # the people of the list are those of the unit that had it
        return cases.assign(
            work.actor,
            work.case.pk,
            _revision(work, form),
            unit_id=unit,
            person_id=None if moved else person,
            shared_units=shared if set(shared) != set(work.case.shared_units) else None,
            reason=given["reason"],
        )

    return Deed(
        id="assign",
        name=gettext_lazy("Assign"),
        make=make,
        run=run,
        done=_("It is assigned."),
        key="a",
    )


def _comment(work: Work) -> Deed:
    def make(data: Any = None) -> CaseForm:
        form = forms.CommentForm(data, prefix="comment", initial=_initial(work, data))
        if work.reporter is None:
            form.fields["kind"].choices = form.fields["kind"].choices[:1]  # type: ignore[attr-defined]
        return form

    def run(work: Work, form: CaseForm) -> object:
        kind = form.cleaned_data["kind"]
        public = kind == Comment.Kind.ANSWER
        return cases.comment(work.actor, work.case.pk, form.cleaned_data["text"], kind=kind, public=public)

    return Deed(
        id="comment",
        name=gettext_lazy("Comment"),
        make=make,
        run=run,
        done=_("It is noted."),
        key="c",
    )


def _edit(work: Work) -> Deed:
    def make(data: Any = None) -> CaseForm:
        form = forms.EditForm(data, prefix="edit", initial=_initial(work, data, **forms.initial_edit(work.case)))
        form.fields["category"].choices = [("", _("none")), *forms.class_choices(work)]  # type: ignore[attr-defined]
        return form

    def run(work: Work, form: CaseForm) -> object:
        return cases.edit(work.actor, work.case.pk, _revision(work, form), forms.changed(work.case, form.cleaned_data))

    return Deed(id="edit", name=gettext_lazy("Edit"), make=make, run=run, done=_("It is changed."), key="e")


def _ask(work: Work) -> Deed:
    def make(data: Any = None) -> CaseForm:
        form = forms.ExtendForm(data, prefix="extend", initial=_initial(work, data))
        form.fields["deadline"].choices = forms.extendable(work, work.running, work.asked)  # type: ignore[attr-defined]
        return form

    def run(work: Work, form: CaseForm) -> object:
        given = form.cleaned_data
        return cases.ask_extension(
            work.actor, work.case.pk, _revision(work, form), given["deadline"], given["amount"], given["reason"]
        )

    return Deed(
        id="extend",
        name=gettext_lazy("Ask for more time"),
        make=make,
        run=run,
        done=_("More time is asked for."),
        key="t",
        intro=gettext_lazy(
            "Each deadline can be extended once, before it has run out. It moves when somebody else has approved it."
        ),
    )


def _decide(work: Work) -> Deed:
    def make(data: Any = None) -> CaseForm:
        form = forms.DecideForm(data, prefix="decide", initial=_initial(work, data))
        form.fields["deadline"].choices = forms.waiting(work)  # type: ignore[attr-defined]
        return form

    def run(work: Work, form: CaseForm) -> object:
        given = form.cleaned_data
        return cases.decide_extension(
            work.actor,
            work.case.pk,
            _revision(work, form),
            given["deadline"],
            approve=given["answer"] == forms.DecideForm.APPROVE,
            note=given["note"],
        )

    return Deed(
        id="decide",
        name=gettext_lazy("Decide on more time"),
        make=make,
        run=run,
        done=_("It is decided."),
        key="g",
        tone="due_soon",
    )


def _restart(work: Work) -> Deed:
    def make(data: Any = None) -> CaseForm:
        form = forms.RestartForm(data, prefix="restart", initial=_initial(work, data))
        form.fields["deadline"].choices = forms.startable(work, work.running)  # type: ignore[attr-defined]
        return form

    def run(work: Work, form: CaseForm) -> object:
        given = form.cleaned_data
        return cases.restart(work.actor, work.case.pk, _revision(work, form), given["deadline"], given["reason"])

    return Deed(
        id="restart",
        name=gettext_lazy("Start a deadline again"),
        make=make,
        run=run,
        done=_("The deadline runs from now."),
        intro=gettext_lazy("Only where the rule says so, such as after an application was corrected."),
    )


def _divide(work: Work) -> Deed:
    def make(data: Any = None) -> CaseForm:
        form = forms.DivideForm(data, prefix="divide", initial=_initial(work, data))
        form.fields["unit"].choices = [("", _("as the town's routes say")), *forms.unit_choices(work)]  # type: ignore[attr-defined]
        return form

    def run(work: Work, form: CaseForm) -> object:
        given = form.cleaned_data
        part = NewCase(
            title=given["title"],
            text=given["text"],
            category=work.case.category,
            unit_id=int(given["unit"]) if given["unit"] else None,
        )
        return cases.divide(work.actor, work.case.pk, _revision(work, form), part)

    return Deed(
        id="divide",
        name=gettext_lazy("Open a sub-case"),
        make=make,
        run=run,
        done=_("The sub-case is open."),
        intro=gettext_lazy("This case cannot be closed before its parts.") if work.type.closes_with_parts else "",
    )


def _pause(work: Work, form: CaseForm) -> object:
    return cases.pause(work.actor, work.case.pk, _revision(work, form), form.cleaned_data["reason"])


def _resume(work: Work, form: CaseForm) -> object:
    return cases.resume(work.actor, work.case.pk, _revision(work, form))


def _link(work: Work, form: CaseForm) -> object:
    given = form.cleaned_data
    number = given["target"].strip().upper()
    target: Case | None = cases.by_number(work.actor, [number]).get(number)
    if target is None or target.pk == work.case.pk:
        raise Refused(
            field=_("number of the other case"),
            value=given["target"],
            reason=_("there is none of this number for you"),
            remedy=_("Copy the number from the other case's page"),
        )
    return cases.link(work.actor, work.case.pk, given["kind"], target_id=target.pk, note=given["note"])
