"""The page of one case: where it stands, what can be done, what has happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhen.kernel.access.api import ActorKind, Denied
from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import By, Case, Clock, Reporter, Transition, Visibility
from zhen.kernel.forms.api import display
from zhen.kernel.journal import api as journal
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.pages.api import Missing, Tone
from zhen.web import drafts
from zhen.web.cases.deeds import POWERS, Deed, deed_of, deeds_of
from zhen.web.cases.forms import CaseForm, ReporterForm
from zhen.web.cases.hints import hints_of
from zhen.web.cases.rows import due_words, rows_of, tone_of, url_of
from zhen.web.cases.story import Names, since, story
from zhen.web.cases.work import Work
from zhen.web.pages import values
from zhen.web.requests import Request

DRAFT = "cases.case"
LIVE = ("cases.moved", "cases.assigned", "cases.edited", "cases.commented", "cases.attached")


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A deed with its form on the page; open where somebody has just tried it."""

    deed: Deed
    form: CaseForm
    open: bool
    draft: str = ""


@dataclass(frozen=True, kw_only=True)
class Ticking:
    """A clock as the page shows it."""

    clock: Clock
    name: str
    tone: Tone
    words: str
    whole: bool


def opened(request: Request, number: str, *, alone: bool = False) -> Work | HttpResponse:
    """The case with all that belongs to it, or the way to the sign-in. `alone`: see `cases.case_for`."""
    if request.actor.kind is ActorKind.ANONYMOUS:
        return redirect_to_login(request.get_full_path())
    return Work(actor=request.actor, case=cases.case_for(request.actor, number, alone=alone), now=request.now)


@require_GET
def show(request: Request, number: str) -> HttpResponse:
    work = opened(request, number)
    if isinstance(work, HttpResponse):
        return work
    if work.type.visibility is Visibility.CONFIDENTIAL:
        note_reading(work)
    return draw(request, work)


def note_reading(work: Work) -> None:
    """Of a confidential case every reading is journalled (Visibility.CONFIDENTIAL)."""
    journal.read_of(work.case, by=work.actor, purpose=_("opened the page of the case"), fields=["case"])


@require_POST
def do(request: Request, number: str, deed: str) -> HttpResponse:
    """Run one deed. On any fault the page comes back with every word that was typed."""
    work = opened(request, number, alone=True)
    if isinstance(work, HttpResponse):
        return work
    if deed == "reporter":
        return _open_reporter(request, work)
    wanted = deed_of(work, deed)
    if wanted is None:
        return _no_longer(request, work, deed)
    form = wanted.make(request.POST)
    form.files = request.FILES
    if not form.is_valid():
        return draw(request, work, tried=form, deed=deed, status=422)
    try:
        wanted.run(work, form)
    except Refused as refused:
        return _refused(request, work, form, deed, refused)
    except Case.DoesNotExist as gone:
        raise Missing(number) from gone
    drafts.forget(request.actor, DRAFT, _draft_key(work, deed))
    messages.success(request, str(wanted.done))
    return HttpResponseRedirect(_next(request, work))


def _next(request: Request, work: Work) -> str:
    """Back to the case; to the inbox where it is no longer one's own (a unit that has returned it)."""
    return url_of(work.case) if cases.is_readable(request.actor, work.case) else reverse("cases:inbox")


def _no_longer(request: Request, work: Work, deed: str) -> HttpResponse:
    """Somebody was faster, or the right is missing: say what stands now, and show what had been typed."""
    step, power = work.type.transition(deed), POWERS.get(deed)
    if step is None and power is None:
        raise Missing(deed)
    permission = step.permission if step else getattr(work.type.powers, str(power))
    if not work.actor.may(permission) or (step is not None and step.by in (By.REPORTER, By.SYSTEM)):
        raise Denied(permission, work.actor)
    name = step.name if step else deed
    fault = _("“{step}” is not possible any more. Look at what has happened since, and decide again.").format(step=name)
    words = [
        value
        for name in ("reason", "result", "answer", "text", "note")
        if (value := request.POST.get(name, "").strip())
    ]
    return draw(request, work, status=409, fault=fault, words=words, seen=_seen(request))


def _refused(request: Request, work: Work, form: CaseForm, deed: str, refused: Refused) -> HttpResponse:
    seen = form.cleaned_data.get("seen")
    if not isinstance(refused, Outdated):
        form.add_error(None, str(refused))
        return draw(request, work, tried=form, deed=deed, status=422)
    again = Work(actor=request.actor, case=cases.case_for(request.actor, work.case.number), now=request.now)
    wanted = deed_of(again, deed)
    if wanted is None:
        return _no_longer(request, again, deed)
    # every word stays; the form now carries what its writer sees with it
    typed = request.POST.copy()
    typed["revision"], typed["seen"] = str(again.case.revision), str(again.newest)
    kept = wanted.make(typed)
    kept.is_valid()
    fault = _("Somebody has changed this case meanwhile. Your words are kept below: look, and send them again.")
    return draw(request, again, tried=kept, deed=deed, status=409, fault=fault, seen=seen)


def _seen(request: Request) -> int | None:
    value = request.POST.get("seen", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else None


def _open_reporter(request: Request, work: Work) -> HttpResponse:
    """Show the reporter once, for this answer: the next look asks for its purpose again."""
    form = ReporterForm(request.POST, prefix="reporter")
    if not form.is_valid():
        return draw(request, work, reporter_form=form, status=422)
    try:
        reporter = cases.open_reporter(request.actor, work.case.pk, form.cleaned_data["purpose"])
    except Refused as refused:
        form.add_error("purpose", str(refused))
        return draw(request, work, reporter_form=form, status=422)
    except (Case.DoesNotExist, Reporter.DoesNotExist) as gone:
        raise Missing(work.case.number) from gone
    labelled = ((_("name"), reporter.name), (_("telephone"), reporter.phone), (_("e-mail"), reporter.email))
    work.clear = tuple((label, value.clear()) for label, value in labelled if value is not None)
    response = draw(request, work)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def draft(request: Request, number: str) -> HttpResponse:
    """Keep what is being typed into a comment or a step."""
    work = opened(request, number)
    if isinstance(work, HttpResponse):
        return work
    deed = request.GET.get("deed", "")[:40]
    kept = drafts.keep(request.actor, DRAFT, _draft_key(work, deed), request.POST)
    return HttpResponse(status=204 if kept else 413)


def _draft_key(work: Work, deed: str) -> str:
    return f"{work.case.pk}/{deed}"[:100]


@require_GET
def paper(request: Request, number: str) -> HttpResponse:
    """The case on A4: an office's page, without anything to press."""
    work = opened(request, number)
    if isinstance(work, HttpResponse):
        return work
    if work.type.visibility is Visibility.CONFIDENTIAL:
        note_reading(work)
    names = Names.of(work)
    context = _facts(work, names) | {"lines": story(work, names), "printed": request.now, "reader": request.actor.name}
    return render(request, "web/cases/paper.html", context)


def draw(
    request: Request,
    work: Work,
    *,
    tried: CaseForm | None = None,
    deed: str = "",
    reporter_form: CaseForm | None = None,
    status: int = 200,
    fault: str = "",
    words: list[str] | None = None,
    seen: int | None = None,
) -> HttpResponse:
    names = Names.of(work)
    lines = story(work, names)
    offers = _offers(work, tried, deed)
    may_open = work.reporter is not None and not work.reporter.anonymous and work.may("reporter")
    context = _facts(work, names) | {
        "offers": offers,
        "steps": [offer for offer in offers if offer.deed.step is not None],
        "others": [offer for offer in offers if offer.deed.step is None],
        "lines": lines,
        "undo": _undo(work, offers),
        "reporter": work.reporter,
        "clear": work.clear,
        "reporter_form": (reporter_form or ReporterForm(prefix="reporter")) if may_open else None,
        "reporter_tried": reporter_form is not None,
        "fault": fault,
        "words": words or [],
        "changes": since(work, names, seen) if seen is not None and status == 409 else [],
        "attachments": cases.ATTACHMENTS.source(work.actor, work.case),
        "attach": _attach_url(work),
        "live": ",".join(LIVE),
        **hints_of(work),
    }
    return render(request, "web/cases/case.html", context, status=status)


def _attach_url(work: Work) -> str:
    button = cases.attach_button(work.type.powers)
    offered = button.shown is not None and button.shown(work.actor, work.case)
    return reverse(f"page:{button.form}", kwargs={"key": work.case.pk}) if offered else ""


def _offers(work: Work, tried: CaseForm | None, wanted: str) -> list[Offer]:
    """Every deed with its form; drafts of comments come back."""
    found = []
    for id, deed in deeds_of(work).items():
        form = tried if tried is not None and id == wanted else deed.make()
        address = ""
        if id == "comment":
            address = f"{reverse('cases:draft', kwargs={'number': work.case.number})}?deed={id}"
            recalled = drafts.recall(work.actor, DRAFT, _draft_key(work, id)) if form is not tried else None
            if recalled is not None:
                form.initial.update({k: v for k, v in recalled.initial(form).items() if k not in ("revision", "seen")})
        found.append(Offer(deed=deed, form=form, open=form is tried, draft=address))
    return found


def _undo(work: Work, offers: list[Offer]) -> Offer | None:
    """The way back from the step that the reader has just taken, where the table has one that asks for nothing."""
    last = work.events[-1] if work.events else None
    if last is None or last.kind != "cases.moved" or last.actor_id != work.actor.id or work.actor.id is None:
        return None
    before = last.data.get("before")
    return next((offer for offer in offers if _leads_back(offer.deed.step, before)), None)


def _leads_back(step: Transition | None, before: object) -> bool:
    return step is not None and step.after == before and not step.needs


def _facts(work: Work, names: Names) -> dict[str, Any]:
    """What both the page and the paper show."""
    case = work.case
    ticking = [_ticking(work, row) for row in work.clocks]
    return {
        "case": case,
        "type": work.type,
        "state": work.type.state(case.state),
        "row": rows_of([case], work.now)[0],
        "outcome": work.type.outcome(case.outcome) if case.outcome else None,
        "running": [one for one in ticking if one.clock.running],
        "stopped": [one for one in ticking if not one.clock.running],
        "source": cases.source_of(case.source),
        "shared": [names.units[unit] for unit in case.shared_units if unit in names.units],
        "particulars": particulars(work),
        "links": _links(work),
        "parts": rows_of(work.parts, work.now) if work.parts else [],
        "point": point_of(case, work),
    }


def _ticking(work: Work, row: Clock) -> Ticking:
    deadline = work.type.deadline(row.deadline)
    if not row.running:
        tone = Tone.NEUTRAL if row.breached_at is None else Tone.OVERDUE if deadline.whole else Tone.BEHIND
        words = _("done in time") if row.breached_at is None else _("ran out before it was done")
    elif row.paused:
        tone, words = Tone.NEUTRAL, _("stands still")
    else:
        tone = tone_of(row.due_at, work.now, whole=deadline.whole)
        words = due_words(row.due_at, work.now)
    return Ticking(clock=row, name=str(deadline.name), tone=tone, words=words, whole=deadline.whole)


def particulars(work: Work) -> list[tuple[str, str]]:
    """The answers to the type's own questions, under the words of the version in which they were asked."""
    facts = display(work.type.form_of(work.case.form_version), work.case.given)
    return [(str(fact.label), values.write(fact.value, fact.kind)) for fact in facts]


def _links(work: Work) -> list[dict[str, Any]]:
    """Both directions, in words; of cases beyond the reader's reach only that they exist."""
    others = [link.target if link.case_id == work.case.pk else link.case for link in work.links]
    numbers = [other.number for other in others if other is not None]
    reached = cases.by_number(work.actor, numbers) if numbers else {}
    ours = {"repeat": _("repeats"), "related": _("belongs to"), "caused": _("was caused by")}
    theirs = {"repeat": _("is repeated by"), "related": _("belongs to"), "caused": _("caused")}
    found = []
    for link, other in zip(work.links, others, strict=True):
        case = reached.get(other.number) if other is not None else None
        words = ours if link.case_id == work.case.pk else theirs
        found.append(
            {
                "word": words.get(link.kind, ""),
                "case": case,
                "url": url_of(case) if case else "",
                "note": link.note,
                "other": other is not None,
            }
        )
    return found


def point_of(case: Case, work: Work) -> dict[str, Any] | None:
    """The case as GeoJSON for its map; none where nobody knows where it is."""
    if case.lon is None or case.lat is None:
        return None
    properties = {"key": str(case.pk), "name": case.title, "tone": tone_of(case.due_at, work.now)}
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [case.lon, case.lat]},
        "properties": properties,
    }
    return {"type": "FeatureCollection", "features": [feature]}
