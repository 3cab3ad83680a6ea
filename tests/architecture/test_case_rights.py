"""The written table of case actions × roles × reach, held against what the actions and the pages answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from shapely import box

from zhen.kernel.access.api import ROLES, Actor, Denied, Reach, permissions_of
from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import (
    CASE_TYPES,
    Case,
    CaseAttachment,
    CaseType,
    Category,
    Clock,
    Move,
    Need,
    NewCase,
    NewReporter,
)
from zhen.kernel.files import api as files
from zhen.kernel.files.api import Box
from zhen.kernel.files.testing import an_image, an_upload
from zhen.kernel.identity.api import actor_for
from zhen.kernel.identity.models import Unit, User
from zhen.kernel.identity.testing import LONG_AGO, a_post, a_unit, a_user
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.places.api import Kind, NewPlace, Place, create_many
from zhen.project.docs.rights import import_actions
from zhen.project.rights.cases import PUBLIC, Right, rights, roles_of

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
ALLOWED, DENIED, MISSING = "allowed", "denied", "missing"
TYPES = tuple(CASE_TYPES)
SECRET = "s" * 32


class Undone(Exception):
    """It was allowed, and is taken back for the next question."""


@dataclass(frozen=True)
class Ground:
    """A case lies with `unit` in `area`; whoever is out of reach is posted in the other unit and area."""

    type: CaseType
    unit: Unit
    area: Place
    other_unit: Unit
    other_area: Place
    category: Category | None

    def a_case(self, state: str, *, shown: bool = False) -> Case:
        """A case that stands there; `shown`: with a photo as evidence."""
        reporter = NewReporter(secret=SECRET, phone="13800000000")
        new = NewCase(
            title="A thing to do",
            unit_id=self.unit.pk,
            area_id=self.area.pk,
            category=self.category,
            reporter=reporter,
        )
        case = cases.receive(SYSTEM, self.type.id, new)
        if shown:
            cases.attach(SYSTEM, case.pk, [files.store(SYSTEM, an_upload(an_image()))])
        Case.objects.filter(pk=case.pk).update(state=state)
        if self.type.state(state).end:
            Clock.objects.filter(case=case).delete()
            Case.objects.filter(pk=case.pk).update(
                open=False,
                closed_at=clock.now(),
                outcome=self.outcome,
                due_at=None,
                due_provisional=False,
                overdue_at=None,
            )
        case.refresh_from_db()
        return case

    @property
    def outcome(self) -> str:
        return self.type.outcomes[0].id

    def everything(self) -> Move:
        """All that a step may need beside the evidence, which the case has."""
        return Move(
            reason="It is so",
            category=self.category,
            unit_id=self.unit.pk,
            outcome=self.outcome,
            result="It is done",
            rating=5,
        )


@pytest.fixture(autouse=True)
def own_places(settings: Any, tmp_path: Path) -> None:
    settings.ZHEN_KEY_RING = tmp_path / "ring.json"
    storage = {"BACKEND": "zhen.kernel.files.storage.ContentStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "files": storage}


@pytest.fixture(params=TYPES, ids=lambda type_: type_.id)
def ground(request: pytest.FixtureRequest) -> Ground:
    type_: CaseType = request.param
    news = [
        NewPlace(kind=Kind.TOWN, code="t", name="镇", parent=None, valid_from=LONG_AGO, shape=box(0, 0, 2, 1)),
        NewPlace(kind=Kind.NEIGHBOURHOOD, code="a", name="甲", parent="t", valid_from=LONG_AGO, shape=box(0, 0, 1, 1)),
        NewPlace(kind=Kind.NEIGHBOURHOOD, code="b", name="乙", parent="t", valid_from=LONG_AGO, shape=box(1, 0, 2, 1)),
    ]
    _town, area, other_area = create_many(SYSTEM, news)
    category = None
    if type_.scheme:
        category = Category.objects.create(
            scheme=type_.scheme, code="X0101", name="Thing", family="X", valid_from=date(2020, 1, 1), source="test"
        )
    return Ground(type_, a_unit("sweepers"), area, a_unit("gardeners"), other_area, category)


def somebody(ground: Ground, role: str, *, near: bool) -> Actor:
    user = a_user(f"{role.replace('.', '_')}_{'near' if near else 'far'}", is_demo=True)
    area = ground.area if near else ground.other_area
    unit = ground.unit if near else ground.other_unit
    a_post(user, role, unit, area=area if ROLES[role].reach is Reach.AREA else None)
    return actor_for(user, day=clock.today(), elevated=True)


def expected(right: Right, role: str, *, near: bool) -> str:
    reach = right.reach.get(role)
    if reach is None:
        return DENIED
    return ALLOWED if near or reach is Reach.TOWN else MISSING


def answer(run: Callable[[], object]) -> str:
    """What came of it. What is refused for another cause than the right has got past the right."""
    try:
        with transaction.atomic():
            run()
            raise Undone
    except Denied:
        return DENIED
    except Case.DoesNotExist:
        return MISSING
    except (Undone, Refused):
        return ALLOWED


def test_every_step_answers_as_its_table_says(ground: Ground) -> None:
    people = {(role.id, near): somebody(ground, role.id, near=near) for role in ROLES for near in (True, False)}
    wrong = []
    for right in (one for one in rights(ground.type) if one.step is not None):
        assert right.step is not None
        for before in right.step.before:
            case = ground.a_case(before, shown=Need.EVIDENCE in right.step.needs)
            given = ground.everything()
            for (role, near), actor in people.items():
                came = answer(_taking(actor, case, right.id, given))
                # a step that is nobody's on the desk is missing, too, for whom the case is
                nobodys = came == MISSING and not near and not right.reach
                if came != expected(right, role, near=near) and not nobodys:
                    wrong.append(f"{right.id} from {before}: {role} {'near' if near else 'far'} is {came}")
    assert wrong == []


def _taking(actor: Actor, case: Case, step: str, given: Move) -> Callable[[], object]:
    """The step with each outcome in turn, until one is taken: not every step leads to every end."""

    def take() -> object:
        last: Refused | None = None
        for outcome in CASE_TYPES[case.type].outcomes or (None,):
            try:
                ended = replace(given, outcome=outcome.id if outcome else "")
                return cases.move(actor, case.pk, case.revision, step, ended)
            except Refused as refused:
                last = refused
        # all that it needs was given: only who he is can be refused
        raise AssertionError(f"{actor.name} {step}: {last}") from last

    return take


def test_the_engines_own_actions_answer_as_the_table_says(ground: Ground) -> None:
    import_actions()
    people = {(role.id, near): somebody(ground, role.id, near=near) for role in ROLES for near in (True, False)}
    case, other = (ground.a_case(ground.type.initial.id, shown=True) for _ in range(2))
    deeds = dict(_deeds(ground, case, other))
    ours = {right.id: right for right in rights(ground.type) if right.step is None}
    assert set(deeds) == set(ours)
    wrong = []
    for id, deed in deeds.items():
        for (role, near), actor in people.items():
            came = answer(lambda deed=deed, actor=actor: deed(actor))
            if came != expected(ours[id], role, near=near):
                wrong.append(f"{id}: {role} {'near' if near else 'far'} is {came}")
    assert wrong == []


def _deeds(ground: Ground, case: Case, other: Case) -> Iterator[tuple[str, Callable[[Actor], object]]]:
    deadline = ground.type.start[0]
    photo = CaseAttachment.objects.filter(case=case).first()
    assert photo is not None
    whole = Box(left=0, top=0, width=1, height=1)
    category = ground.category.pk if ground.category else 0
    seen = {case.pk: case.revision}
    part = NewCase(title="A part of it", category=ground.category)
    yield "assign", lambda who: cases.assign(who, case.pk, 1, shared_units=(ground.other_unit.pk,))
    yield "assign_many", lambda who: cases.assign_many(who, seen, unit_id=ground.other_unit.pk, reason="So")
    yield "comment", lambda who: cases.comment(who, case.pk, "Words")
    yield "comment_many", lambda who: cases.comment_many(who, (case.pk,), "Words")
    yield "edit", lambda who: cases.edit(who, case.pk, 1, {"title": "Another"})
    yield "link", lambda who: cases.link(who, case.pk, "related", target_id=other.pk)
    yield "merge", lambda who: cases.merge(who, case.pk, other.pk)
    yield "divide", lambda who: cases.divide(who, case.pk, 1, part)
    yield "pause", lambda who: cases.pause(who, case.pk, 1, "Rain")
    yield "resume", lambda who: cases.resume(who, case.pk, 1)
    yield "ask_extension", lambda who: cases.ask_extension(who, case.pk, 1, deadline, 1, "Rain")
    yield "decide_extension", lambda who: cases.decide_extension(who, case.pk, 1, deadline, approve=True)
    yield "restart", lambda who: cases.restart(who, case.pk, 1, deadline, "The law says so")
    yield "receive", lambda who: cases.receive(who, ground.type.id, NewCase(title="Another thing"))
    yield "open_reporter", lambda who: cases.open_reporter(who, case.pk, "To ask back")
    yield "attach", lambda who: cases.attach(who, case.pk, ())
    yield "redact_attachment", lambda who: cases.redact_attachment(who, photo.pk, (whole,), "A face")
    yield "remove_attachment", lambda who: cases.remove_attachment(who, photo.pk, "Not of it")
    yield "take_suggestion", lambda who: cases.take_suggestion(who, case.pk, 1, category)
    yield "refuse_suggestion", lambda who: cases.refuse_suggestion(who, case.pk, category)


def test_the_pages_answer_as_the_table_says(ground: Ground) -> None:
    """403 where the role may not, 404 where the case lies out of its reach, and otherwise the step is taken."""
    wrong = []
    for role in roles_of(ground.type):
        for near in (True, False):
            actor = somebody(ground, role.id, near=near)
            client = Client(raise_request_exception=True)
            client.force_login(User.objects.get(pk=actor.id))
            for right in _of_pages(ground.type):
                before = next(iter(sorted(right.step.before))) if right.step else ground.type.initial.id
                case = ground.a_case(before)
                address = f"/desk/cases/{case.number}/{right.id}/"
                status = client.post(address, {"revision": case.revision}).status_code
                wanted = _status(ground.type, right, role.id, near=near)
                if status not in wanted:
                    wrong.append(f"{role.id} {'near' if near else 'far'} {address}: {status}, not {sorted(wanted)}")
    assert wrong == []


def _of_pages(type_: CaseType) -> list[Right]:
    """A sample that has every permission and every way of being limited, once each."""
    found: dict[tuple[str, str], Right] = {}
    for right in rights(type_):
        if right.step is not None or right.id in {"assign", "comment", "edit", "pause", "link", "divide"}:
            found.setdefault((right.permission, right.besides), right)
    return list(found.values())


def _status(type_: CaseType, right: Right, role: str, *, near: bool) -> set[int]:
    reads = type_.powers.view in permissions_of(ROLES[role])
    if not reads or not (near or ROLES[role].reach is Reach.TOWN):
        return {404}
    return {403} if expected(right, role, near=near) == DENIED else {302, 422}


def test_only_public_kinds_are_reported_by_everybody() -> None:
    import_actions()
    open_to_all = {type_.id for type_ in TYPES for right in rights(type_) if right.besides == PUBLIC}
    assert open_to_all == {type_.id for type_ in TYPES if type_.public_intake}
