"""The pages of suggestions: keyword rules, trying a text, how good suggestions are, the models."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.cases import dated
from zhen.kernel.cases.classify import measuring, ruling, training
from zhen.kernel.cases.classify.forms import KeywordForm
from zhen.kernel.cases.classify.suggesting import Suggestion, suggest
from zhen.kernel.cases.declarations import CASE_TYPES
from zhen.kernel.cases.models import Category, KeywordRule, Suggested, TextModel
from zhen.kernel.cases.rulebook import rulebook
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DashboardPage,
    Figure,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Panel,
    Params,
    Tone,
)

VIEW, CHANGE = "cases.rules.view", "cases.rules.change"
SURE, UNSURE = 0.8, 0.5  # how a confidence is coloured
MOST_MISTAKES = 40


def scheme_name(scheme: str) -> str:
    """A scheme is called like the kinds of cases that use it."""
    return "、".join(str(type_.name) for type_ in CASE_TYPES if type_.scheme == scheme) or scheme


def scheme_choices(_actor: Actor) -> list[Choice]:
    return [Choice(value=scheme, label=scheme_name(scheme)) for scheme in training.schemes()]


def type_choices(_actor: Actor) -> list[Choice]:
    return [Choice(value=type_.id, label=type_.name) for type_ in CASE_TYPES if type_.scheme]


def confidence_chip(confidence: float) -> Chip:
    tone = Tone.ON_TRACK if confidence >= SURE else Tone.DUE_SOON if confidence >= UNSURE else Tone.NEUTRAL
    return Chip(text=f"{confidence:.0%}", tone=tone)


def percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)


# keyword rules


def keywords(actor: Actor, _params: Params) -> QuerySet[KeywordRule]:
    return restrict(actor, VIEW, KeywordRule.objects.select_related("category"))


def end(actor: Actor, rows: Iterable[KeywordRule], _data: Any) -> None:
    ruling.end_keywords(actor, rows, clock.today())


def keyword_form(_actor: Actor, _subject: None, data: Any, _files: Any) -> KeywordForm:
    return KeywordForm(data)


def save_keyword(actor: Actor, _subject: None, form: KeywordForm) -> str:
    given = dict(form.cleaned_data)
    category = Category.objects.get(pk=given.pop("category"))
    ruling.add_keyword(actor, category, given.pop("word"), **given)
    return reverse("page:cases.keywords")


KEYWORDS = ListPage(
    id="cases.keywords",
    title=_("Keyword rules"),
    menu=_("Keyword rules"),
    icon="list-tree",
    order=62,
    permission=VIEW,
    intro=_("Words that speak for a class. They work from the first day, before anything has been learnt."),
    rows=keywords,
    columns=(
        Column(id="word", label=_("word"), value="word", sort="word"),
        Column(id="category", label=_("class"), value="category.name", sort="category__order", width="wide"),
        Column(id="weight", label=_("weight"), value="weight", kind=Kind.NUMBER, sort="weight"),
        Column(id="valid_from", label=_("from"), value="valid_from", kind=Kind.DATE, sort="valid_from"),
        Column(id="valid_to", label=_("to"), value="valid_to", kind=Kind.DATE),
        dated.SOURCE,
    ),
    filters=(
        Filter(
            id="scheme",
            label=_("kind of case"),
            apply=lambda rows, value: rows.filter(category__scheme=value),
            choices=scheme_choices,
        ),
        Filter(
            id="force",
            label=_("state"),
            apply=dated.by_state,
            choices=(dated.HOLDS, dated.ENDED),
        ),
    ),
    search=lambda rows, words: rows.filter(Q(word__icontains=words) | Q(category__name__icontains=words)),
    order_by=("category__order", "word", "-valid_from"),
    buttons=(Button(id="add", label=_("Add a rule"), permission=CHANGE, form="cases.keyword_new"),),
    bulk=(
        Button(
            id="end",
            label=_("End today"),
            permission=CHANGE,
            run=end,
            confirm=_("From today on these words no longer speak for their classes."),
        ),
    ),
    empty=_("No word speaks for a class yet. Add the words that people use for the commonest classes."),
)

NEW_KEYWORD = FormPage(
    id="cases.keyword_new",
    title=_("New keyword rule"),
    permission=CHANGE,
    form=keyword_form,
    save=save_keyword,
    submit=_("Add the rule"),
)

# trying a text


def tried(_actor: Actor, params: Params) -> list[Suggestion]:
    kinds = [type_ for type_ in CASE_TYPES if type_.scheme]
    chosen = next((type_ for type_ in kinds if type_.id == params.get("type")), kinds[0] if kinds else None)
    return list(suggest(params.get("text", ""), chosen)) if chosen else []


TRY = DashboardPage(
    id="cases.try",
    title=_("Try a text"),
    menu=_("Try a text"),
    icon="target",
    order=63,
    permission=VIEW,
    intro=_("Write what somebody might report and see which class is suggested, how surely and why. Nothing is kept."),
    filters=(
        Filter(id="text", label=_("text"), apply=lambda rows, value: rows),
        Filter(id="type", label=_("kind of case"), apply=lambda rows, value: rows, choices=type_choices),
    ),
    panels=(
        Panel(
            id="suggested",
            title=_("Suggested classes"),
            form="table",
            source=tried,
            wide=True,
            columns=(
                Column(id="category", label=_("class"), value="category.name"),
                Column(
                    id="confidence",
                    label=_("confidence"),
                    value=lambda row: confidence_chip(row.confidence),
                    kind=Kind.CHIP,
                ),
                Column(id="reason", label=_("reason"), value="reason", width="wide"),
                Column(id="by", label=_("suggested by"), value=lambda row: spoken(row.version)),
            ),
            empty=_("No class is likely enough to be suggested. Write a text above, or add a keyword rule."),
        ),
    ),
)

# how good suggestions are


def spoken(version: int) -> Any:
    return _("rules and model, version %(version)s") % {"version": version} if version else _("keyword rules alone")


@dataclass(frozen=True)
class Line:
    """A row of the two tables: the chosen class, and what was suggested for it."""

    chosen: str
    cases: int
    url: str
    suggested: str = ""
    f1: float = 0.0


def _scheme(params: Params) -> str:
    known = training.schemes()
    return params["scheme"] if params.get("scheme") in known else (known[0] if known else "")


def _measured(actor: Actor, params: Params) -> measuring.Measured:
    scheme = _scheme(params)
    return measuring.measured(actor, scheme, measuring.version_in_use(scheme))


def _cases(**query: object) -> str:
    return f"{reverse('page:cases.suggestions')}?{urlencode(query)}"


def figures(actor: Actor, params: Params) -> list[Figure]:
    found = _measured(actor, params)
    since = spoken(found.version)
    cases = _cases(version=found.version)
    why = "" if found.total else _("no case with a suggestion has been closed yet")
    share = found.accepted / found.total if found.total else None
    return [
        Figure(label=_("Accepted"), value=percent(share), unit="%", period=since, evidence=cases, why=why),
        Figure(label=_("Macro-F1"), value=percent(found.macro_f1), unit="%", period=since, evidence=cases, why=why),
        Figure(label=_("Closed cases with a suggestion"), value=found.total, period=since, evidence=cases),
    ]


def mistakes(actor: Actor, params: Params) -> list[Line]:
    found = _measured(actor, params)
    names = rulebook().categories
    return [
        Line(
            chosen=names[chosen].name,
            suggested=names[suggested].name,
            cases=count,
            url=_cases(chosen=chosen, suggested=suggested, version=found.version),
        )
        for chosen, suggested, count in found.mistakes()[:MOST_MISTAKES]
    ]


def classes(actor: Actor, params: Params) -> list[Line]:
    found = _measured(actor, params)
    names = rulebook().categories
    lines = [
        Line(
            chosen=names[category].name,
            cases=score.chosen,
            f1=score.f1,
            url=_cases(chosen=category, version=found.version),
        )
        for category, score in found.by_category().items()
    ]
    return sorted(lines, key=lambda line: (line.f1, -line.cases))


def counted(row: Line) -> Link:
    return Link(text=str(row.cases), url=row.url)


QUALITY = DashboardPage(
    id="cases.confusion",
    title=_("How good suggestions are"),
    menu=_("How good suggestions are"),
    icon="chart-line",
    order=64,
    permission=VIEW,
    intro=_("What was suggested against what was chosen in the end, on cases closed since the model was trained."),
    filters=(Filter(id="scheme", label=_("kind of case"), apply=lambda rows, value: rows, choices=scheme_choices),),
    panels=(
        Panel(id="figures", title=_("Figures of suggestions"), form="figures", source=figures, wide=True),
        Panel(
            id="mistakes",
            title=_("Taken for one another"),
            form="table",
            source=mistakes,
            columns=(
                Column(id="chosen", label=_("chosen class"), value="chosen"),
                Column(id="suggested", label=_("suggested class"), value="suggested"),
                Column(id="cases", label=_("cases"), value=counted, kind=Kind.LINK),
            ),
            empty=_("No suggestion was wrong yet."),
        ),
        Panel(
            id="classes",
            title=_("By class, the weakest first"),
            form="table",
            source=classes,
            columns=(
                Column(id="chosen", label=_("class"), value="chosen"),
                Column(id="f1", label=_("F1"), value=lambda row: f"{row.f1:.2f}"),
                Column(id="cases", label=_("cases"), value=counted, kind=Kind.LINK),
            ),
            empty=_("No case with a suggestion has been closed yet."),
        ),
    ),
)


def case_link(row: Suggested) -> Link | str:
    page = CASE_TYPES[row.case.type].detail
    if not page:
        return row.case.number
    return Link(text=row.case.number, url=reverse(f"page:{page}", kwargs={"key": row.case.number}))


def verdict(row: Suggested) -> Chip:
    if row.category_id == row.case.category_id:
        return Chip(text=_("accepted"), tone=Tone.ON_TRACK)
    return Chip(text=_("other class"), tone=Tone.DUE_SOON)


def by_verdict(rows: QuerySet[Suggested], value: str) -> QuerySet[Suggested]:
    return rows.filter(measuring.ACCEPTED) if value == "accepted" else rows.exclude(measuring.ACCEPTED)


def class_filter(id: str, label: Any, path: str) -> Filter:
    return Filter(
        id=id,
        label=label,
        apply=lambda rows, value: rows.filter(**{path: int(value)}),
        choices=lambda _actor: [
            Choice(value=str(row.pk), label=row.name) for row in rulebook().categories.values() if row.leaf
        ],
    )


SUGGESTIONS = ListPage(
    id="cases.suggestions",
    title=_("Suggestions and what was chosen"),
    permission=VIEW,
    rows=lambda actor, _params: measuring.judged(actor),
    columns=(
        Column(id="number", label=_("case number"), value=case_link, kind=Kind.LINK),
        Column(id="title", label=_("title"), value="case.title", width="wide"),
        Column(id="verdict", label=_("state"), value=verdict, kind=Kind.CHIP),
        Column(id="suggested", label=_("suggested class"), value="category.name"),
        Column(id="chosen", label=_("chosen class"), value="case.category.name"),
        Column(
            id="confidence",
            label=_("confidence"),
            value=lambda row: confidence_chip(row.confidence),
            kind=Kind.CHIP,
            sort="confidence",
        ),
        Column(id="words", label=_("because of"), value="words"),
    ),
    filters=(
        class_filter("suggested", _("suggested class"), "category_id"),
        class_filter("chosen", _("chosen class"), "case__category_id"),
        Filter(
            id="verdict",
            label=_("state"),
            apply=by_verdict,
            choices=(
                Choice(value="accepted", label=_("accepted")),
                Choice(value="other", label=_("other class")),
            ),
        ),
        Filter(
            id="version",
            label=_("version of the model"),
            apply=lambda rows, value: rows.filter(version=int(value)),
        ),
    ),
    order_by=("-case__closed_at", "-case_id"),
    empty=_("No case with a suggestion has been closed yet."),
)

# the models


def use(actor: Actor, rows: Iterable[TextModel], _data: Any) -> None:
    for row in rows:
        training.use(actor, row)


def train_now(actor: Actor, _subject: None, _data: Any) -> None:
    training.ask_for_training(actor)


def model_state(row: TextModel) -> Chip:
    if row.used:
        return Chip(text=_("in use"), tone=Tone.ON_TRACK)
    refused = row.before_f1 is not None and row.macro_f1 < row.before_f1
    return Chip(text=_("refused: worse"), tone=Tone.BEHIND) if refused else Chip(text=_("earlier"))


MODELS = ListPage(
    id="cases.models",
    title=_("Models for classes"),
    menu=_("Models for classes"),
    icon="scroll-text",
    order=65,
    permission=VIEW,
    intro=_("Trained each week on closed cases, without personal data. A worse one is never taken into use by itself."),
    rows=lambda actor, _params: restrict(actor, VIEW, TextModel.objects.defer("blob")),
    columns=(
        Column(id="state", label=_("state"), value=model_state, kind=Kind.CHIP),
        Column(id="scheme", label=_("kind of case"), value=lambda row: scheme_name(row.scheme)),
        Column(id="version", label=_("version"), value="version", kind=Kind.NUMBER, sort="version"),
        Column(id="trained_at", label=_("trained at"), value="trained_at", kind=Kind.TIME, sort="trained_at"),
        Column(id="learnt", label=_("cases learnt from"), value="learnt", kind=Kind.NUMBER),
        Column(id="judged", label=_("cases judged by"), value="judged", kind=Kind.NUMBER),
        Column(id="macro_f1", label=_("Macro-F1"), value=lambda row: f"{row.macro_f1:.3f}"),
        Column(
            id="before",
            label=_("macro-F1 of the one before"),
            value=lambda row: "—" if row.before_f1 is None else f"{row.before_f1:.3f}",
        ),
        Column(id="error", label=_("calibration error"), value=lambda row: f"{row.calibration_error:.3f}"),
    ),
    filters=(
        Filter(
            id="scheme",
            label=_("kind of case"),
            apply=lambda rows, value: rows.filter(scheme=value),
            choices=scheme_choices,
        ),
    ),
    order_by=("scheme", "-version"),
    buttons=(
        Button(
            id="train",
            label=_("Train now"),
            permission=CHANGE,
            run=train_now,
            confirm=_("The worker learns from the closed cases. It takes up to a few minutes."),
        ),
    ),
    bulk=(
        Button(
            id="use",
            label=_("Take into use"),
            permission=CHANGE,
            run=use,
            confirm=_("From now on this version suggests classes."),
        ),
    ),
    empty=_("Nothing has been learnt yet: it takes 200 closed cases with a class. Until then keyword rules suggest."),
)

PAGES = (KEYWORDS, NEW_KEYWORD, TRY, QUALITY, SUGGESTIONS, MODELS)
