"""One report of the demo, from beginning to end, or as far as it has come by now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import (
    Case,
    Clock,
    Comment,
    Move,
    NewCase,
    NewReporter,
    Reply,
    ask_extension,
    comment,
    decide_extension,
    merge,
    move,
    move_as_reporter,
    pause,
    receive,
    resume,
    write_reply,
)
from zhen.kernel.lib import clock
from zhen.packs.grid.demo.stage import Stage

PHONE_PREFIX = "126"
"""No Chinese mobile network uses it."""
SOURCES = (("portal", 40), ("hotline", 25), ("grid", 20), ("counter", 15))
SHARES = {
    "void": 0.03,
    "repeat": 0.05,
    "self_handle": 0.35,
    "contact": 0.93,
    "return": 0.06,
    "defer": 0.03,
    "pause": 0.03,
    "extend": 0.04,
    "late": 0.12,
    "forgotten": 0.07,
    "explained": 0.15,
    "confirm": 0.8,
    "round_later": 0.7,
    "rework": 0.07,
    "reply": 0.8,
    "rate": 0.5,
    "call_back": 0.25,
    "reopen": 0.06,
}
CONTACTS = ("已电话联系反映人，核实了地点和情况。", "已与反映人约定上门时间。", "电话无人接听，已发短信告知受理。")
RETURNS = ("该处不属本单位管养范围。", "经现场查看，应由其他单位处理。")
DEFERRALS = ("涉及管线改造，须待工程实施。", "产权尚有争议，待协调。", "列入明年修缮计划。")
PAUSES = ("连日降雨，无法施工。", "等待第三方检测结果。")
EXTENSIONS = ("材料未到，需延长办理时间。", "涉及多个单位，需会商。")
UNSHOWN = ("照片存本单位台账。", "现场已清理干净，无可拍摄之物。", "夜间到场，照片不清，未上传。")
CHECKED = ("已当场查看，照片存核查台账。", "现场无异常，未拍照。")
EXPLANATIONS = ("经核实不违反规定，已向反映人说明。", "暂无条件实施，已解释并告知计划。")
REWORKS = ("现场仍有残留。", "只处理了一半。", "照片与现场不符。")
GOOD = ("处理得很快", "师傅很负责", "")
BAD = ("没有解决根本问题", "拖了太久", "没有人告诉我结果", "过两天又这样了")
VOIDS = ("不属于本镇管辖，已告知反映人向区热线反映。", "反映内容无法核实，联系不上反映人。")


LATELY = timedelta(days=12)


class NotYet(Exception):
    """The next step lies in the future: the case stands as it is."""


class Life:
    """Plays the people of the demo on one case, each step at its moment."""

    def __init__(self, stage: Stage, at: datetime) -> None:
        self.stage, self.at, self.chance = stage, at, stage.chance
        self.sample, self.where = stage.sample(), stage.somewhere()
        (self.source,) = self.chance.choices([name for name, _ in SOURCES], [share for _, share in SOURCES])
        self.secret = f"{self.chance.getrandbits(128):032x}"
        self.case: Case

    def tell(self) -> None:
        try:
            self._receive()
            if self._ends_early():
                return
            self._dispatch()
            self._contact()
            self._handle()
            self._check()
            self._hear_back()
        except NotYet:
            return

    # small things

    def _lucky(self, what: str) -> bool:
        return self.chance.random() < SHARES[what]

    def _wait(self, *, office: bool = True, **span: float) -> None:
        """Let time pass; in an office until it is open."""
        at = self.at + timedelta(**span)
        self._until(self.stage.at_work(at) if office else at)

    def _until(self, at: datetime) -> None:
        if at >= self.stage.now:
            raise NotYet
        self.at = max(self.at, at)

    def _step(self, actor: Actor, id: str, **given: Any) -> None:
        with clock.frozen(self.at):
            self.case = move(actor, self.case.pk, self.case.revision, id, Move(**given))

    def _as_reporter(self, id: str, **given: Any) -> None:
        with clock.frozen(self.at):
            self.case = move_as_reporter(Actor.anonymous(), self.case.number, self.secret, id, Move(**given))

    @property
    def _handler(self) -> Actor:
        """Whoever of the unit takes care; the same person for one case."""
        people = self.stage.handlers[self.case.unit_id or 0]
        return people[self.case.pk % len(people)]

    @property
    def _worker(self) -> Actor | None:
        return self.stage.worker_of(self.case.area_id)

    # the story

    def _receive(self) -> None:
        where = self.where.name
        worker = self.stage.worker_of(self.where.parent_id) if self.source == "grid" else None
        sender = {"portal": Actor.anonymous(), "grid": worker or self.stage.dispatcher}.get(
            self.source, self.stage.dispatcher
        )
        assert self.where.lon is not None
        assert self.where.lat is not None
        near = self.chance.uniform(-1, 1) / 20_000, self.chance.uniform(-1, 1) / 20_000
        with clock.frozen(self.at):
            self.case = receive(
                sender,
                "grid.case",
                NewCase(
                    title=self.sample.title.format(where=where)[:200],
                    text=self.sample.text.format(where=where),
                    category=self.stage.categories[self.sample.code],
                    point=(self.where.lon + near[0], self.where.lat + near[1]),
                    area_id=self.where.parent_id,
                    address=self.where.address or where,
                    source=self.source,
                    source_ref=f"HL{self.at:%y%m%d}{self.chance.randint(0, 999_999):06d}"
                    if self.source == "hotline"
                    else "",
                    urgent=self.sample.code.startswith("S05"),
                    reporter=self._reporter(),
                ),
            )

    def _reporter(self) -> NewReporter | None:
        if self.source == "grid":
            return None
        named = self.source == "hotline" or self.chance.random() < 0.6
        phone = f"{PHONE_PREFIX}{self.chance.randint(0, 99_999_999):08d}" if named else ""
        return NewReporter(secret=self.secret, phone=phone)

    def _ends_early(self) -> bool:
        if self.source == "grid" and self._worker is not None and self._lucky("self_handle"):
            self._wait(office=False, minutes=self.chance.randint(5, 50))
            self._solve(self._worker, "self_handle")
            return True
        self._wait(minutes=self.chance.expovariate(1 / 45))
        if self._lucky("void"):
            self._step(self.stage.dispatcher, "void", reason=self.chance.choice(VOIDS), outcome="not_ours")
            return True
        return self._lucky("repeat") and self._is_a_repeat()

    def _is_a_repeat(self) -> bool:
        """Linked to an open report of the same class, if there is one."""
        same = Case.objects.filter(type="grid.case", category=self.case.category_id, open=True)
        first = same.exclude(pk=self.case.pk).order_by("-received_at").first()
        if first is None:
            return False
        with clock.frozen(self.at):
            merge(self.stage.dispatcher, self.case.pk, first.pk)
        self.case.refresh_from_db()
        self._step(self.stage.dispatcher, "void", reason=f"与 {first.number} 重复，并案办理。", outcome="repeat")
        return True

    def _dispatch(self) -> None:
        if self.chance.random() < 0.3:
            self._step(self.stage.dispatcher, "register")
            self._wait(minutes=self.chance.expovariate(1 / 40))
        self._step(self.stage.dispatcher, "dispatch", unit_id=self._unit())
        if self._lucky("return"):
            self._wait(minutes=self.chance.expovariate(1 / 120))
            self._step(self._handler, "return", reason=self.chance.choice(RETURNS))
            self._wait(minutes=self.chance.expovariate(1 / 60))
            self._step(self.stage.dispatcher, "dispatch", unit_id=self.chance.choice(sorted(self.stage.handlers)))

    def _unit(self) -> int:
        own = self.case.unit_id
        return own if own is not None and own in self.stage.handlers else sorted(self.stage.handlers)[0]

    def _contact(self) -> None:
        if self.source == "grid" or not self._lucky("contact"):
            return
        self._wait(minutes=self.chance.expovariate(1 / 150))
        with clock.frozen(self.at):
            comment(self._handler, self.case.pk, self.chance.choice(CONTACTS), kind=Comment.Kind.CONTACT, public=True)
        self.case.refresh_from_db()

    def _handle(self) -> None:
        self._wait(minutes=self.chance.expovariate(1 / 90))
        self._step(self._handler, "accept")
        self._troubles()
        if self._lucky("forgotten"):
            raise NotYet
        start = self.at
        due = self._due("handle") or start + timedelta(days=3)
        span = self.chance.uniform(1.05, 1.8) if self._lucky("late") else self.chance.triangular(0.05, 0.95, 0.5)
        self._until(self.stage.at_work(start + max(due - start, timedelta(minutes=30)) * span))
        if self._lucky("explained"):
            self._step(self._handler, "finish", result=self.chance.choice(EXPLANATIONS), outcome="explained")
        else:
            self._solve(self._handler, "finish")

    def _solve(self, actor: Actor, step: str) -> None:
        self._step(actor, step, result=self.sample.result, outcome="resolved", reason=self.chance.choice(UNSHOWN))

    def _troubles(self) -> None:
        if self._lucky("pause"):
            with clock.frozen(self.at):
                self.case = pause(self._handler, self.case.pk, self.case.revision, self.chance.choice(PAUSES))
            self._wait(days=self.chance.randint(1, 4))
            with clock.frozen(self.at):
                self.case = resume(self._handler, self.case.pk, self.case.revision)
        due = self._due("handle")
        if self._lucky("extend") and due is not None and due > self.at:
            with clock.frozen(self.at):
                why = self.chance.choice(EXTENSIONS)
                ask_extension(self._handler, self.case.pk, self.case.revision, "handle", 2, why)
                self.case.refresh_from_db()
                self.case = decide_extension(
                    self.stage.dispatcher, self.case.pk, self.case.revision, "handle", approve=True
                )
        if self._lucky("defer"):
            self._step(self.stage.dispatcher, "defer", reason=self.chance.choice(DEFERRALS))
            self._wait(days=self.chance.randint(10, 60))
            self._step(self.stage.dispatcher, "go_on")

    def _due(self, deadline: str) -> datetime | None:
        rows = Clock.objects.filter(case=self.case, deadline=deadline, stopped_at__isnull=True)
        return rows.values_list("due_at", flat=True).first()

    def _check(self) -> None:
        self._wait(minutes=self.chance.expovariate(1 / 200))
        worker = self._worker
        if worker is not None and self.at > self.stage.now - LATELY and self._lucky("round_later"):
            raise NotYet  # it waits for the next round
        if worker is not None and self._lucky("rework"):
            self._step(worker, "rework", reason=self.chance.choice(REWORKS))
            self._wait(minutes=self.chance.expovariate(1 / 300))
            self._solve(self._handler, "finish")
            self._wait(minutes=self.chance.expovariate(1 / 200))
        if worker is not None and self._lucky("confirm"):
            self._step(worker, "confirm", reason=self.chance.choice(CHECKED))
            self._wait(minutes=self.chance.expovariate(1 / 60))
        self._step(self.stage.dispatcher, "close")

    def _reply(self) -> None:
        """The answer to the hotline, in its form."""
        wanted = self.case.text.split("，")[0]
        with clock.frozen(self.at):
            write_reply(
                self.stage.dispatcher,
                self.case.pk,
                Reply(
                    demand=f"要求处理：{wanted}",
                    facts=self.case.result,
                    site_visit=self.chance.random() < 0.8,
                    not_contacted="" if self.case.contacted_at else "来电人未留电话",
                    publish=self.chance.random() < 0.5,
                ),
            )

    def _hear_back(self) -> None:
        if self.source == "hotline" and self._lucky("reply"):
            self._reply()
        if self.source == "portal" and self._lucky("reopen"):
            self._wait(office=False, hours=self.chance.uniform(1, 200))
            self._as_reporter("reopen", reason=self.chance.choice(BAD))
            self._wait(minutes=self.chance.expovariate(1 / 60))
            self._step(self.stage.dispatcher, "dispatch")
            self._wait(minutes=self.chance.expovariate(1 / 600))
            self._solve(self._handler, "finish")
            self._check()
        rating, why = self._opinion()
        if self.source == "portal" and self._lucky("rate"):
            self._wait(office=False, hours=self.chance.uniform(0.2, 40))
            self._as_reporter("rate", rating=rating, reason=why)
        elif self.source != "grid" and self._lucky("call_back"):
            self._wait(hours=self.chance.uniform(4, 60))
            self._step(self.stage.dispatcher, "call_back", rating=rating, reason=why)

    def _opinion(self) -> tuple[int, str]:
        """Who was helped in time is content; others less so."""
        helped = self.case.outcome == "resolved" and not self.case.reopened
        (rating,) = self.chance.choices((1, 2, 3, 4, 5), (2, 3, 8, 30, 57) if helped else (15, 20, 30, 25, 10))
        return rating, self.chance.choice(GOOD if rating > 3 else BAD)
