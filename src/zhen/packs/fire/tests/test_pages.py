"""Every page of fire safety shows what it should, to whom it should."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import a_post
from zhen.packs.fire.models import Drill, Equipment, FireFile, Upkeep
from zhen.packs.fire.tests.conftest import Cast, Hands, a_fire
from zhen.packs.fire.tests.test_files import a_file, a_task

pytestmark = pytest.mark.django_db


def signed_in(cast: Cast, actor: Actor, role: str) -> Client:
    user = User.objects.get(pk=actor.id or 0)
    unit = cast.other if actor is cast.charlie else cast.safety
    a_post(user, role, unit, area=cast.places["B1"] if role == "fire.keeper" else None)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    return client


def url(name: str, key: object = None) -> str:
    return reverse(f"page:fire.{name}", kwargs={"key": str(key)} if key is not None else None)


def test_each_page_opens_for_the_unit_and_for_nobody_elses(cast: Cast, hands: Hands) -> None:
    a_file(cast)
    task = a_task(cast)
    a_fire(cast)
    own = [url("file", "B1"), url("upkeep", task.pk), url("month", "B1.2026-09")]
    bob = signed_in(cast, cast.bob, "unit_head")
    for address in [*own, url("files"), url("upkeeps"), url("months"), url("unwatched")]:
        assert bob.get(address).status_code == 200, address
    page = bob.get(url("file", "B1")).content.decode()
    assert [word for word in ("烟雾", "device S-1", "Pump test") if word not in page] == []
    charlie = signed_in(cast, cast.charlie, "unit_head")
    assert {charlie.get(address).status_code for address in own} == {404}


def test_forms_write_what_was_said(cast: Cast, hands: Hands) -> None:
    bob = signed_in(cast, cast.bob, "unit_head")
    facts = {"place": "B1", "category": "key", "building_class": "high_1", "unit": cast.safety.pk}
    assert bob.post(url("file_new"), facts).status_code == 302
    file = FireFile.objects.get()
    said: dict[str, dict[str, object]] = {
        "equipment_new": {"kind": "extinguisher", "count": 8, "spot": "大堂"},
        "upkeep_new": {"what": "消防泵试运行", "due_on": "2026-09-20", "every_months": 1},
        "drill_new": {"kind": "evacuation", "held_on": "2026-09-01", "people": 120},
        "hazard_new": {"kind": "疏散通道堵塞", "title": "楼道堆物"},
        "file_edit": {**facts, "contractor": "示范消防技术公司", "contract_until": "2027-01-01"},
    }
    for name, values in said.items():
        assert bob.post(url(name, "B1"), values).status_code == 302, name
    assert bob.post(url("upkeep_done", Upkeep.objects.get().pk), {"done_on": "2026-09-15"}).status_code == 302
    assert bob.post(url("equipment_check", Equipment.objects.get().pk), {"next_on": "2026-12-01"}).status_code == 302
    file.refresh_from_db()
    assert (file.contractor, file.contract_until) == ("示范消防技术公司", date(2027, 1, 1))
    assert (Drill.objects.get().people, Upkeep.objects.count()) == (120, 2)
    page = bob.get(url("file", "B1")).content.decode()
    assert all(word in page for word in ("楼道堆物", "消防泵试运行", "示范消防技术公司"))


def test_a_plan_is_kept_with_the_building(cast: Cast, hands: Hands) -> None:
    a_file(cast)
    bob = signed_in(cast, cast.bob, "unit_head")
    plan = SimpleUploadedFile("plan.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    bob.post(url("paper_new", "B1"), {"title": "疏散平面图", "document": plan})
    assert FireFile.objects.get().papers.count() <= 1


def test_a_keeper_writes_in_his_building(cast: Cast, hands: Hands) -> None:
    a_file(cast)
    ken = signed_in(cast, cast.ken, "fire.keeper")
    assert ken.get(url("file", "B1")).status_code == 200
    drill = {"kind": "evacuation", "held_on": "2026-09-01", "people": 12}
    assert ken.post(url("drill_new", "B1"), drill).status_code == 302
    assert ken.get(url("file_edit", "B1")).status_code in (403, 404)
