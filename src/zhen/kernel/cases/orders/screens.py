"""The desk's pages of work orders: files to look at before they are taken, orders, and their answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.cases.declarations import CASE_TYPES
from zhen.kernel.cases.models import Case, OrderFile
from zhen.kernel.cases.orders import replying, taking
from zhen.kernel.cases.orders.forms import FileForm, ReplyForm, sender_choices, sender_name
from zhen.kernel.cases.orders.replying import ANSWER, Answer
from zhen.kernel.cases.orders.taking import TAKE
from zhen.kernel.cases.queries import readable
from zhen.kernel.cases.rulebook import rulebook
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Fact,
    Figure,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Missing,
    Panel,
    Params,
    Tone,
)

State = OrderFile.State
TONES = {State.WAITING: Tone.DUE_SOON, State.TAKEN: Tone.ON_TRACK, State.LEFT: Tone.NEUTRAL}

# files


def files(actor: Actor, _params: Params) -> QuerySet[OrderFile]:
    return restrict(actor, TAKE, OrderFile.objects.select_related("by"))


def file(actor: Actor, key: str) -> OrderFile:
    try:
        found = files(actor, {}).filter(pk=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise Missing(key)
    return found


def state(row: OrderFile) -> Chip:
    known = State(row.state)
    return Chip(text=known.label, tone=TONES[known])


def refused(row: OrderFile) -> int:
    return len(row.faults)


def counts(_actor: Actor, subject: OrderFile) -> list[Figure]:
    rows: list[tuple[Any, int, Tone]] = [(_("refused rows"), len(subject.faults), Tone.BEHIND)]
    if subject.state == State.WAITING:
        rows.insert(0, (_("readable rows"), subject.readable, Tone.ON_TRACK))
    if subject.state == State.TAKEN:
        rows = [
            (_("new cases"), subject.created, Tone.ON_TRACK),
            (_("brought up to date"), subject.updated, Tone.NEUTRAL),
            (_("known already"), subject.unchanged, Tone.NEUTRAL),
            *rows,
        ]
    return [Figure(label=label, value=value, tone=tone if value else Tone.NEUTRAL) for label, value, tone in rows]


def preview(_actor: Actor, subject: OrderFile) -> Sequence[dict[str, Any]]:
    """What would be taken, without names and phones."""
    scheme = taking.type_for(subject.sender).scheme
    classes = rulebook().by_code
    found = []
    for row, order in taking.orders_of(subject):
        category = classes.get((scheme, order.class_code))
        found.append(
            {
                "row": row,
                "ref": order.ref,
                "title": order.title,
                "category": category.name if category else "—",
                "days": order.answer_days,
                "address": order.address,
            }
        )
    return found


def of(name: str) -> Any:
    return lambda row: row[name]


def save_file(actor: Actor, _subject: None, form: FileForm) -> str:
    sent = form.cleaned_data["file"]
    made = taking.bring_file(actor, form.cleaned_data["sender"], sent.read(), sent.name)
    return reverse("page:cases.order_file", kwargs={"key": str(made.pk)})


def take(actor: Actor, subject: OrderFile, _data: Any) -> None:
    taking.take_file(actor, subject.pk)


def leave(actor: Actor, subject: OrderFile, _data: Any) -> None:
    taking.leave_file(actor, subject.pk)


def waits(_actor: Actor, subject: OrderFile) -> bool:
    return subject.state == State.WAITING


ROW = Column(id="row", label=_("row"), value=of("row"), kind=Kind.NUMBER)
REF = Column(id="ref", label=_("number of the order"), value=of("ref"))
FILES = (
    ListPage(
        id="cases.order_files",
        title=_("Files of work orders"),
        menu=_("Files of work orders"),
        icon="inbox",
        order=36,
        permission=TAKE,
        intro=_("A file is read and looked at first; only then its orders become cases."),
        rows=files,
        columns=(
            Column(id="file", label=_("file"), value="file_name", width="wide"),
            Column(id="sender", label=_("sender"), value=lambda row: sender_name(row.sender)),
            Column(id="state", label=_("state"), value=state, kind=Kind.CHIP),
            Column(id="readable", label=_("readable rows"), value="readable", kind=Kind.NUMBER),
            Column(id="refused", label=_("refused rows"), value=refused, kind=Kind.NUMBER),
            Column(id="at", label=_("sent at"), value="at", kind=Kind.TIME, sort="at"),
            Column(id="by", label=_("sent by"), value="by.name", kind=Kind.PERSON),
        ),
        detail="cases.order_file",
        buttons=(Button(id="new", label=_("Bring a file"), permission=TAKE, form="cases.order_file_new", key="n"),),
        empty=_("No file of work orders was brought yet."),
    ),
    DetailPage(
        id="cases.order_file",
        title=_("file of orders"),
        permission=TAKE,
        subject=file,
        heading=lambda row: row.file_name,
        chips=lambda row: (state(row),),
        panels=(
            Panel(id="counts", title=_("Rows"), form="figures", source=counts),
            Panel(
                id="faults",
                title=_("refused rows"),
                form="table",
                source=lambda _actor, row: row.faults,
                columns=(
                    ROW,
                    REF,
                    Column(id="field", label=_("field"), value=of("field")),
                    Column(id="reason", label=_("reason"), value=of("reason")),
                ),
                wide=True,
                empty=_("No row was refused."),
            ),
            Panel(
                id="preview",
                title=_("Orders that can be taken"),
                form="table",
                source=preview,
                columns=(
                    ROW,
                    REF,
                    Column(id="title", label=_("title"), value=of("title"), width="wide"),
                    Column(id="category", label=_("class"), value=of("category")),
                    Column(id="days", label=_("answer within (working days)"), value=of("days"), kind=Kind.NUMBER),
                    Column(id="address", label=_("address"), value=of("address")),
                ),
                wide=True,
                empty=_("None waits. What was taken stands among the cases."),
            ),
        ),
        buttons=(
            Button(
                id="take",
                label=_("Take the orders"),
                permission=TAKE,
                run=take,
                confirm=_("Every readable order becomes a case, or brings its case up to date."),
                shown=waits,
            ),
            Button(
                id="leave",
                label=_("Leave it"),
                permission=TAKE,
                run=leave,
                confirm=_("No order is taken, and what was read is forgotten."),
                shown=waits,
            ),
        ),
    ),
    FormPage(
        id="cases.order_file_new",
        title=_("Bring a file of work orders"),
        permission=TAKE,
        form=lambda _actor, _subject, data, files: FileForm(data, files),
        save=save_file,
        submit=_("Read it"),
        draft=False,
    ),
)

# orders and answers


def orders(actor: Actor, _params: Params) -> QuerySet[Case]:
    actor.require(ANSWER)
    types = [type_.id for type_ in CASE_TYPES if type_.orders_from]
    senders = {sender for type_ in CASE_TYPES for sender in type_.orders_from}
    return readable(actor, types).filter(source__in=senders).select_related("unit", "category", "reply")


def order(actor: Actor, key: str) -> Answer:
    numbered = key.isascii() and key.isdigit() and len(key) < 18
    found = orders(actor, {}).filter(**({"pk": int(key)} if numbered else {"number": key})).first()
    if found is None:
        raise Missing(key)
    return replying.answers([found])[0]


def case_state(case: Case) -> Chip:
    known = CASE_TYPES[case.type].state(case.state)
    return Chip(text=known.name, tone=known.tone)


def answered(case: Case) -> Chip:
    if hasattr(case, "reply"):
        return Chip(text=_("written"), tone=Tone.ON_TRACK)
    return Chip(text=_("not written"), tone=Tone.DUE_SOON if case.open else Tone.OVERDUE)


def by_answer(rows: QuerySet[Case], value: str) -> QuerySet[Case]:
    return rows.filter(reply__isnull=value != "written")


def facts(_actor: Actor, subject: Answer) -> list[Fact]:
    case, reply, contact = subject.case, subject.reply, subject.contact
    outcome = CASE_TYPES[case.type].outcome(case.outcome)
    yes, no = _("yes"), _("no")
    unit = case.unit.name if case.unit else "—"
    return [
        Fact(label=_("number of the order"), value=case.source_ref),
        Fact(label=_("case"), value=Link(text=case.number, url=f"/desk/cases/{case.number}/"), kind=Kind.LINK),
        Fact(label=_("first contact at"), value=case.contacted_at, kind=Kind.TIME),
        Fact(label=_("contacted by"), value=contact.by_name if contact else "—"),
        Fact(label=_("why nobody was contacted first"), value=(reply.not_contacted if reply else "") or "—"),
        Fact(label=_("demand"), value=reply.demand if reply else "—", kind=Kind.PROSE),
        Fact(label=_("facts"), value=reply.facts if reply else "—", kind=Kind.PROSE),
        Fact(label=_("somebody went there"), value="—" if reply is None else yes if reply.site_visit else no),
        Fact(label=_("result"), value=case.result or "—", kind=Kind.PROSE),
        Fact(label=_("outcome"), value=outcome.name if outcome else "—"),
        Fact(label=_("responsible"), value=(reply.responsible if reply else "") or unit),
        Fact(label=_("rating"), value=case.rating or "—"),
        Fact(label=_("reason of the rating"), value=case.rating_reason or "—"),
        Fact(label=_("may be published"), value="—" if reply is None else yes if reply.publish else no),
    ]  # fmt: skip


def reply_form(_actor: Actor, subject: Answer, data: Any, _files: Any) -> ReplyForm:
    reply = subject.reply
    if reply is None:
        return ReplyForm(data, initial={"facts": subject.case.result})
    names = ("demand", "facts", "site_visit", "not_contacted", "responsible", "publish")
    return ReplyForm(data, initial={name: getattr(reply, name) for name in names})


def save_reply(actor: Actor, subject: Answer, form: ReplyForm) -> str:
    replying.write_reply(actor, subject.case.pk, form.reply())
    return reverse("page:cases.order", kwargs={"key": subject.case.number})


ORDERS = (
    ListPage(
        id="cases.orders",
        title=_("Work orders"),
        menu=_("Work orders"),
        icon="inbox",
        order=35,
        permission=ANSWER,
        rows=orders,
        columns=(
            Column(id="ref", label=_("number of the order"), value="source_ref", sort="source_ref"),
            Column(id="number", label=_("case"), value="number", sort="number"),
            Column(id="title", label=_("title"), value="title", width="wide"),
            Column(id="state", label=_("state"), value=case_state, kind=Kind.CHIP),
            Column(id="unit", label=_("unit"), value="unit.name"),
            Column(id="due", label=_("due at"), value="due_at", kind=Kind.TIME, sort="due_at"),
            Column(id="answer", label=pgettext_lazy("of a work order", "answer"), value=answered, kind=Kind.CHIP),
        ),
        filters=(
            Filter(
                id="sender",
                label=_("sender"),
                apply=lambda rows, value: rows.filter(source=value),
                choices=lambda _actor: [Choice(value=value, label=label) for value, label in sender_choices()],
            ),
            Filter(
                id="answer",
                label=pgettext_lazy("of a work order", "answer"),
                apply=by_answer,
                choices=(
                    Choice(value="written", label=_("written")),
                    Choice(value="missing", label=_("not written")),
                ),
            ),
            Filter(
                id="open",
                label=_("state"),
                apply=lambda rows, value: rows.filter(open=value == "open"),
                choices=(
                    Choice(value="open", label=pgettext_lazy("state of a case", "open")),
                    Choice(value="closed", label=pgettext_lazy("state of a case", "closed")),
                ),
            ),
        ),
        search=lambda rows, words: rows.filter(source_ref__icontains=words),
        order_by=("-received_at", "-id"),
        detail="cases.order",
        empty=_("No work order lies with your unit."),
    ),
    DetailPage(
        id="cases.order",
        title=_("Answer to the sender"),
        permission=ANSWER,
        subject=order,
        heading=lambda subject: f"{subject.case.source_ref} · {subject.case.title}",
        chips=lambda subject: (case_state(subject.case), answered(subject.case)),
        panels=(Panel(id="answer", title=_("Answer to the sender"), form="facts", source=facts, wide=True),),
        buttons=(
            Button(id="write", label=_("Write the answer"), permission=ANSWER, form="cases.order_reply", key="e"),
        ),
    ),
    FormPage(
        id="cases.order_reply",
        title=_("Write the answer"),
        permission=ANSWER,
        subject=order,
        form=reply_form,
        save=save_reply,
        submit=_("Keep it"),
    ),
)
PAGES = (*ORDERS, *FILES)
