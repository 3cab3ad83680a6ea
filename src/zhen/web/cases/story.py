"""The timeline of one case: what happened, who did it, what was said, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from zhen.kernel.cases.api import By, Case, CaseType, Clock, Comment, Need, source_of
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.journal.api import Event, actor_of, sentence
from zhen.kernel.pages.api import Tone
from zhen.web.cases.work import Work


@dataclass(frozen=True, kw_only=True)
class Line:
    """One moment. `said` are somebody's own words; `event` orders lines of the same moment."""

    at: datetime
    who: str
    text: str
    said: str = ""
    public: bool = False
    tone: Tone = Tone.NEUTRAL
    event: int = 0


@dataclass(frozen=True, kw_only=True)
class Names:
    """The names behind the numbers in events: two queries for a whole story."""

    units: Mapping[int, str]
    people: Mapping[int, str]
    classes: Mapping[int, str]

    @classmethod
    def of(cls, work: Work) -> Names:
        units: set[int] = set()
        people: set[int] = set()
        for event in work.events:
            units |= {id for id in (event.unit_id, event.data.get("from_unit")) if isinstance(id, int)}
            people |= {id for id in (event.data.get("person"),) if isinstance(id, int)}
        units |= set(work.case.shared_units)
        return cls(
            units=dict(Unit.objects.filter(pk__in=units).values_list("pk", "name")) if units else {},
            people={user.pk: str(user) for user in User.objects.filter(pk__in=people)} if people else {},
            classes={row.pk: row.name for row in work.book.categories.values()},
        )


def story(work: Work, names: Names) -> list[Line]:
    """Everything in the order in which it happened."""
    lines = [_line(event, work, names) for event in work.events]
    lines += _ran_out(work.clocks, work.type)
    return sorted(lines, key=lambda line: (line.at, line.event))


def since(work: Work, names: Names, seen: int) -> list[Line]:
    """What happened after the newest event that somebody had seen."""
    return [_line(event, work, names) for event in work.events if event.pk > seen]


def _ran_out(clocks: Iterable[Clock], type_: CaseType) -> list[Line]:
    """A deadline that ran out is told at its true moment, whenever it was noticed."""
    return [
        Line(
            at=row.breached_at,
            who="",
            text=_("The deadline “{deadline}” ran out").format(deadline=type_.deadline(row.deadline).name),
            tone=Tone.OVERDUE if type_.deadline(row.deadline).whole else Tone.BEHIND,
        )
        for row in clocks
        if row.breached_at is not None
    ]


def _line(event: Event, work: Work, names: Names) -> Line:
    tell = TELLERS.get(event.kind)
    line = tell(event, work, names) if tell else Line(at=event.at, who="", text=sentence(event))
    return Line(
        at=line.at,
        who=_who(event, work),
        text=line.text,
        said=line.said,
        public=line.public,
        tone=line.tone,
        event=event.pk,
    )


def _who(event: Event, work: Work) -> str:
    """Whoever reported a case is named nowhere in its story: his name opens only with a purpose."""
    reporter = work.reporter
    step = work.type.transition(str(event.data.get("step", "")))
    if (step is not None and step.by is By.REPORTER) or (
        reporter is not None and reporter.user_id is not None and reporter.user_id == event.actor_id
    ):
        return _("the reporter")
    return actor_of(event)


def _received(event: Event, work: Work, names: Names) -> Line:
    source = str(event.data.get("source", ""))
    at = parse_datetime(str(event.data.get("at", ""))) or event.at
    told = _("It came in by {source}").format(source=source_of(source).name)
    unit = names.units.get(event.unit_id or 0)
    if unit:
        told = _("{told}, for {unit}").format(told=told, unit=unit)
    return Line(at=at, who="", text=told, said=work.case.text)


def _moved(event: Event, work: Work, names: Names) -> Line:
    data = event.data
    step = work.type.transition(str(data.get("step", "")))
    name = str(step.name) if step else str(data.get("step", ""))
    parts = [_("“{step}”").format(step=name)]
    before, after = str(data.get("before", "")), str(data.get("state", ""))
    if before != after:
        parts.append(_("now {state}").format(state=_state(work.type, after)))
    unit = names.units.get(event.unit_id or 0)
    if data.get("from_unit") is not None:
        parts.append(_("from {unit}").format(unit=names.units.get(data["from_unit"], "")))
    elif unit and step is not None and Need.UNIT in step.needs:
        parts.append(_("to {unit}").format(unit=unit))
    if data.get("outcome"):
        outcome = work.type.outcome(str(data["outcome"]))
        parts.append(str(outcome.name) if outcome else str(data["outcome"]))
    if data.get("rating"):
        parts.append(_("{n} of 5 stars").format(n=data["rating"]))
    said = str(data.get("reason", ""))
    if step is not None and Need.RESULT in step.needs and _is_last(event, work):
        said = "\n".join(words for words in (work.case.result, said) if words)
    return Line(at=event.at, who="", text=_joined(parts), said=said, tone=step.tone if step else Tone.NEUTRAL)


def _is_last(event: Event, work: Work) -> bool:
    """Whether this was the newest time that the step was taken: its result is the one that the case holds."""
    same = [other.pk for other in work.events if other.data.get("step") == event.data.get("step")]
    return bool(same) and same[-1] == event.pk


def _assigned(event: Event, work: Work, names: Names) -> Line:
    person = names.people.get(event.data.get("person") or 0)
    unit = names.units.get(event.unit_id or 0)
    parts = []
    if event.data.get("from_unit") is not None and unit:
        parts.append(_("transferred it to {unit}").format(unit=unit))
    if person:
        parts.append(_("assigned it to {person}").format(person=person))
    return Line(
        at=event.at, who="", text=_joined(parts) or _("changed who handles it"), said=str(event.data.get("reason", ""))
    )


def _edited(event: Event, work: Work, names: Names) -> Line:
    was = event.data.get("was") or {}
    parts = []
    for name in event.data.get("fields") or ():
        label = _field_name(name)
        old = was.get(name)
        if name == "category_id":
            old = names.classes.get(old or 0, _("none"))
        if isinstance(old, bool):
            old = _("yes") if old else _("no")
        parts.append(_("{field} (was “{old}”)").format(field=label, old=str(old or "")[:120]))
    return Line(at=event.at, who="", text=_("changed {fields}").format(fields=_joined(parts)))


def _field_name(name: str) -> str:
    field = Case._meta.get_field(name.removesuffix("_id"))
    return str(getattr(field, "verbose_name", name))


def _commented(event: Event, work: Work, names: Names) -> Line:
    comment = work.comments.get(event.data.get("comment") or 0)
    kind = str(event.data.get("kind", ""))
    text = {
        Comment.Kind.CONTACT: _("noted a contact with the reporter"),
        Comment.Kind.ANSWER: _("answered the reporter"),
        Comment.Kind.REPORTER: _("wrote"),
    }.get(Comment.Kind(kind) if kind in Comment.Kind.values else Comment.Kind.NOTE, _("noted"))
    return Line(
        at=event.at, who="", text=text, said=comment.text if comment else "", public=bool(event.data.get("public"))
    )


def _linked(event: Event, work: Work, names: Names) -> Line:
    target = event.data.get("target")
    link = next((link for link in work.links if link.target_id == target), None)
    number = link.target.number if link is not None and link.target is not None else ""
    words = {
        "repeat": _("It repeats {number}"),
        "related": _("It belongs to {number}"),
        "caused": _("It was caused by {number}"),
    }
    text = words.get(str(event.data.get("kind")), _("It belongs to {number}"))
    return Line(at=event.at, who="", text=text.format(number=number or _("something else")))


def _divided(event: Event, work: Work, names: Names) -> Line:
    return Line(at=event.at, who="", text=_("opened {part} as a part of it").format(part=event.data.get("part", "")))


def _paused(event: Event, work: Work, names: Names) -> Line:
    return Line(
        at=event.at, who="", text=_("held its clocks still"), said=str(event.data.get("reason", "")), tone=Tone.BEHIND
    )


def _resumed(event: Event, work: Work, names: Names) -> Line:
    return Line(
        at=event.at, who="", text=_("let its clocks go on") + _until(event), said=str(event.data.get("reason", ""))
    )


def _deadline(event: Event, work: Work) -> str:
    return str(next((d.name for d in work.type.deadlines if d.id == event.data.get("deadline")), ""))


def _extended(event: Event, work: Work, names: Names) -> Line:
    text = _("extended the deadline “{deadline}”").format(deadline=_deadline(event, work))
    return Line(
        at=event.at, who="", text=text + _until(event), said=str(event.data.get("reason", "")), tone=Tone.BEHIND
    )


def _asked(event: Event, work: Work, names: Names) -> Line:
    text = _("asked for more time on “{deadline}”").format(deadline=_deadline(event, work))
    return Line(at=event.at, who="", text=text, said=str(event.data.get("reason", "")), tone=Tone.DUE_SOON)


def _not_extended(event: Event, work: Work, names: Names) -> Line:
    text = _("refused more time on “{deadline}”").format(deadline=_deadline(event, work))
    return Line(at=event.at, who="", text=text, said=str(event.data.get("reason", "")))


def _restarted(event: Event, work: Work, names: Names) -> Line:
    text = _("started the deadline “{deadline}” again").format(deadline=_deadline(event, work))
    return Line(
        at=event.at, who="", text=text + _until(event), said=str(event.data.get("reason", "")), tone=Tone.BEHIND
    )


def _rescheduled(event: Event, work: Work, names: Names) -> Line:
    text = _("“{deadline}” was reckoned anew by the calendar").format(deadline=_deadline(event, work))
    return Line(at=event.at, who="", text=text + _until(event))


def _until(event: Event) -> str:
    due = parse_datetime(str(event.data.get("due") or ""))
    return _(", now due {moment}").format(moment=f"{localtime(due):%Y-%m-%d %H:%M}") if due else ""


def _joined(parts: Iterable[str]) -> str:
    return _(", ").join(part for part in parts if part)


def _state(type_: CaseType, id: str) -> str:
    return next((str(state.name) for state in type_.states if state.id == id), id)


TELLERS = {
    "cases.received": _received,
    "cases.moved": _moved,
    "cases.assigned": _assigned,
    "cases.edited": _edited,
    "cases.commented": _commented,
    "cases.linked": _linked,
    "cases.divided": _divided,
    "cases.paused": _paused,
    "cases.resumed": _resumed,
    "cases.extended": _extended,
    "cases.extension_asked": _asked,
    "cases.extension_refused": _not_extended,
    "cases.restarted": _restarted,
    "cases.rescheduled": _rescheduled,
}
