"""The demo's plans: imported, confirmed by a demo user, reported on through the year, and measured.

What happened in the demo's year is invented: which measure was reported when and how follows from a
seeded generator, so that two builds give the same town.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import User, actor_for, posts_on
from zhen.kernel.lib import clock
from zhen.kernel.plan.api import (
    INDICATORS,
    Description,
    Document,
    DocumentVersion,
    Measure,
    Series,
    Target,
    bind_target,
    confirm,
    create_series,
    import_document,
    import_series,
    link_measure,
    measure_targets,
    publish,
    report_measure,
    sign_off,
)
from zhen.project.demo.readings import READINGS, add_readings

ISSUED = datetime(2020, 4, 20, 1, tzinfo=UTC)
BODY = "长征镇人民政府（示范）"
LEFT_OPEN = 0.12
"""The share of measures on which nobody reports an end: a town where all went well would teach nothing."""
PROMISES_OF_DEVICES = (("智慧消防", "fire.covered"), ("楼宇园区全覆盖", "security.covered"))
"""Words of a promise, and the indicator that measures it, where its pack is there."""
PROMISES_OF_WORKS = (
    ("屋面及相关设施改造", "renewal.completed_roof"),
    ("雨污水分流改造", "renewal.completed_drainage"),
    ("4个小区综合改造", "renewal.begun_comprehensive"),
    ("3个100%", "renewal.three_at_100"),
)
"""The same for what is measured by works: “新增建设” promises that they begin."""
PROMISES_OF_OLD_STOCK = (("历史存量违建减少80%", "upkeep.old_stock_removed"),)
"""Of the five years: what stood when they began, and is gone by their end."""
AT_RISK = "施工受疫情影响，进度推迟，正在协调"


def acting(user: User, day: date) -> Actor:
    return actor_for(user, day=day)


def build_plans(people: dict[str, User], seed: int) -> Document:
    outline = _read("outline-2021-2025.txt", people, datetime(2021, 1, 15, 1, tzinfo=UTC), kind=Document.Kind.FIVE_YEAR)
    plan = _read("plan-2020.txt", people, ISSUED, kind=Document.Kind.YEARLY)
    newest = plan.versions.order_by("-number")[0]
    with clock.frozen(ISSUED + timedelta(days=1, hours=1)):
        add_readings(acting(people["reviewer"], ISSUED.date()), newest)
    _report(plan, people, random.Random(seed))  # noqa: S311 a demo, not a secret
    _measure_revenue(plan, people)
    _link(outline, plan, people)
    return plan


def _read(name: str, people: dict[str, User], at: datetime, *, kind: str) -> Document:
    """Import a text as the planner, and have the reviewer confirm what was found in it."""
    data = (files("zhen.project.demo.data") / name).read_bytes()
    with clock.frozen(at):
        imported = import_document(
            acting(people["planner"], at.date()),
            data=data,
            file_name=name,
            described=Description(kind=kind, issuing_body=BODY),
        )
    with clock.frozen(at + timedelta(days=1)):
        reviewer = acting(people["reviewer"], at.date())
        confirm(reviewer, _proposed(imported.version))
        return publish(reviewer, imported.version.document_id)


def _proposed(version: DocumentVersion) -> dict[int, int]:
    return dict(version.findings.values_list("id", "revision"))


def _report(plan: Document, people: dict[str, User], chance: random.Random) -> None:
    """Each unit reports on its measures: under way in spring, then done or at risk through the year."""
    heads = {
        post.unit_id: acting(post.user, ISSUED.date())
        for post in posts_on(plan.issued_on or ISSUED.date()).filter(role="unit_head")
    }
    reviewer = acting(people["reviewer"], ISSUED.date())
    for measure in Measure.objects.filter(document=plan).order_by("start"):
        head = heads.get(measure.lead_unit_id or 0, reviewer)
        _say(measure, head, ISSUED + timedelta(days=chance.randint(5, 60)), Measure.State.UNDER_WAY)
        end = ISSUED + timedelta(days=chance.randint(90, 250))
        fate = chance.random()
        if fate > 2 * LEFT_OPEN:
            _say(measure, head, end, Measure.State.DONE)
        elif fate > LEFT_OPEN:
            _say(measure, head, end, Measure.State.AT_RISK, AT_RISK)


def _say(measure: Measure, head: Actor, at: datetime, state: str, note: str = "") -> None:
    with clock.frozen(at):
        measure.revision = report_measure(head, measure.pk, measure.revision, state=state, note=note).revision


def _measure_revenue(plan: Document, people: dict[str, User]) -> None:
    """The one promise of the plan whose value comes from elsewhere: revenue, imported and signed off."""
    at = datetime(2021, 1, 20, 2, tzinfo=UTC)
    importer, signer = acting(people["planner"], at.date()), acting(people["finance"], at.date())
    with clock.frozen(at):
        series = create_series(
            importer,
            code="district-revenue",
            name="区级税收",
            kind=Series.Kind.FLOW,
            unit="亿元",
            source="财政所（示范数据）",
        )
        waiting = import_series(
            importer,
            series.pk,
            data=(files("zhen.project.demo.data") / "revenue.csv").read_bytes(),
            file_name="revenue.csv",
            source="财政所（示范数据）",
        )
    with clock.frozen(at + timedelta(hours=3)):
        sign_off(signer, waiting.pk)
        target = Target.objects.get(document=plan, unit="%", text__contains="税收")
        bind_target(importer, target.pk, target.revision, series=series, reading=Target.Reading.GROWTH)
        measure_targets(importer, document=plan.pk, on=date(2021, 1, 1))


def bind_coverage(people: dict[str, User]) -> int:
    """The promises that devices, visits and works measure, once these are there: gives how many are bound."""
    planner = acting(people["planner"], clock.today())
    named = (*PROMISES_OF_DEVICES, *PROMISES_OF_WORKS, *PROMISES_OF_OLD_STOCK)
    read = [(Target.objects.filter(text=one.words), one.indicator) for one in READINGS]
    by_words = [(Target.objects.filter(text__contains=words), indicator) for words, indicator in named]
    bound = 0
    for targets, indicator in (*read, *by_words):
        if indicator not in INDICATORS:
            continue
        for target in targets.filter(indicator="", series=None):
            bind_target(planner, target.pk, target.revision, indicator=indicator)
            bound += 1
    return bound


def _link(outline: Document, plan: Document, people: dict[str, User]) -> None:
    """The five-year goals that measures of the yearly plan began to carry out."""
    planner = acting(people["planner"], date(2021, 1, 20))
    pairs = (("小区综合改造", "4个小区综合改造"), ("智慧消防", "“消防云”"), ("网办率", "推进“一网通办”"))
    for goal_words, measure_words in pairs:
        goal = Target.objects.filter(document=outline, text__contains=goal_words).first()
        measure = Measure.objects.filter(document=plan, text__contains=measure_words).first()
        if goal is not None and measure is not None:
            link_measure(planner, goal.pk, measure.pk)
