"""The pages of renewal: the desk's, the public's, and how many queries they ask."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhen.kernel.cases.api import Case
from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import a_post
from zhen.kernel.lib import clock
from zhen.packs.renewal.actions import doors, projects, works
from zhen.packs.renewal.models import Consultation, Door, DoorFact, Picture, Project
from zhen.packs.renewal.tests.conftest import TODAY, Cast

pytestmark = pytest.mark.django_db


def url(name: str, key: object = None) -> str:
    return reverse(f"page:renewal.{name}", kwargs={"key": str(key)} if key is not None else None)


def signed_in(cast: Cast, who: str, role: str) -> Client:
    user = User.objects.get(pk=getattr(cast, who).id or 0)
    a_post(user, role, cast.other if who == "charlie" else cast.office)
    return again(cast, who)


def again(cast: Cast, who: str) -> Client:
    """Signed in anew: a session does not last a week."""
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(User.objects.get(pk=getattr(cast, who).id or 0))
    return client


def shown(cast: Cast, project: Project) -> None:
    """Two pictures of a spot, side by side and released, and the project published."""
    works.keep_pictures(project, cast.visit(project))
    cast.hands.go(days=2)
    works.keep_pictures(project, cast.visit(project))
    before, after = Picture.objects.filter(project=project).order_by("taken_on")
    works.pair_up(cast.bob, project, title="三号楼屋面", before=before, after=after)
    projects.release(cast.alice, before)
    projects.release(cast.alice, after)
    projects.publish(cast.alice, project)


def test_a_project_goes_its_way_on_the_desk(cast: Cast) -> None:
    bob, alice = signed_in(cast, "bob", "unit_clerk"), signed_in(cast, "alice", "unit_head")
    given = {
        "kind": "roof", "name": "北巷小区屋面", "unit": cast.office.pk, "first_start": "2026-09-01",
        "first_end": "2026-12-01", "budget": "120万", "lon": "121.385",
    }  # fmt: skip
    assert bob.post(url("project_new"), given).status_code == 422
    assert bob.post(url("project_new"), {**given, "lat": "31.245"}).status_code == 302
    project = Project.objects.get()
    assert (project.budget, project.area_id) == (120_000_000, cast.area.pk)
    edited = {"name": "北巷小区屋面改造", "unit": cast.office.pk, "budget": "x"}
    assert "x" in bob.post(url("project_edit", project.pk), edited).content.decode()
    assert bob.post(url("project_edit", project.pk), {**edited, "budget": ""}).status_code == 302
    asked = {"asked": "100", "area_asked": "5000"}
    assert bob.post(url("consultation_new", project.pk), asked).status_code == 302
    counted = {
        "agreed": "80", "against": "3", "abstained": "2", "area_agreed": "4000", "area_against": "150",
        "area_abstained": "100", "close": "on",
    }  # fmt: skip
    key = Consultation.objects.get().pk
    assert bob.post(url("consultation_count", key), {**counted, "agreed": "99"}).status_code == 422
    assert bob.post(url("consultation_count", key), counted).status_code == 302
    hung = {"starts_on": TODAY.isoformat(), "ends_on": (TODAY + timedelta(days=6)).isoformat(), "where": "公告栏"}
    assert bob.post(url("publicity_new", project.pk), hung).status_code == 302
    cast.hands.go(days=7)
    bob, alice = again(cast, "bob"), again(cast, "alice")
    assert bob.post(url("project", project.pk), {"action": "clear", "confirmed": "1"}).status_code == 302
    visit = cast.visit(project)
    reached = {"on": clock.today().isoformat(), "proof": "", "visit": str(visit.pk)}
    begun = cast.milestone(project, "begun").pk
    assert bob.post(url("milestone_reach", begun), {**reached, "visit": ""}).status_code == 422
    assert bob.post(url("milestone_reach", begun), reached).status_code == 302
    line = {"name": "防水", "unit": "平方米", "planned": "100", "weight": "10"}
    assert bob.post(url("quantity_new", project.pk), line).status_code == 302
    amount = {"visit": str(visit.pk), f"line_{project.quantities.get().pk}": "55"}
    assert bob.post(url("measure", project.pk), amount).status_code == 302
    page = alice.get(url("project", project.pk)).content.decode()
    for words in ("55 %", "北巷小区屋面改造", "同意", "防水", "schedule-track"):
        assert words in page, words
    assert alice.post(url("project", project.pk), {"action": "publish", "confirmed": "1"}).status_code == 302
    assert signed_in(cast, "charlie", "unit_head").get(url("project", project.pk)).status_code == 404


def test_every_form_and_list_opens(cast: Cast) -> None:
    alice = signed_in(cast, "alice", "unit_head")
    project = cast.cleared(cast.project())
    site = cast.project("大渡河路690弄", kind="rebuild")
    doors.add_doors(cast.bob, site, ["1号"])
    doors.enter_fact(
        cast.bob, DoorFact.objects.select_related("door__project").get(kind="consulted"), on=TODAY, proof="1"
    )
    shown(cast, project)
    door, milestone = Door.objects.get().pk, cast.milestone(project, "half").pk
    addresses = [
        *(
            url(name)
            for name in ("overview", "projects", "map", "doors", "consent_rules", "warranties", "delay_reasons")
        ),
        *(url(f"{name}_new") for name in ("project", "consent_rules", "warranties", "delay_reasons")),
        *(url(name, project.pk) for name in ("project", "project_edit", "project_give_up", "publicity_new", "accept")),
        *(url(name, project.pk) for name in ("objection_new", "quantity_new", "measure", "pair_new")),
        *(url(name, site.pk) for name in ("project", "consultation_new", "doors_new")),
        *(url(name, door) for name in ("door", "door_enter", "door_send_back")),
        *(url(name, milestone) for name in ("milestone_reach", "milestone_delay")),
        url("picture", Picture.objects.all()[0].pk),
        url("map") + "?part=features",
    ]
    for address in addresses:
        assert alice.get(address).status_code == 200, address
    assert alice.post(url("door", door), {"action": "confirm", "confirmed": "1"}).status_code == 302
    assert DoorFact.objects.get(kind="consulted").confirmed_at is not None
    assert "北巷小区屋面改造" in alice.get(url("projects") + "?stage=ready&kind=roof&q=北巷").content.decode()


def test_everybody_reads_what_is_published_and_can_object(cast: Cast) -> None:
    project = cast.project()
    anybody = Client(headers={"accept-language": "zh-hans"})
    assert anybody.get(url("work", project.pk)).status_code == 404
    project = cast.cleared(project)
    shown(cast, project)
    cast.project("没有公开的小区")
    listed = anybody.get(url("works")).content.decode()
    assert project.name in listed
    assert "没有公开的小区" not in listed
    page = anybody.get(url("work", project.pk)).content.decode()
    for words in ("三号楼屋面", 'type="range"', "90", project.unit.name):
        assert words in page, words
    form = anybody.get(url("object", project.pk)).content.decode()
    secret = form.split('name="secret"')[1].split('value="')[1].split('"')[0]
    sent = {"text": "堵住了通道", "name": "", "phone": "", "secret": secret}
    assert anybody.post(url("object", project.pk), {**sent, "text": ""}).status_code == 422
    answer = anybody.post(url("object", project.pk), sent, follow=True)
    case = Case.objects.get(type="renewal.objection")
    assert case.number in answer.content.decode()
    tracked = anybody.post(reverse("reports:track"), {"number": case.number, "secret": secret}, follow=True)
    assert case.number in tracked.content.decode()
    assert anybody.get(url("objected", "YY-2026-000001")).status_code == 404


def test_a_site_shows_counts_to_the_public_and_never_a_door(cast: Cast) -> None:
    site = cast.project("大渡河路690弄", kind="rebuild")
    doors.add_doors(cast.bob, site, ["12号301室", "12号302室"])
    projects.publish(cast.alice, site)
    page = Client(headers={"accept-language": "zh-hans"}).get(url("work", site.pk)).content.decode()
    assert "301室" not in page
    assert "2户中的0户" in page


def test_lists_ask_the_same_whatever_their_length(cast: Cast) -> None:
    alice = signed_in(cast, "alice", "unit_head")
    anybody = Client(headers={"accept-language": "zh-hans"})
    site = cast.project("大渡河路690弄", kind="rebuild")
    projects.publish(cast.alice, site)
    counts = []
    for number in range(3):
        for again in range(2):
            projects.publish(cast.alice, cast.project(f"小区{number}{again}"))
        doors.add_doors(cast.bob, site, [f"{number}号"])
        found = []
        for client, address in (
            (alice, url("projects")), (alice, url("overview")), (alice, url("map")), (alice, url("doors")),
            (alice, url("map") + "?part=features"), (anybody, url("works")),
        ):  # fmt: skip
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            found.append(len(asked))
        counts.append(found)
    assert counts[1] == counts[2]
