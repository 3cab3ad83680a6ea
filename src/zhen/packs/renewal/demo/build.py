"""Building it, through actions and visits, each at its own time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Move, move
from zhen.kernel.files.api import File
from zhen.kernel.identity.api import Post, Unit, User, actor_for, posts_on
from zhen.kernel.lib import clock
from zhen.kernel.lib.ids import timed_id
from zhen.kernel.packs.api import DemoBuild
from zhen.kernel.parties.api import Organisation, add_organisation, credit_check
from zhen.kernel.places.api import Kind, PlaceVersion, versions_on
from zhen.kernel.rounds.api import (
    NewCampaign,
    Position,
    Recheck,
    Record,
    Visit,
    in_use,
    lay_checklists,
    make_campaign,
    plan_round,
    record,
    start_campaign,
)
from zhen.packs.renewal.actions import consent, doors, projects, rules, works
from zhen.packs.renewal.demo.pictures import picture
from zhen.packs.renewal.demo.works import DRAIN_LINES, RENEWAL_LINES, ROOF_LINES, WAN, Work, of_2020
from zhen.packs.renewal.kinds import BEGUN, KINDS, Evidence, Matter
from zhen.packs.renewal.kinds import Kind as ProjectKind
from zhen.packs.renewal.models import Consultation, DelayReason, DoorFact, Milestone, Picture, Project
from zhen.packs.renewal.sources import PROJECTS

ENTERED = date(2020, 1, 10)
SURVEYED = date(2020, 1, 13)
LATEST = date(2020, 8, 24)
"""By then all works of the plan are agreed on; a site that is rebuilt begins long after."""
FIRMS = ("上海申城修缮工程有限公司（示范）", "上海桃浦市政建设有限公司（示范）", "上海长风建筑安装有限公司（示范）")
PHASES = {"half": "works", "built": "after", "empty": "before", BEGUN: "works"}
DONE = {"half": Decimal("0.55"), "built": Decimal(1)}


@dataclass
class Team:
    """Who does it: a clerk, and the head who accepts, publishes and confirms."""

    unit: Unit
    clerk: User
    head: User
    today: date

    def __post_init__(self) -> None:
        self.by_clerk: Actor = actor_for(self.clerk, day=self.today)
        self.by_head: Actor = actor_for(self.head, day=self.today)


def build(town: DemoBuild) -> None:
    today = clock.today()
    team = _team(today)
    spots = _spots(today)
    if team is None or not spots:
        return
    lay_checklists()
    rules.lay(Actor.system("demo"))
    chance = Random(town.seed)  # noqa: S311 a demo, not a secret
    firms = _firms()
    estates = [name for name, _spot in spots]
    made: list[tuple[Work, Project]] = []
    for number, work in enumerate(of_2020([estates[number % len(estates)] for number in range(13)])):
        with clock.frozen(_at(ENTERED)):
            made.append((work, _enter(team, work, spots[number % len(spots)][1], firms, number)))
    surveys = _survey(team, SURVEYED, "2020年更新改造项目踏勘")
    for work, project in made:
        _carry_out(team, work, project, surveys[project.pk], chance)
    _this_year(team, spots, firms, chance, today)
    town.say(f"{Project.objects.count()} renewal projects, {Picture.objects.count()} pictures of works")


def _team(today: date) -> Team | None:
    """A clerk and a head of one unit: of planning, where there is one."""
    posts = posts_on(today).filter(role__in=("unit_head", "unit_clerk")).select_related("user", "unit")
    by_unit: dict[int, dict[str, Post]] = {}
    for post in posts.order_by("pk"):
        by_unit.setdefault(post.unit_id, {}).setdefault(post.role, post)
    whole = [one for one in by_unit.values() if len(one) == 2]
    chosen = next((one for one in whole if one["unit_head"].unit.code == "planning"), whole[0] if whole else None)
    if chosen is None:
        return None
    return Team(chosen["unit_head"].unit, chosen["unit_clerk"].user, chosen["unit_head"].user, today)


def _firms() -> list[Organisation]:
    """Firms that build, under an administrative code that was never assigned."""
    builder, found = Actor.system("demo"), []
    for number, name in enumerate(FIRMS):
        body = f"91310199MC{number:07d}"
        found.append(add_organisation(builder, name=name, code=body + credit_check(body)))
    return found


def _spots(today: date) -> list[tuple[str, PlaceVersion]]:
    """A residential building in each neighbourhood, with the neighbourhood's name."""
    areas = {one.place_id: one for one in versions_on(today, Kind.NEIGHBOURHOOD)}
    cells = {one.place_id: one.parent_id for one in versions_on(today, Kind.CELL)}
    found: dict[int, tuple[str, PlaceVersion]] = {}
    rows = versions_on(today, Kind.BUILDING).select_related("place").order_by("place__code")
    for one in rows:
        if (one.attributes or {}).get("use", "residential") != "residential":
            continue
        parent = one.parent_id or 0
        area = areas.get(parent) or areas.get(cells.get(parent) or 0)
        if area is not None and one.lon is not None and area.place_id not in found:
            found[area.place_id] = (area.name.removesuffix("小区"), one)
    return list(found.values())


def _at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), clock.TOWN_ZONE)


def _enter(team: Team, work: Work, spot: PlaceVersion, firms: Sequence[Organisation], number: int) -> Project:
    facts = {
        "kind": work.kind, "name": work.name, "about": work.about, "address": spot.address or spot.name,
        "place": spot.place, "lon": spot.lon, "lat": spot.lat, "unit": team.unit, "person": team.clerk,
        "contractor": firms[number % len(firms)] if firms else None, "budget": work.budget or None,
        "budget_ref": f"{work.start:%Y}-城建-{number + 1:03d}", "first_start": work.start, "first_end": work.end,
    }  # fmt: skip
    made = projects.enter(team.by_clerk, facts)
    for name, unit, planned, weight in work.lines:
        works.plan_quantity(team.by_clerk, made, name=name, unit=unit, planned=Decimal(planned), weight=weight)
    return made


def _survey(team: Team, day: date, title: str) -> Mapping[int, Visit]:
    """A campaign that goes to each project once, before the works; gives its visits, still planned."""
    new = NewCampaign(
        title=title, checklist="renewal.progress", source=PROJECTS, unit_id=team.unit.pk, starts_on=day,
        query={"stage": "open"}, ends_on=day + timedelta(days=20), inspectors={team.clerk.pk: None}, per_day=6,
    )  # fmt: skip
    with clock.frozen(_at(day, 8)):
        campaign = start_campaign(team.by_head, make_campaign(team.by_head, new))
        plan_round(Actor.system("demo"), campaign, day)
    rows = Visit.objects.filter(round__campaign=campaign).select_related("subject")
    return {int(visit.subject.ref): visit for visit in rows}


def _go(
    team: Team, project: Project, checklist: str, at: datetime, phase: str, *, visit: Visit | None = None,
    second: bool = False, answers: Mapping[str, Any] | None = None,
) -> Visit:  # fmt: skip
    """A visit of the clerk's, with the head where two are needed, and a picture of the fixed spot."""
    with clock.frozen(at):
        version = in_use(checklist)
        assert version is not None
        photo = picture(team.by_clerk, project.kind, phase, project.pk * 97 + 1)
        path = "whole" if checklist == "renewal.quality" else "spot"
        photos: dict[str, list[File]] = {path: [photo]}
        given = dict(answers or _answers(checklist, phase))
        for item, answer in given.items():
            if answer == "no":
                photos[item] = [picture(team.by_clerk, project.kind, "works", project.pk * 97 + len(item))]
        assert project.lon is not None
        assert project.lat is not None
        sent = Record(
            id=timed_id(int(at.timestamp() * 1000), project.pk * 1000 + len(checklist)),
            visit=visit.pk if visit else None, subject="" if visit else f"{PROJECTS}:{project.pk}",
            checklist=checklist, version=version.number, outcome="seen", started_at=at - timedelta(minutes=30),
            ended_at=at, answers=given, second=team.head.pk if second else None,
            position=Position(lon=project.lon + 0.0001, lat=project.lat, accuracy=12),
        )  # fmt: skip
        return record(team.by_clerk, sent, photos)


def _answers(checklist: str, phase: str) -> dict[str, Any]:
    if checklist == "renewal.progress":
        return {"stage": {"before": "before", "works": "works", "after": "done"}[phase]}
    if checklist == "renewal.quality":
        return dict.fromkeys(("material", "work", "hidden", "safety", "neighbours"), "yes")
    return {
        **dict.fromkeys(("bill", "work", "papers", "clean"), "yes"),
        "contractor": "项目经理",
        "residents": "居民代表",
    }


def _carry_out(team: Team, work: Work, project: Project, survey: Visit, chance: Random) -> None:
    """From the survey to the acceptance, each step on its day."""
    assert work.begun is not None
    assert work.accepted is not None
    _go(team, project, "renewal.progress", _at(survey.planned_on), "before", visit=survey)
    with clock.frozen(_at(survey.planned_on, 15)):
        works.keep_pictures(project, Visit.objects.get(pk=survey.pk))
    _agree(team, project, work, min(work.begun, LATEST), chance)
    steps = list(project.milestones.exclude(step="cleared").order_by("order"))
    if work.late is not None:
        _put_off(team, steps[-4], *work.late)
    days = _days(work)
    for milestone in steps:
        milestone.refresh_from_db()
        _step(team, project, milestone, days)
    acceptance = _go(team, project, "renewal.acceptance", _at(work.accepted), "after", second=True)
    with clock.frozen(_at(work.accepted, 16)):
        project.refresh_from_db()
        works.accept(team.by_head, project, acceptance)
    _show(team, project, work.accepted)


def _days(work: Work) -> dict[str, date]:
    assert work.begun is not None
    assert work.accepted is not None
    whole = (work.accepted - work.begun).days
    return {
        "design": work.begun - timedelta(days=68), "contract": work.begun - timedelta(days=12),
        "empty": min(date(2020, 12, 11), work.begun), BEGUN: work.begun,
        "half": work.begun + timedelta(days=whole // 2), "built": work.accepted - timedelta(days=min(14, whole // 4)),
    }  # fmt: skip


def _step(team: Team, project: Project, milestone: Milestone, days: Mapping[str, date]) -> None:
    """Reach a milestone on its day, shown by a paper or by a visit, and measured by that."""
    if milestone.evidence is Evidence.ACCEPTANCE:
        return
    day = days[milestone.step]
    if milestone.evidence is Evidence.PAPER:
        number = (
            f"长建〔{day:%Y}〕{project.pk % 90 + 10}号"
            if milestone.step == "design"
            else f"合同 {day:%Y%m}-{project.pk}"
        )
        with clock.frozen(_at(day)):
            works.reach(team.by_clerk, milestone, on=day, proof=number)
        return
    phase = PHASES[milestone.step]
    visit = _go(team, project, "renewal.progress", _at(day), phase)
    with clock.frozen(_at(day, 14)):
        works.reach(team.by_clerk, milestone, on=day, visit=visit)
        lines = list(project.quantities.all())
        if lines and milestone.step in DONE:
            project.refresh_from_db()
            share = DONE[milestone.step]
            works.measure(
                team.by_clerk, project, visit, {one.pk: (one.planned * share).quantize(Decimal(1)) for one in lines}
            )


def _put_off(team: Team, milestone: Milestone, days: int, reason: str) -> None:
    at = milestone.due_on - timedelta(days=3)
    with clock.frozen(_at(at)):
        why = DelayReason.objects.get(code=reason)
        works.delay(team.by_clerk, milestone, new_on=milestone.due_on + timedelta(days=days), reason=why)


def _ask(team: Team, project: Project, households: int, at: date) -> Consultation:
    with clock.frozen(_at(at)):
        area = Decimal(households) * Decimal("62.50")
        return consent.open_consultation(team.by_clerk, project, asked=households, area_asked=area)


def _votes(asked: int, chance: Random, share: float = 0.92) -> dict[str, Any]:
    agreed = int(asked * (share + chance.uniform(-0.02, 0.03)))
    against, abstained = int(asked * 0.025), int(asked * 0.015)
    counts = {"agreed": agreed, "against": against, "abstained": abstained}
    return {**counts, **{f"area_{name}": Decimal(number) * Decimal("62.50") for name, number in counts.items()}}


def _agree(team: Team, project: Project, work: Work, before: date, chance: Random) -> None:
    """Ask, count, hang out, clear: before the works begin."""
    if KINDS[work.kind].matter is Matter.NONE:
        return
    asked = _ask(team, project, work.households, before - timedelta(days=62))
    with clock.frozen(_at(before - timedelta(days=45))):
        consent.count_votes(team.by_clerk, asked, _votes(work.households, chance), close=True)
        first = clock.today() + timedelta(days=1)
        consent.hang_out(
            team.by_clerk, project, starts_on=first, ends_on=first + timedelta(days=9), where="小区公告栏、居委会"
        )
    with clock.frozen(_at(before - timedelta(days=30))):
        consent.clear(team.by_clerk, project)
    if work.kind is ProjectKind.REBUILD:
        _move_out(team, project, work.households, chance)


def _move_out(team: Team, project: Project, households: int, chance: Random) -> None:
    """Three at 100 %: every door consulted, signed and moved within the year of the plan."""
    labels = [f"{1 + number // 12}号{1 + number % 12 // 2}0{1 + number % 2}室" for number in range(households)]
    with clock.frozen(_at(date(2020, 5, 8))):
        project.refresh_from_db()
        doors.add_doors(team.by_clerk, project, labels)
    facts = list(DoorFact.objects.filter(door__project=project).select_related("door__project").order_by("kind", "pk"))
    spans = {"consulted": (date(2020, 5, 11), 50), "signed": (date(2020, 7, 6), 70), "moved": (date(2020, 9, 21), 75)}
    papers = {"consulted": "征询", "signed": "签约", "moved": "交房"}
    for kind in DoorFact.Kind:
        first, days = spans[kind]
        for fact in (one for one in facts if one.kind == kind):
            day = first + timedelta(days=chance.randrange(days))
            proof = f"{papers[kind]}〔2020〕{fact.door.number:03d}"
            with clock.frozen(_at(day, 11)):
                entered = doors.enter_fact(team.by_clerk, fact, on=day, proof=proof)
            with clock.frozen(_at(day, 16)):
                doors.confirm_fact(team.by_head, entered)


def _show(team: Team, project: Project, day: date) -> None:
    """Set the first and the last picture side by side, and publish."""
    taken = list(Picture.objects.filter(project=project).order_by("taken_on", "pk"))
    with clock.frozen(_at(day + timedelta(days=2))):
        if len(taken) > 1:
            pair = works.pair_up(team.by_clerk, project, title="固定机位", before=taken[0], after=taken[-1])
            projects.release(team.by_head, pair.before)
            projects.release(team.by_head, pair.after)
        projects.publish(team.by_head, project)


# this year: what somebody who tries the town can do next


def _this_year(
    team: Team, spots: Sequence[tuple[str, PlaceVersion]], firms: Sequence[Organisation], chance: Random, today: date
) -> None:
    """One under way and late, with an open defect; one that hangs out, with an objection; one that is being asked."""
    start = today - timedelta(days=200)
    named = [spots[number % len(spots)] for number in (13, 14, 15)]
    under_way, hanging, asking = (
        Work(kind=ProjectKind.COMPREHENSIVE, name=f"{named[0][0]}小区综合改造（{today.year}年）",
             about="外立面、屋面、楼道和公共设施改造。",
             start=start, end=today + timedelta(days=120), begun=today - timedelta(days=95), households=640,
             budget=2_460 * WAN, lines=RENEWAL_LINES),
        Work(kind=ProjectKind.DRAINAGE, name=f"{named[1][0]}小区雨污水分流改造（{today.year}年）",
             about="实现小区雨污水分流。",
             start=today - timedelta(days=70), end=today + timedelta(days=210), households=388, budget=520 * WAN,
             lines=DRAIN_LINES),
        Work(kind=ProjectKind.ROOF, name=f"{named[2][0]}小区屋面改造（{today.year}年）",
             about="屋面防水翻做，更换檐沟、落水管。",
             start=today - timedelta(days=40), end=today + timedelta(days=240), households=296, budget=330 * WAN,
             lines=ROOF_LINES),
    )  # fmt: skip
    made = []
    for number, (work, (_name, spot)) in enumerate(zip((under_way, hanging, asking), named, strict=True), 40):
        with clock.frozen(_at(work.start)):
            made.append(_enter(team, work, spot, firms, number))
            projects.publish(team.by_head, made[-1])
    surveys = _survey(team, today - timedelta(days=8), f"{today.year}年更新改造项目进度查看")
    _half_way(team, under_way, made[0], chance, today)
    _hang_out(team, hanging, made[1], chance, today)
    asked = _ask(team, made[2], asking.households, today - timedelta(days=12))
    with clock.frozen(_at(today - timedelta(days=1))):
        consent.count_votes(team.by_clerk, asked, _votes(asking.households, chance, 0.48))
    first = surveys.get(made[0].pk)
    if first is not None:
        _go(team, made[0], "renewal.progress", _at(today - timedelta(days=6)), "works", visit=first)


def _half_way(team: Team, work: Work, project: Project, chance: Random, today: date) -> None:
    assert work.begun is not None
    _agree(team, project, work, work.begun, chance)
    days = {"design": work.begun - timedelta(days=70), "contract": work.begun - timedelta(days=8), BEGUN: work.begun}
    for milestone in project.milestones.filter(step__in=days).order_by("order"):
        _step(team, project, milestone, days)
    visit = _go(team, project, "renewal.progress", _at(today - timedelta(days=20)), "works")
    with clock.frozen(_at(today - timedelta(days=20), 15)):
        project.refresh_from_db()
        amounts = {one.pk: (one.planned * Decimal("0.42")).quantize(Decimal(1)) for one in project.quantities.all()}
        works.measure(team.by_clerk, project, visit, amounts)
    half = project.milestones.get(step="half")
    _put_off(team, half, 25, "weather")
    faulty = {**_answers("renewal.quality", "works"), "work": "no"}
    found = _go(team, project, "renewal.quality", _at(today - timedelta(days=30)), "works", answers=faulty)
    again = Visit.objects.filter(follows=found, kind=Visit.Kind.RECHECK).first()
    assert again is not None
    at = _at(today - timedelta(days=22))
    with clock.frozen(at):
        seen = {one.pk: Recheck(right=True, note="已返工，现场查看合格") for one in again.to_recheck.all()}
        sent = Record(
            id=timed_id(int(at.timestamp() * 1000), project.pk), visit=again.pk, checklist=again.checklist, version=0,
            outcome="seen", started_at=at - timedelta(minutes=15), ended_at=at, rechecks=seen, no_position="楼内无信号",
        )  # fmt: skip
        record(team.by_clerk, sent, {})
    faulty = {**_answers("renewal.quality", "works"), "neighbours": "no"}
    _go(team, project, "renewal.quality", _at(today - timedelta(days=2)), "works", answers=faulty)


def _hang_out(team: Team, work: Work, project: Project, chance: Random, today: date) -> None:
    asked = _ask(team, project, work.households, today - timedelta(days=30))
    with clock.frozen(_at(today - timedelta(days=5))):
        consent.count_votes(team.by_clerk, asked, _votes(work.households, chance, 0.86), close=True)
        first = clock.today() + timedelta(days=1)
        consent.hang_out(
            team.by_clerk, project, starts_on=first, ends_on=first + timedelta(days=9), where="小区公告栏、居委会"
        )
    with clock.frozen(_at(today - timedelta(days=2))):
        case = consent.object_to(team.by_clerk, project, text="施工期间车辆无法进出，希望分段施工，保留一条应急通道。")
        move(team.by_clerk, case.pk, case.revision, "examine", Move(unit_id=team.unit.pk))
