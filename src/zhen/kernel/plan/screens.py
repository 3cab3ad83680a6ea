"""The plan's lists and what the search finds. The pages of one plan, target and measure are made by hand in web."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Chip, Choice, Column, Filter, Hit, Kind, Link, ListPage, Params, SearchSource, Tone
from zhen.kernel.plan.models import Document, Measure, Series, SeriesImport, Target
from zhen.kernel.plan.quantities import plain
from zhen.kernel.plan.queries.overview import VIEW, PromiseView, by_urgency, current_document, documents, overview
from zhen.kernel.plan.queries.reports import reports
from zhen.kernel.plan.queries.series import series_list
from zhen.kernel.plan.rules import Standing
from zhen.kernel.plan.words import WORDS, standing_chip


def promises(actor: Actor, params: Params, kind: str) -> tuple[PromiseView, ...]:
    """The promises of the chosen plan, or of the one in force, the most urgent first."""
    today = clock.today()
    wanted = params.get("plan", "")
    document = documents(actor).filter(pk=wanted).first() if wanted.isdigit() else current_document(actor, on=today)
    if document is None:
        return ()
    return by_urgency(p for p in overview(actor, document, on=today).promises if p.kind == kind)


def plan_choices(actor: Actor) -> Sequence[Choice]:
    return [Choice(value=str(document.pk), label=document.title) for document in documents(actor)]


def by_standing(rows: Iterable[PromiseView], value: str) -> list[PromiseView]:
    return [row for row in rows if row.standing == value]


def by_words(rows: Iterable[PromiseView], words: str) -> list[PromiseView]:
    wanted = words.casefold().split()
    return [
        row
        for row in rows
        if all(w in row.text.casefold() or any(w in o.name.casefold() for o in row.owners) for w in wanted)
    ]


FILTERS = (
    Filter(id="plan", label=_("plan"), apply=lambda rows, value: rows, choices=plan_choices),
    Filter(
        id="standing",
        label=_("standing"),
        apply=by_standing,
        choices=tuple(Choice(value=standing.value, label=WORDS[standing]) for standing in Standing),
    ),
)


def _link(row: PromiseView) -> Link:
    return Link(text=row.text, url=row.url)


def _owners(row: PromiseView) -> str:
    return "、".join(owner.name for owner in row.owners if owner.lead) or "、".join(owner.name for owner in row.owners)


def _value(row: PromiseView) -> str:
    return f"{plain(round(row.value, 2))} {row.unit}" if row.value is not None else row.why


def _standing(row: PromiseView) -> Chip:
    return standing_chip(row.standing)


PROMISE_COLUMNS = (
    Column(id="standing", label=_("standing"), value=_standing, kind=Kind.CHIP),
    Column(id="due_on", label=_("due on"), value="due_on", kind=Kind.DATE, sort="due_on"),
    Column(id="owners", label=_("owners"), value=_owners),
)

TARGETS = ListPage(
    id="plan.targets",
    title=_("Targets"),
    menu=_("Targets"),
    icon="target",
    order=12,
    permission="plan.view",
    intro=_("The quantified promises of the plan, with their values read from recorded work."),
    rows=lambda actor, params: promises(actor, params, "target"),
    columns=(
        Column(id="text", label=_("target"), value=_link, kind=Kind.LINK, width="wide"),
        Column(id="promised", label=_("promised value"), value="promised"),
        Column(id="value", label=_("value"), value=_value),
        *PROMISE_COLUMNS,
    ),
    filters=FILTERS,
    search=by_words,
    empty=_("No target is confirmed yet. Import a plan and review what was found in it."),
)

MEASURES = ListPage(
    id="plan.measures",
    title=_("Measures"),
    menu=_("Measures"),
    icon="list-checks",
    order=14,
    permission="plan.view",
    intro=_("The tasks of the plan, as their owners last reported on them."),
    rows=lambda actor, params: promises(actor, params, "measure"),
    columns=(
        Column(id="text", label=_("measure"), value=_link, kind=Kind.LINK, width="wide"),
        *PROMISE_COLUMNS,
        Column(id="note", label=_("note"), value="note"),
    ),
    filters=FILTERS,
    search=by_words,
    empty=_("No measure is confirmed yet. Import a plan and review what was found in it."),
)


def _documents(actor: Actor, params: Params) -> QuerySet[Document]:
    return documents(actor).annotate(
        measure_count=Count("measures", distinct=True),
        target_count=Count("targets", distinct=True),
        open_count=Count("versions__findings", filter=Q(versions__findings__state="proposed"), distinct=True),
    )


def _review(row: Any) -> Link | str:
    latest = max((version.pk for version in row.versions.all()), default=None)
    if latest is None:
        return ""
    return Link(text=f"{row.open_count}", url=f"/desk/plan/review/{latest}/")


DOCUMENTS = ListPage(
    id="plan.documents",
    title=_("Plans"),
    menu=_("Plans"),
    icon="book-open-text",
    order=10,
    permission="plan.view",
    rows=lambda actor, params: _documents(actor, params).prefetch_related("versions"),
    columns=(
        Column(
            id="title",
            label=_("plan"),
            value=lambda row: Link(text=row.title, url=f"/plan/{row.pk}/"),
            kind=Kind.LINK,
            sort="title_key",
            width="wide",
        ),
        Column(id="kind", label=_("kind"), value="get_kind_display", sort="kind"),
        Column(id="years", label=_("years"), value="years", sort="first_year"),
        Column(id="measures", label=_("measures"), value="measure_count", kind=Kind.NUMBER),
        Column(id="targets", label=_("targets"), value="target_count", kind=Kind.NUMBER),
        Column(id="open", label=_("findings to decide"), value=_review, kind=Kind.LINK),
        Column(
            id="public",
            label=_("public"),
            value=lambda row: (
                Chip(text=_("published"), tone=Tone.ON_TRACK) if row.published_at else Chip(text=_("not published"))
            ),
            kind=Kind.CHIP,
        ),
    ),
    search=lambda rows, words: rows.filter(title__icontains=words),
    order_by=("-last_year", "title_key"),
    empty=_("No plan is here yet. Import the town's plan from a file."),
)


def _series(actor: Actor, params: Params) -> QuerySet[Series]:
    return series_list(actor).annotate(
        waiting=Count("imports", filter=Q(imports__state=SeriesImport.State.WAITING), distinct=True),
        signed=Count("points", filter=Q(points__source_import__state=SeriesImport.State.SIGNED), distinct=True),
    )


SERIES = ListPage(
    id="plan.series",
    title=_("Series"),
    menu=_("Series"),
    icon="chart-line",
    order=16,
    permission="plan.view",
    intro=_("Figures that are made elsewhere, with their source and a second person's sign-off."),
    rows=_series,
    columns=(
        Column(
            id="name",
            label=_("series"),
            value=lambda row: Link(text=row.name, url=f"/desk/plan/series/{row.pk}/"),
            kind=Kind.LINK,
            sort="name_key",
            width="wide",
        ),
        Column(id="unit", label=_("unit of measure"), value="unit"),
        Column(id="source", label=_("source"), value="source"),
        Column(id="signed", label=_("figures that count"), value="signed", kind=Kind.NUMBER),
        Column(
            id="waiting",
            label=_("waiting for sign-off"),
            value=lambda row: Chip(text=str(row.waiting), tone=Tone.DUE_SOON) if row.waiting else "",
            kind=Kind.CHIP,
        ),
    ),
    search=lambda rows, words: rows.filter(Q(name__icontains=words) | Q(source__icontains=words)),
    order_by=("name_key",),
    empty=_("No series is here yet. Create one for figures that are made elsewhere, such as tax."),
)

REPORTS = ListPage(
    id="plan.reports",
    title=_("Reports"),
    menu=_("Reports"),
    icon="snowflake",
    order=18,
    permission="plan.view",
    intro=_("Where a plan stood on a day, frozen with its evidence."),
    rows=lambda actor, params: reports(actor),
    columns=(
        Column(
            id="title",
            label=_("report"),
            value=lambda row: Link(text=row.title, url=f"/plan/reports/{row.pk}/"),
            kind=Kind.LINK,
            width="wide",
        ),
        Column(id="as_of", label=_("as of"), value="as_of", kind=Kind.DATE, sort="as_of"),
        Column(id="frozen_by", label=_("frozen by"), value="frozen_by_name", kind=Kind.PERSON),
        Column(id="frozen_at", label=_("frozen at"), value="frozen_at", kind=Kind.TIME, sort="frozen_at"),
    ),
    search=lambda rows, words: rows.filter(title__icontains=words),
    order_by=("-as_of", "-id"),
    empty=_("No report is frozen yet. Open a plan and freeze where it stands."),
)

PAGES = (DOCUMENTS, TARGETS, MEASURES, SERIES, REPORTS)


def _find(model: type[Measure] | type[Target], kind: Any, path: str) -> Any:
    def find(actor: Actor, terms: Sequence[str], limit: int) -> Iterable[Hit]:
        """Promises whose sentence, object or owner holds a term; the whole query counts most."""
        condition = Q()
        for term in terms:
            condition |= Q(text__icontains=term) | Q(responsibilities__written__icontains=term)
        rows = restrict(actor, VIEW, model._default_manager.filter(condition)).distinct()
        for row in rows.select_related("document").order_by("-document__last_year", "start")[: limit * 5]:
            found = [term for term in terms if term in row.text.casefold()]
            score = (2.0 if terms[0] in row.text.casefold() else 0.5) + len(found) / len(terms)
            why = _("“%(term)s” in the sentence") % {"term": found[0]} if found else _("its owner")
            yield Hit(
                title=row.text,
                url=f"/plan/{path}/{row.pk}/",
                kind=kind,
                score=score,
                why=why,
                detail=row.document.title,
            )

    return find


SEARCH = (
    SearchSource(
        id="plan.targets", label=_("Targets"), permission="plan.view", find=_find(Target, _("target"), "targets")
    ),
    SearchSource(
        id="plan.measures", label=_("Measures"), permission="plan.view", find=_find(Measure, _("measure"), "measures")
    ),
)
