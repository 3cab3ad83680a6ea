"""The forms of what happens to a project: consent, milestones, quantities, pictures, acceptance."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.pages.api import FormPage
from zhen.packs.renewal import forms, queries, rights
from zhen.packs.renewal.actions import consent, works
from zhen.packs.renewal.models import Consultation, Milestone, Project
from zhen.packs.renewal.screens.common import of


def save_consultation(actor: Actor, project: Project, form: Any) -> str:
    consent.open_consultation(actor, project, **form.cleaned_data)
    return of(project) + "#consent"


def save_votes(actor: Actor, consultation: Consultation, form: Any) -> str:
    given = dict(form.cleaned_data)
    consent.count_votes(actor, consultation, given, close=given.pop("close"))
    return of(consultation.project) + "#consent"


def save_publicity(actor: Actor, project: Project, form: Any) -> str:
    consent.hang_out(actor, project, **form.cleaned_data)
    return of(project) + "#consent"


def save_objection(actor: Actor, project: Project, form: forms.ObjectionForm) -> str:
    case = consent.object_to(actor, project, text=form.cleaned_data["text"], reporter=form.reporter())
    return f"/desk/cases/{case.number}/" if actor.may(rights.CASE_VIEW) else of(project)


def save_reached(actor: Actor, milestone: Milestone, form: forms.ReachForm) -> str:
    given = form.cleaned_data
    works.reach(actor, milestone, on=given["on"], proof=given["proof"], visit=form.chosen())
    return of(milestone.project) + "#milestones"


def save_delay(actor: Actor, milestone: Milestone, form: Any) -> str:
    works.delay(actor, milestone, **form.cleaned_data)
    return of(milestone.project) + "#delays"


def save_quantity(actor: Actor, project: Project, form: Any) -> str:
    works.plan_quantity(actor, project, **form.cleaned_data)
    return of(project) + "#quantities"


def save_measured(actor: Actor, project: Project, form: forms.MeasureForm) -> str:
    visit = form.chosen()
    assert visit is not None, "the form asks for it"
    works.measure(actor, project, visit, form.amounts())
    return of(project) + "#quantities"


def save_pair(actor: Actor, project: Project, form: Any) -> str:
    works.pair_up(actor, project, **form.cleaned_data)
    return of(project) + "#before_after"


def save_accepted(actor: Actor, project: Project, form: forms.AcceptForm) -> str:
    visit = form.chosen()
    assert visit is not None, "the form asks for it"
    return of(works.accept(actor, project, visit))


PAGES = (
    FormPage(
        id="renewal.consultation_new",
        title=_("Ask the owners"),
        intro=_("All households and their floor area. The rule of consent that holds today decides later."),
        permission=rights.CONSENT,
        subject=queries.project_for,
        form=lambda _actor, _project, data, _files: forms.ConsultationForm(data),
        save=save_consultation,
        submit=_("Begin"),
    ),
    FormPage(
        id="renewal.consultation_count",
        title=_("Count the answers"),
        intro=_("Counts only, of households and of floor area. Who is left over was not reached."),
        permission=rights.CONSENT,
        subject=queries.consultation_for,
        form=lambda _actor, consultation, data, _files: forms.VotesForm(data, consultation),
        save=save_votes,
        submit=_("Save"),
    ),
    FormPage(
        id="renewal.publicity_new",
        title=_("Make the result public"),
        permission=rights.CONSENT,
        subject=queries.project_for,
        form=lambda _actor, _project, data, _files: forms.PublicityForm(data),
        save=save_publicity,
        submit=_("Save"),
    ),
    FormPage(
        id="renewal.objection_new",
        title=_("Enter an objection"),
        permission=rights.CASE_CREATE,
        subject=queries.project_for,
        form=lambda _actor, _project, data, _files: forms.ObjectionForm(data),
        save=save_objection,
        submit=_("Enter"),
        draft=False,
    ),
    FormPage(
        id="renewal.milestone_reach",
        title=_("A milestone is reached"),
        permission=rights.WORK,
        subject=queries.milestone_for,
        form=lambda _actor, milestone, data, _files: forms.ReachForm(data, milestone),
        save=save_reached,
        submit=_("Save"),
    ),
    FormPage(
        id="renewal.milestone_delay",
        title=_("A milestone comes later"),
        intro=_("Those after it move by as many days. The first plan stays and is shown beside it."),
        permission=rights.WORK,
        subject=queries.milestone_for,
        form=lambda _actor, _milestone, data, _files: forms.DelayForm(data),
        save=save_delay,
        submit=_("Save"),
    ),
    FormPage(
        id="renewal.quantity_new",
        title=_("Add a quantity"),
        permission=rights.WORK,
        subject=queries.project_for,
        form=lambda _actor, _project, data, _files: forms.QuantityForm(data),
        save=save_quantity,
        submit=_("Add"),
    ),
    FormPage(
        id="renewal.measure",
        title=_("Record quantities"),
        intro=_("What a visit has measured, in all. Its photos stay with the project."),
        permission=rights.WORK,
        subject=queries.project_for,
        form=lambda _actor, project, data, _files: forms.MeasureForm(data, project),
        save=save_measured,
        submit=_("Save"),
    ),
    FormPage(
        id="renewal.pair_new",
        title=_("Before and after"),
        permission=rights.WORK,
        subject=queries.project_for,
        form=lambda _actor, project, data, _files: forms.PairForm(data, project),
        save=save_pair,
        submit=_("Save"),
    ),
    FormPage(
        id="renewal.accept",
        title=_("Accept the works"),
        intro=_("By a visit of two people with the list of the acceptance. The warranty begins on its day."),
        permission=rights.ACCEPT,
        subject=queries.project_for,
        form=lambda _actor, project, data, _files: forms.AcceptForm(data, project),
        save=save_accepted,
        submit=pgettext_lazy("works", "Accept"),
    ),
)
