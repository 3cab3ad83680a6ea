"""The auditor's pages: samples, the whole way of a payment, and notes. He reads everything and changes no paper."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import url_of
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Column,
    DetailPage,
    Fact,
    FilePage,
    FormPage,
    Kind,
    Link,
    ListPage,
    Panel,
    Tone,
)
from zhen.packs.finance import queries as finance
from zhen.packs.finance.control import auditing, forms, queries, rights, tracing
from zhen.packs.finance.control.chain import PANELS as CHAIN
from zhen.packs.finance.control.models import Sample
from zhen.packs.finance.control.tracing import Posted, Sealed
from zhen.packs.finance.groups import CONTROL
from zhen.packs.finance.models import Payment
from zhen.packs.finance.screens.common import AMOUNT


def of(sample: Sample) -> str:
    return f"/desk/finance/samples/{sample.pk}/"


def trace_url(payment: Payment) -> str:
    return f"/desk/finance/traces/{payment.pk}/"


def sample_chip(sample: Sample) -> Chip:
    return (
        Chip(text=_("drawn with its seed"), tone=Tone.ON_TRACK)
        if sample.drawn_at
        else Chip(text=_("list frozen, seed to come"), tone=Tone.DUE_SOON)
    )


def sample_facts(_actor: Actor, sample: Sample) -> list[Fact]:
    return [
        Fact(label=_("purpose"), value=sample.purpose),
        Fact(label=_("way of drawing"), value=sample.get_method_display()),
        Fact(label=_("paid from"), value=sample.first, kind=Kind.DATE),
        Fact(label=_("paid until"), value=sample.last, kind=Kind.DATE),
        Fact(label=_("payments in the list"), value=sample.count, kind=Kind.NUMBER),
        Fact(label=_("sum of the list (yuan)"), value=sample.total, kind=Kind.MONEY),
        Fact(label=_("how many to draw"), value=sample.size, kind=Kind.NUMBER),
        Fact(label=_("digest of the list"), value=sample.digest),
        Fact(label=_("seed"), value=sample.seed),
        Fact(label=_("where the seed is from"), value=sample.seed_from),
        Fact(label=_("made by"), value=sample.made_by, kind=Kind.PERSON),
        Fact(label=_("made at"), value=sample.made_at, kind=Kind.TIME),
        Fact(label=_("drawn at"), value=sample.drawn_at, kind=Kind.TIME),
    ]


def paper_facts(_actor: Actor, payment: Payment) -> list[Fact]:
    return [
        Fact(label=_("payment"), value=Link(text=str(payment), url=f"/desk/finance/payments/{payment.pk}/")),
        Fact(label=_("purpose"), value=payment.purpose),
        Fact(label=_("amount (yuan)"), value=payment.amount, kind=Kind.MONEY),
        Fact(label=_("payee"), value=payment.payee),
        Fact(label=_("payee's bank"), value=payment.payee_bank),
        Fact(label=_("payee's account"), value=payment.payee_account),
        Fact(label=_("asked for by"), value=payment.asked_by, kind=Kind.PERSON),
        Fact(label=_("approved by"), value=payment.approved_by, kind=Kind.PERSON),
        Fact(label=_("paid by"), value=payment.paid_by, kind=Kind.PERSON),
        Fact(label=_("paid on"), value=payment.paid_on, kind=Kind.DATE),
        Fact(label=_("bank reference"), value=payment.bank_reference),
    ]


def seal(row: Sealed) -> str:
    if row.seal is None:
        return str(_("not sealed yet"))
    return str(_("no. %(number)s, %(hash)s…")) % {
        "number": row.seal.number,
        "hash": bytes(row.seal.hash).hex()[:16],
    }


def find(rows: Any, words: str) -> Any:
    for word in words.split():
        wanted = Q(purpose__icontains=word) | Q(payee__icontains=word) | Q(bank_reference=word)
        if word.isascii() and word.isdecimal() and len(word) < 12:
            wanted |= Q(pk=int(word))
        rows = rows.filter(wanted)
    return rows


def save_sample(actor: Actor, _subject: Any, form: Any) -> str:
    return of(auditing.freeze(actor, **form.cleaned_data))


def save_seed(actor: Actor, sample: Sample, form: Any) -> str:
    return of(auditing.draw(actor, sample, **form.cleaned_data))


def save_note(actor: Actor, payment: Payment, form: Any) -> str:
    return url_of(auditing.note(actor, payment, **form.cleaned_data))


PAYMENT_COLUMNS = (
    Column(id="number", label=_("number"), value=str, sort="pk"),
    Column(id="purpose", label=_("purpose"), value="purpose", width="wide"),
    Column(id="payee", label=_("payee"), value="payee", sort="payee"),
    Column(id="unit", label=_("department"), value="line.unit.name", sort="line__unit__name_key"),
    AMOUNT,
    Column(id="paid", label=_("paid on"), value="paid_on", kind=Kind.DATE, sort="paid_on"),
)

PAGES = (
    ListPage(
        id="finance.samples",
        title=_("Audit samples"),
        menu=_("Audit samples"),
        group=CONTROL,
        icon="dices",
        order=75,
        permission=rights.AUDIT,
        intro=_("The list is frozen first, with its digest; then a public seed draws. Anybody can repeat the draw."),
        rows=lambda actor, _params: queries.samples(actor),
        columns=(
            Column(id="purpose", label=_("purpose"), value="purpose", width="wide"),
            Column(id="method", label=_("way of drawing"), value="get_method_display"),
            Column(id="first", label=_("paid from"), value="first", kind=Kind.DATE, sort="first"),
            Column(id="last", label=_("paid until"), value="last", kind=Kind.DATE),
            Column(id="count", label=_("payments in the list"), value="count", kind=Kind.NUMBER),
            Column(id="size", label=_("how many to draw"), value="size", kind=Kind.NUMBER),
            Column(id="state", label=_("state"), value=sample_chip, kind=Kind.CHIP),
        ),
        order_by=("-made_at", "-pk"),
        detail="finance.sample",
        buttons=(
            Button(id="new", label=_("Freeze a list"), permission=rights.AUDIT, form="finance.sample_new", key="n"),
        ),
        empty=_("No sample yet. Freeze the list of the payments that can be drawn."),
    ),
    DetailPage(
        id="finance.sample",
        title=_("audit sample"),
        permission=rights.AUDIT,
        subject=queries.sample,
        heading=lambda sample: sample.purpose,
        chips=lambda sample: (sample_chip(sample),),
        panels=(
            Panel(id="facts", title=_("Sample"), form="facts", source=sample_facts),
            Panel(
                id="drawn",
                title=_("What was drawn"),
                form="table",
                source=queries.drawn,
                columns=PAYMENT_COLUMNS,
                detail="finance.trace",
                wide=True,
                empty=_("Nothing is drawn yet: enter the seed."),
            ),
            HISTORY,
        ),
        buttons=(
            Button(
                id="draw",
                label=_("Draw with a seed"),
                permission=rights.AUDIT,
                form="finance.sample_draw",
                shown=lambda _actor, sample: sample.drawn_at is None,
            ),
        ),
    ),
    FormPage(
        id="finance.sample_new",
        title=_("Freeze a list to draw from"),
        permission=rights.AUDIT,
        intro=_(
            "All payments made in these days. Monetary units: each yuan has the same chance, so large ones come up."
        ),
        form=lambda actor, _subject, data, _files: forms.SampleForm(data, actor),
        save=save_sample,
        submit=_("Freeze the list"),
    ),
    FormPage(
        id="finance.sample_draw",
        title=_("Draw with a seed"),
        permission=rights.AUDIT,
        subject=queries.sample,
        form=lambda _actor, _subject, data, _files: forms.SeedForm(data),
        save=save_seed,
        submit=_("Draw"),
    ),
    ListPage(
        id="finance.traces",
        title=_("Follow a payment"),
        menu=_("Follow a payment"),
        group=CONTROL,
        icon="route",
        order=76,
        permission=rights.AUDIT,
        intro=_("From the books to the paper and back: account, voucher, invoices, signatures, journal and seal."),
        rows=lambda actor, _params: tracing.traceable(actor),
        columns=PAYMENT_COLUMNS,
        search=find,
        order_by=("-paid_on", "-pk"),
        detail="finance.trace",
        empty=_("No payment has been made yet."),
    ),
    DetailPage(
        id="finance.trace",
        title=_("trace of a payment"),
        permission=rights.AUDIT,
        subject=tracing.payment_for,
        heading=lambda payment: f"{payment} {payment.purpose}",
        panels=(
            Panel(
                id="booked",
                title=_("1. Account and voucher"),
                form="table",
                source=tracing.posted,
                columns=(
                    Column(
                        id="voucher",
                        label=_("voucher"),
                        value=lambda row: Link(text=str(row.voucher), url=row.voucher_url),
                        kind=Kind.LINK,
                    ),
                    Column(id="date", label=_("date"), value="voucher.date", kind=Kind.DATE),
                    Column(
                        id="account",
                        label=_("account"),
                        value=lambda row: Link(text=str(row.line.account), url=row.account_url),
                        kind=Kind.LINK,
                        width="wide",
                    ),
                    Column(id="debit", label=_("debit (yuan)"), value=lambda row: _side(row, "debit"), kind=Kind.MONEY),
                    Column(
                        id="credit", label=_("credit (yuan)"), value=lambda row: _side(row, "credit"), kind=Kind.MONEY
                    ),
                ),
                wide=True,
                empty=_("Nothing is booked."),
            ),
            Panel(id="paper", title=_("2. Paper"), form="facts", source=paper_facts),
            Panel(
                id="invoices",
                title=_("3. Invoices"),
                form="table",
                source=finance.invoices,
                columns=(
                    Column(id="number", label=_("invoice number"), value=str),
                    Column(id="dated", label=_("date of the invoice"), value="dated", kind=Kind.DATE),
                    AMOUNT,
                ),
                empty=_("No invoice was entered."),
            ),
            *CHAIN,
            Panel(
                id="events",
                title=_("4. Journal and seals"),
                form="table",
                source=tracing.events,
                columns=(
                    Column(id="at", label=_("time"), value="entry.at", kind=Kind.TIME),
                    Column(id="who", label=_("actor"), value="entry.actor", kind=Kind.PERSON),
                    Column(id="what", label=_("what"), value="entry.text", width="wide"),
                    Column(id="seal", label=_("seal"), value=seal),
                ),
                wide=True,
            ),
        ),
        buttons=(
            Button(id="note", label=_("Write an audit note"), permission=rights.AUDIT, form="finance.audit_note_new"),
            Button(id="print", label=_("Print the trace"), permission=rights.AUDIT, form="finance.trace_print"),
        ),
    ),
    FormPage(
        id="finance.audit_note_new",
        title=_("Write an audit note"),
        permission=rights.AUDIT,
        subject=tracing.payment_for,
        intro=_("It becomes a case: the finance office answers it, and you settle it."),
        form=lambda _actor, _subject, data, _files: forms.NoteForm(data),
        save=save_note,
        submit=_("Write the note"),
    ),
    FilePage(
        id="finance.trace_print",
        title=_("Print the trace"),
        permission=rights.AUDIT,
        subject=tracing.payment_for,
        make=auditing.paper,
    ),
)


def _side(row: Posted, name: str) -> int | None:
    return getattr(row.line, name) or None
