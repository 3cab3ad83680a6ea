"""The town's own rows: rules of consent, warranties, reasons of delay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.pages.api import Button, Column, FormPage, Kind, ListPage
from zhen.packs.renewal import forms, rights
from zhen.packs.renewal.actions.rules import add_rule
from zhen.packs.renewal.models import ConsentRule, DelayReason, WarrantyTerm

DATES = (
    Column(id="from", label=_("valid from"), value="valid_from", kind=Kind.DATE, sort="valid_from"),
    Column(id="to", label=_("valid until"), value="valid_to", kind=Kind.DATE),
    Column(id="source", label=_("source"), value="source", width="wide"),
)


def agree(rule: ConsentRule) -> str:
    sign = ">" if rule.more_than else "≥"
    return f"{sign} {rule.agree_of}/{rule.agree_in}"


def _saved(page: str) -> Callable[[Actor, None, Any], str]:
    def save(actor: Actor, _subject: None, form: Any) -> str:
        add_rule(actor, form.save(commit=False))
        return reverse(f"page:{page}")

    return save


def _pages(
    id: str, title: Any, icon: str, order: int, model: Any, form: Any, columns: tuple[Column, ...]
) -> tuple[ListPage, FormPage]:
    return (
        ListPage(
            id=id,
            title=title,
            menu=title,
            icon=icon,
            order=order,
            permission=rights.VIEW,
            intro=_("A new row ends the one before it; what was decided by that stays."),
            rows=lambda actor, _params: restrict(actor, rights.VIEW, model.objects.all()),
            columns=(*columns, *DATES),
            order_by=("valid_to", "pk"),
            buttons=(Button(id="new", label=_("Add a row"), permission=rights.RULES, form=f"{id}_new"),),
        ),
        FormPage(
            id=f"{id}_new",
            title=title,
            permission=rights.RULES,
            form=lambda _actor, _subject, data, _files: form(data),
            save=_saved(id),
            submit=_("Add"),
        ),
    )


PAGES = (
    *_pages(
        "renewal.consent_rules",
        _("Rules of consent"),
        "scale",
        90,
        ConsentRule,
        forms.ConsentRuleForm,
        (
            Column(id="matter", label=_("matter"), value="get_matter_display", sort="matter", width="wide"),
            Column(id="part", label=_("take part"), value=lambda rule: f"≥ {rule.part_of}/{rule.part_in}"),
            Column(id="agree", label=_("agree"), value=agree),
            Column(
                id="of",
                label=_("of whom"),
                value=lambda rule: _("of all owners") if rule.of_all else _("of those who take part"),
            ),
            Column(id="days", label=_("days of publicity"), value="publicity_days", kind=Kind.NUMBER),
        ),
    ),
    *_pages(
        "renewal.warranties",
        _("Warranties"),
        "shield-check",
        91,
        WarrantyTerm,
        forms.WarrantyForm,
        (
            Column(id="kind", label=_("kind"), value="get_kind_display", sort="kind"),
            Column(id="months", label=_("months"), value="months", kind=Kind.NUMBER),
        ),
    ),
    *_pages(
        "renewal.delay_reasons",
        _("Reasons of delay"),
        "clock",
        92,
        DelayReason,
        forms.DelayReasonForm,
        (Column(id="name", label=_("name"), value="name"), Column(id="code", label=_("code"), value="code")),
    ),
)
