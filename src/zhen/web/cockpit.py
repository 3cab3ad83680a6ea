"""The cockpit: which promises are kept, which are at risk, who is on it, and how we know.

Everything on it comes from one reading of the plan (`plan.overview`); each number opens the list of the
promises that it counts, and each promise opens its evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor, ActorKind
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import words
from zhen.kernel.pages.api import Column, Figure, Kind, Missing, Slip
from zhen.kernel.plan.api import (
    TONES,
    WORDS,
    ChapterView,
    Document,
    Overview,
    PromiseView,
    Standing,
    current_document,
    documents,
    overview,
    standing_chip,
)
from zhen.web.errors import Unprocessable
from zhen.web.pages import common, lists
from zhen.web.requests import Request
from zhen.web.words import MARK_OF

VIEW = "plan.view"
REPORT = "plan.measure.report"
MOST_SLIPS = 5
MOST_FIGURES = 8
URGENT = (Standing.OVERDUE, Standing.BEHIND, Standing.DUE_SOON)


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many promises stand so, and where they are listed. `share` is the percentage of all."""

    standing: Standing
    word: str
    tone: str
    mark: str
    count: int
    share: float
    url: str


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One promise as one shape."""

    url: str
    text: str
    standing: Standing
    word: str
    tone: str
    mark: str
    due: date
    owners: str


@dataclass(frozen=True, kw_only=True)
class Chapter:
    numeral: str
    title: str
    url: str
    total: int
    kept: int
    marks: tuple[Mark, ...]
    counts: tuple[Count, ...]


def show(request: Request) -> HttpResponse:
    """The wall."""
    door = _door(request)
    if door is not None:
        return door
    plan = chosen_plan(request)
    if plan is None:
        return render(request, "web/cockpit_empty.html")
    view = overview(request.actor, plan, on=chosen_day(request))
    return render(request, "web/cockpit_home.html", picture(request, plan, view))


def promises(request: Request) -> HttpResponse:
    """The promises that a number of the cockpit counts."""
    door = _door(request)
    if door is not None:
        return door
    plan = chosen_plan(request)
    if plan is None:
        raise Missing("plan")
    params = common.params_of(request)
    view = overview(request.actor, plan, on=chosen_day(request))
    found = [promise for promise in view.of(*Standing) if _matches(request.actor, promise, params)]
    columns = (
        Column(id="text", label=_("Promise"), value="text", width="wide"),
        Column(id="standing", label=_("Standing"), value=lambda p: standing_chip(p.standing), kind=Kind.CHIP),
        Column(id="promised", label=_("Promised"), value="promised"),
        Column(id="value", label=_("Value"), value=lambda p: f"{p.value:f} {p.unit}" if p.value is not None else p.why),
        Column(id="owners", label=_("Owner"), value=owners_of),
        Column(id="due", label=_("Due"), value="due_on", kind=Kind.DATE),
    )
    rows = lists.rows_of(columns, found)
    chapter = next((c for c in view.chapters if str(c.id) == params.get("chapter")), None)
    context = {
        "plan": plan,
        "view": view,
        "heads": lists.heads_of(columns),
        "rows": [lists.linked(row, promise.url) for row, promise in zip(rows, found, strict=True)],
        "total": len(found),
        "counts": counts_of(found, _link(request)),
        "standing": WORDS.get(Standing(params["standing"])) if params.get("standing") else "",
        "chapter": chapter,
        "back": reverse("web:cockpit") + _query(request),
    }
    return render(request, "web/cockpit_promises.html", context)


def picture(request: Request, plan: Document, view: Overview) -> dict[str, object]:
    """All that the cockpit's template needs."""
    link = _link(request)
    urgent = view.of(*URGENT)
    return {
        "plan": plan,
        "plans": documents(request.actor)[:20],
        "view": view,
        "total": len(view.promises),
        "counts": counts_of(view.promises, link),
        "band": band_of(counts_of(view.promises, link)),
        "chapters": [chapter_of(chapter, link) for chapter in view.chapters],
        "slips": [slip_of(promise) for promise in urgent[:MOST_SLIPS]],
        "urgent": len(urgent),
        "urgent_url": link(standing=urgent[0].standing) if urgent else "",
        "figures": [figure_of(promise) for promise in _telling(view.figures)[:MOST_FIGURES]],
        "figures_total": len(view.figures),
        "figures_url": link(kind="target"),
        "legend": [(word, TONES[standing], mark_of(standing)) for standing, word in WORDS.items()],
    }


def chosen_plan(request: Request) -> Document | None:
    """The plan that the address names, else the one in force."""
    wanted = request.GET.get("plan", "")
    if not wanted:
        return current_document(request.actor, on=clock.today())
    found = documents(request.actor).filter(pk=wanted).first() if wanted.isdigit() else None
    if found is None:
        raise Missing(f"plan {wanted}")
    return found


def chosen_day(request: Request) -> date:
    """The day that the address names, else today."""
    wanted = request.GET.get("on", "")
    if not wanted:
        return clock.today()
    try:
        return date.fromisoformat(wanted)
    except ValueError as fault:
        message = _("“{value}” is no day. Write it as 2026-05-31.")
        raise Unprocessable(message.format(value=wanted[:40])) from fault


def counts_of(promises: Iterable[PromiseView], link: Callable[..., str]) -> tuple[Count, ...]:
    """The promises counted by standing, best first, without those that nobody has."""
    all_of_them = list(promises)
    numbers = {standing: sum(promise.standing is standing for promise in all_of_them) for standing in Standing}
    return tuple(
        Count(
            standing=standing,
            word=str(WORDS[standing]),
            tone=TONES[standing],
            mark=mark_of(standing),
            count=number,
            share=round(100 * number / len(all_of_them), 2),
            url=link(standing=standing),
        )
        for standing, number in numbers.items()
        if number
    )


def band_of(counts: Iterable[Count]) -> list[dict[str, object]]:
    """The counts as stretches of one line from 0 to 100."""
    parts, x = [], 0.0
    for count in counts:
        parts.append({"x": round(x, 2), "width": count.share, "standing": count.standing})
        x += count.share
    return parts


def chapter_of(chapter: ChapterView, link: Callable[..., str]) -> Chapter:
    return Chapter(
        numeral=words(chapter.number),
        title=chapter.title,
        url=link(chapter=chapter.id),
        total=len(chapter.promises),
        kept=chapter.standings.get(Standing.KEPT, 0),
        marks=tuple(_mark(promise) for promise in chapter.promises),
        counts=counts_of(chapter.promises, lambda **query: link(chapter=chapter.id, **query)),
    )


def _mark(promise: PromiseView) -> Mark:
    return Mark(
        url=promise.url,
        text=promise.text,
        standing=promise.standing,
        word=str(WORDS[promise.standing]),
        tone=TONES[promise.standing],
        mark=mark_of(promise.standing),
        due=promise.due_on,
        owners=owners_of(promise),
    )


def mark_of(standing: Standing) -> str:
    return MARK_OF.get(standing, str(TONES[standing]))


def owners_of(promise: PromiseView) -> str:
    return "、".join(owner.name for owner in promise.owners)


def is_mine(actor: Actor, promise: PromiseView) -> bool:
    """Whether a unit of the actor answers for a promise."""
    units = {unit for grant in actor.grants_for(REPORT) for unit in grant.units or ()}
    return any(owner.unit_id in units for owner in promise.owners)


def slip_of(promise: PromiseView) -> Slip:
    return Slip(
        text=promise.text,
        tone=TONES[promise.standing],
        url=promise.url,
        due=promise.due_on,
        owner=owners_of(promise),
        detail=promise.note,
    )


def figure_of(promise: PromiseView) -> Figure:
    period = ""
    if promise.measured_on is not None:
        period = _("to {day}").format(day=promise.measured_on.isoformat())
    return Figure(
        label=promise.text,
        value=float(promise.value) if promise.value is not None else None,
        unit=promise.unit,
        period=period,
        trend=float(promise.trend) if promise.trend is not None else None,
        evidence=promise.evidence or promise.url,
        tone=TONES[promise.standing],
        why=promise.why,
        target=promise.promised,
    )


def _telling(figures: Iterable[PromiseView]) -> list[PromiseView]:
    """Measured ones first, the most urgent of them first; what cannot be measured is not hidden, only later."""
    return sorted(figures, key=lambda promise: promise.value is None)


def _matches(actor: Actor, promise: PromiseView, params: Mapping[str, str]) -> bool:
    wanted = params.get("standing", "")
    if wanted and wanted not in set(Standing):
        raise Unprocessable(_("There is no standing “{value}”.").format(value=wanted[:40]))
    return (
        (not wanted or promise.standing == wanted)
        and params.get("chapter", str(promise.chapter_id)) == str(promise.chapter_id)
        and params.get("kind", promise.kind) == promise.kind
        and (not params.get("mine") or is_mine(actor, promise))
    )


def _door(request: Request) -> HttpResponse | None:
    if request.actor.kind is ActorKind.ANONYMOUS:
        return redirect_to_login(request.get_full_path())
    request.actor.require(VIEW)
    return None


class Link:
    """Makes the address of a list of promises; it keeps the plan and the day of the cockpit."""

    def __init__(self, kept: Mapping[str, str]) -> None:
        self.kept = kept

    def __call__(self, **query: object) -> str:
        return f"{reverse('web:cockpit_promises')}?{urlencode({**self.kept, **query})}"


def _link(request: Request) -> Link:
    return Link({name: request.GET[name] for name in ("plan", "on") if request.GET.get(name)})


def _query(request: Request) -> str:
    kept = _link(request).kept
    return f"?{urlencode(kept)}" if kept else ""
