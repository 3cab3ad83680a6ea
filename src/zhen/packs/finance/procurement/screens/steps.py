"""The forms that carry a procurement on."""

from __future__ import annotations

from typing import Any

from django.forms import ModelChoiceField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.pages.api import FormPage
from zhen.packs.finance import queries as money_queries
from zhen.packs.finance import rights as money_rights
from zhen.packs.finance.actions.payments import InvoiceIn
from zhen.packs.finance.forms import ReasonForm
from zhen.packs.finance.models import BudgetLine
from zhen.packs.finance.procurement import forms, objections, queries, rights
from zhen.packs.finance.procurement.actions import contracts, evaluating, needs, suppliers, tendering
from zhen.packs.finance.procurement.models import Bid, Contract, Instalment, Procurement
from zhen.packs.finance.procurement.screens.common import of
from zhen.packs.finance.screens.common import plain


class ChosenLine(forms.NeedForm):
    """A need with the line that is to pay for it."""

    def __init__(self, actor: Actor, data: Any) -> None:
        super().__init__(data)
        rows = money_queries.lines(actor).filter(quota__isnull=False).order_by("unit", "name", "pk")
        self.fields = {
            "line": ModelChoiceField(label=_("budget line"), queryset=rows),
            **self.fields,
        }


def save_need(actor: Actor, line: BudgetLine, form: Any) -> str:
    given = {name: value for name, value in form.cleaned_data.items() if name != "line"}
    return of(needs.ask(actor, line, needs.Need(**given)).pk)


def save_papers(actor: Actor, procurement: Procurement, form: Any) -> str:
    given = form.cleaned_data
    needs.add_papers(actor, procurement.pk, given["sent"], title=given["title"], public=given["public"])
    return of(procurement.pk)


def save_publication(actor: Actor, procurement: Procurement, form: Any) -> str:
    tendering.publish(actor, procurement.pk, way=form.cleaned_data["way"], opens_at=form.moment())
    return of(procurement.pk)


def save_contract(actor: Actor, procurement: Procurement, form: Any) -> str:
    given = dict(form.cleaned_data)
    given["retention"] = given["retention"] or 0
    given["retention_months"] = given["retention_months"] or 0
    contracts.draft(actor, procurement.pk, contracts.Terms(**given))
    return of(procurement.pk)


def save_acceptance(actor: Actor, contract: Contract, form: Any) -> str:
    given = form.cleaned_data
    file = given["sent"][0] if given["sent"] else None
    contracts.accept(actor, contract.pk, on=given["on"], findings=given["findings"], file=file)
    return of(contract.procurement_id)


def save_instalment(actor: Actor, part: Instalment, form: Any) -> str:
    given = form.cleaned_data
    kept = part.contract.instalments.filter(retention=True, number=part.number + 1).first()
    whole = part.amount + (kept.amount if kept else 0)
    invoices = (
        (
            InvoiceIn(
                code=given["invoice_code"], number=given["invoice_number"], dated=given["invoice_dated"], amount=whole
            ),
        )
        if given["invoice_number"]
        else ()
    )
    contracts.ask_payment(actor, part.pk, kind=given["kind"], method=given["method"], invoices=invoices)
    return of(part.contract.procurement_id)


def save_points(actor: Actor, bid: Bid, form: Any) -> str:
    evaluating.score(actor, bid.procurement_id, bid.pk, form.points())
    return of(bid.procurement_id)


def save_disqualified(actor: Actor, bid: Bid, form: Any) -> str:
    evaluating.disqualify(actor, bid.procurement_id, bid.pk, **form.cleaned_data)
    return of(bid.procurement_id)


def then(action: Any, *names: str) -> Any:
    """Run `action(actor, id, …)` with the form's values, and go back to the procurement."""

    def save(actor: Actor, procurement: Procurement, form: Any) -> str:
        given = form.cleaned_data
        positional = [given[name] for name in names]
        rest = {name: value for name, value in given.items() if name not in names and name != "again"}
        action(actor, procurement.pk, *positional, **rest)
        return of(procurement.pk)

    return save


def step(
    id: str, title: Any, permission: str, form: Any, save: Any, *, intro: Any = "", draft: bool = True, submit: Any = ""
) -> FormPage:
    return FormPage(
        id=f"finance.procurement_{id}",
        title=title,
        permission=permission,
        subject=queries.procurement_for,
        form=form,
        save=save,
        intro=intro,
        draft=draft,
        submit=submit or title,
    )


def award_bid(actor: Actor, key: int, bid: Bid, *, reason: str) -> object:
    return evaluating.award(actor, key, bid.pk, reason=reason)


PAGES = (
    FormPage(
        id="finance.procurement_new",
        title=_("Ask for a procurement"),
        permission=rights.NEED,
        intro=_(
            "The rules are looked at before it is saved: what the budget line has left, which method the amount "
            "allows, and whether it is a part of a larger need."
        ),
        form=lambda actor, _subject, data, _files: ChosenLine(actor, data),
        save=lambda actor, _subject, form: save_need(actor, form.cleaned_data["line"], form),
        submit=_("Ask for it"),
    ),
    step("refuse", _("Refuse the need"), rights.APPROVE, plain(ReasonForm), then(needs.refuse)),
    step(
        "papers",
        _("Add documents"),
        rights.RUN,
        lambda actor, _subject, data, sent: forms.PapersForm(actor, data, sent),
        save_papers,
    ),
    step(
        "invite",
        _("Let a supplier take part"),
        rights.RUN,
        plain(forms.SupplierChoice),
        then(suppliers.invite, "supplier"),
    ),
    step(
        "member",
        _("Name a member of the committee"),
        rights.RUN,
        plain(forms.PersonForm),
        then(tendering.add_member, "user"),
    ),
    step(
        "holder",
        _("Name a holder of a key"),
        rights.RUN,
        plain(forms.PersonForm),
        then(tendering.name_holder, "user"),
        intro=_("Two people open the bids together. Neither runs the procurement."),
    ),
    step("criterion", _("Add a criterion"), rights.RUN, plain(forms.CriterionForm), then(tendering.add_criterion)),
    step(
        "publish",
        _("Publish the procurement"),
        rights.RUN,
        plain(forms.PublishForm),
        save_publication,
        intro=_("Everybody can read the notice and its documents. Criteria and keys are fixed from now on."),
    ),
    step(
        "make_key",
        _("Make my key"),
        rights.VIEW,
        plain(forms.NewPhraseForm),
        then(tendering.make_key),
        intro=_(
            "Write the passphrase down and keep it under lock. If it is lost, the bids cannot be opened by anybody."
        ),
        draft=False,
    ),
    step(
        "turn_key",
        _("Turn my key"),
        rights.VIEW,
        plain(forms.PhraseForm),
        then(tendering.turn_key),
        intro=_("When both keys are turned, all bids are opened at once."),
        draft=False,
    ),
    step("declare", _("Declare relations"), rights.VIEW, plain(forms.RelationForm), then(evaluating.declare)),
    step(
        "award",
        _("Award"),
        rights.AWARD,
        lambda _actor, procurement, data, _files: forms.AwardForm(procurement, data),
        then(award_bid, "bid"),
        intro=_("The first by rank gets it. The result is published at once, and suppliers can object to it."),
    ),
    step("fail", _("End without an award"), rights.RUN, plain(ReasonForm), then(tendering.fail)),
    step(
        "objection",
        _("Receive an objection"),
        rights.RUN,
        plain(forms.ObjectionForm),
        then(objections.receive, "supplier"),
        intro=_("It becomes a case with its own clock. Until it is answered no contract is made."),
    ),
    step(
        "contract",
        _("Draft the contract"),
        rights.CONTRACT,
        lambda _actor, procurement, data, _files: forms.ContractForm(procurement, data),
        save_contract,
        intro=_("Somebody else reviews it for the law, and a third person signs."),
    ),
    FormPage(
        id="finance.bid_points",
        title=_("Give points"),
        permission=rights.VIEW,
        subject=queries.bid_for,
        form=lambda _actor, bid, data, _files: forms.PointsForm(bid, data),
        save=save_points,
        submit=_("Give points"),
    ),
    FormPage(
        id="finance.bid_invalid",
        title=_("The bid is not valid"),
        permission=rights.VIEW,
        subject=queries.bid_for,
        form=plain(ReasonForm),
        save=save_disqualified,
        submit=_("The bid is not valid"),
    ),
    FormPage(
        id="finance.contract_review",
        title=_("Legal review"),
        permission=rights.LEGAL,
        subject=queries.contract_for,
        form=plain(forms.OpinionForm),
        save=lambda actor, contract, form: of(contracts.review(actor, contract.pk, **form.cleaned_data).procurement_id),
        submit=_("Record the review"),
    ),
    FormPage(
        id="finance.contract_sign",
        title=_("Enter the signature"),
        permission=rights.SIGN,
        subject=queries.contract_for,
        form=plain(forms.SignForm),
        save=lambda actor, contract, form: of(contracts.sign(actor, contract.pk, **form.cleaned_data).procurement_id),
        submit=_("It is signed"),
    ),
    FormPage(
        id="finance.contract_accept",
        title=_("Accept the delivery"),
        permission=rights.ACCEPT,
        subject=queries.contract_for,
        form=lambda actor, _contract, data, sent: forms.AcceptForm(actor, data, sent),
        save=save_acceptance,
        intro=_("By somebody who neither procured it nor pays for it."),
        submit=pgettext_lazy("in procurement", "Accept"),
    ),
    FormPage(
        id="finance.contract_more",
        title=_("Ask for a change of the contract"),
        permission=rights.CONTRACT,
        subject=queries.contract_for,
        form=plain(forms.MoreForm),
        save=lambda actor, contract, form: of(
            contracts.ask_change(actor, contract.pk, **form.cleaned_data).contract.procurement_id
        ),
        submit=_("Ask for it"),
    ),
    FormPage(
        id="finance.instalment_pay",
        title=_("Ask for the payment of an instalment"),
        permission=money_rights.ASK,
        subject=queries.instalment_for,
        form=plain(forms.InstalmentForm),
        save=save_instalment,
        intro=_("It is reserved at once. Another person approves it, and a third pays."),
        submit=_("Ask for the payment"),
    ),
)
