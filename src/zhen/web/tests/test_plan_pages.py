"""The plan's hand-made pages: who sees what, what a click does, and how many queries it takes."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.identity.api import User
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.plan.actions.findings import confirm, seen
from zhen.kernel.plan.actions.reports import freeze
from zhen.kernel.plan.actions.targets import bind_target
from zhen.kernel.plan.models import Document, DocumentVersion, Finding, Measure, Series, SeriesImport, Target
from zhen.kernel.plan.testing import TEXT, a_plan, alice
from zhen.web.plan.text import Heading, Span, lines_of

HTMX = {"HX-Request": "true"}


def client_of(username: str, *roles: str) -> Client:
    user = a_user(username)
    unit = a_unit(f"of-{username}")
    for role in roles:
        a_post(user, role, unit)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def planner(db: None) -> Client:
    return client_of("alice", "plan_officer")


@pytest.fixture
def version(db: None) -> DocumentVersion:
    return a_plan().version


def rows_in(html: str) -> list[str]:
    return re.findall(r'id="finding-(\d+)"', html)


def review_of(version: DocumentVersion) -> str:
    return f"/desk/plan/review/{version.pk}/"


def test_the_review_shows_the_text_with_every_finding_marked(planner: Client, version: DocumentVersion) -> None:
    html = planner.get(review_of(version)).content.decode()
    assert len(rows_in(html)) == version.findings.count()
    number = version.findings.get(text__contains="税收", kind="target")
    assert re.search(rf'<mark data-s="{number.num_start}"[^>]*data-t="{number.pk}"[^>]*class="num">6%</mark>', html)


def test_the_review_takes_a_fixed_number_of_queries(
    planner: Client, version: DocumentVersion, django_assert_max_num_queries: object
) -> None:
    planner.get(review_of(version))
    with django_assert_max_num_queries(16):  # type: ignore[operator]  # a fixture of pytest-django
        planner.get(review_of(version))


def test_who_does_not_review_is_turned_away(version: DocumentVersion) -> None:
    assert client_of("charlie").get(review_of(version)).status_code == 403
    assert client_of("bob", "town_leader").get(review_of(version)).status_code == 403
    assert Client().get(review_of(version)).status_code == 302


def test_confirming_answers_with_the_row_the_counts_and_the_undo(planner: Client, version: DocumentVersion) -> None:
    finding = version.findings.get(text__contains="税收", kind="target")
    answer = planner.post(f"{review_of(version)}decide/", {"confirm": f"{finding.pk}:1"}, headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f'id="finding-{finding.pk}"' in html
    assert 'data-state="confirmed"' in html
    assert 'id="review-counts" hx-swap-oob="true"' in html
    assert "data-undo" in html
    assert Target.objects.get().finding == finding


def test_without_script_the_same_button_leads_back_to_the_row(planner: Client, version: DocumentVersion) -> None:
    finding = version.findings.earliest("start")
    answer = planner.post(f"{review_of(version)}decide/", {"reject": f"{finding.pk}:1"})
    assert answer.status_code == 302
    assert answer["Location"] == f"{review_of(version)}#finding-{finding.pk}"
    finding.refresh_from_db()
    assert finding.state == Finding.State.REJECTED


def test_the_chosen_are_confirmed_together_and_undone_together(planner: Client, version: DocumentVersion) -> None:
    chosen = [f"{finding.pk}:1" for finding in version.findings.all()]
    planner.post(f"{review_of(version)}decide/", {"bulk": "confirm", "chosen": chosen}, headers=HTMX)
    assert Measure.objects.count() + Target.objects.count() == len(chosen)
    planner.post(f"{review_of(version)}undo/", headers=HTMX)
    assert not Measure.objects.exists()


def test_a_slower_reviewer_gets_409_and_the_row_as_it_stands(planner: Client, version: DocumentVersion) -> None:
    finding = version.findings.earliest("start")
    client_of("bob", "plan_officer").post(f"{review_of(version)}decide/", {"reject": f"{finding.pk}:1"}, headers=HTMX)
    answer = planner.post(f"{review_of(version)}decide/", {"confirm": f"{finding.pk}:1"}, headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-state="rejected"' in html
    assert "Bob" in html


def test_an_edit_is_checked_and_saved(planner: Client, version: DocumentVersion) -> None:
    finding = version.findings.get(text__contains="税收", kind="target")
    address = f"{review_of(version)}{finding.pk}/"
    assert 'name="comparator"' in planner.get(address, headers=HTMX).content.decode()
    wrong = {"revision": "1", "comparator": "range", "value": "6", "value_high": "5", "target_kind": "change"}
    answer = planner.post(address, wrong, headers=HTMX)
    assert answer.status_code == 422
    assert "upper value" in answer.content.decode() or "上限值" in answer.content.decode()
    right = {
        "revision": "1",
        "comparator": ">=",
        "value": "6.5",
        "unit": "%",
        "target_kind": "change",
        "lead": "财政所",
    }
    assert planner.post(address, right, headers=HTMX).status_code == 200
    target = Target.objects.get()
    assert (target.comparator, str(target.value.normalize()) if target.value else "") == (">=", "6.5")
    assert [owner.written for owner in target.responsibilities.all()] == ["财政所"]


def test_a_selection_becomes_a_finding(planner: Client, version: DocumentVersion) -> None:
    start = version.text.index("持续优化产业结构")
    where: dict[str, str | int] = {"kind": "measure", "start": start, "end": start + 8}
    assert "持续优化产业结构" in planner.get(f"{review_of(version)}add/", where, headers=HTMX).content.decode()
    answer = planner.post(f"{review_of(version)}add/", where, headers=HTMX)
    assert answer.status_code == 204
    assert Measure.objects.get().text == "持续优化产业结构"


def test_the_public_reads_a_published_plan_and_nothing_else(planner: Client, version: DocumentVersion) -> None:
    document = confirmed_document(version)
    public = Client()
    pages = [f"/plan/{document.pk}/", f"/plan/targets/{Target.objects.earliest('pk').pk}/",
             f"/plan/measures/{Measure.objects.earliest('pk').pk}/", f"/plan/{document.pk}/compare/"]  # fmt: skip
    for page in pages:
        assert public.get(page).status_code == 404
    planner.post(f"/plan/{document.pk}/publish/")
    for page in pages:
        assert public.get(page).status_code == 200
    assert public.get("/plan/")["Location"] == f"/plan/{document.pk}/"
    assert public.post(f"/plan/{document.pk}/freeze/").status_code == 302


def confirmed_document(version: DocumentVersion) -> Document:
    confirm(alice(), seen(version.findings.all()))
    return version.document


def test_an_owner_reports_on_his_units_measure_only(version: DocumentVersion) -> None:
    client = client_of("bob", "unit_clerk")
    unit = a_unit("jjb", "经济发展办公室")
    a_post(a_user("owner"), "unit_clerk", unit)
    confirmed_document(version)
    measure = Measure.objects.get(text__contains="智能科技产业园")
    said = {"revision": measure.revision, "state": "under_way", "note": ""}
    assert client.post(f"/plan/measures/{measure.pk}/", said).status_code == 404
    owner = Client()
    owner.force_login(User.objects.get(username="owner"))
    assert owner.post(f"/plan/measures/{measure.pk}/", said).status_code == 302
    measure.refresh_from_db()
    assert measure.state == "under_way"


def test_a_plan_is_imported_and_leads_to_its_review(planner: Client) -> None:
    file = SimpleUploadedFile("plan.txt", TEXT.encode())
    answer = planner.post("/desk/plan/import/", {"file": file, "kind": "yearly"})
    assert answer["Location"] == review_of(DocumentVersion.objects.get())
    broken = SimpleUploadedFile("plan.pdf", b"%PDF-1.7 broken")
    assert planner.post("/desk/plan/import/", {"file": broken, "kind": "yearly"}).status_code == 422


def test_figures_are_looked_at_imported_and_signed_off_by_another(planner: Client) -> None:
    planner.post(
        "/desk/plan/series/new/", {"code": "tax", "name": "区级税收", "kind": "flow", "unit": "万元", "source": "税务"}
    )
    series = Series.objects.get()
    address = f"/desk/plan/series/{series.pk}/"
    faulty = planner.post(
        address, {"file": SimpleUploadedFile("t.csv", "时间,数值\n2024-01,many\n".encode()), "import": "1"}
    )
    assert faulty.status_code == 422
    assert "many" in faulty.content.decode()
    good = "时间,数值\n2024-01,5\n".encode()
    assert planner.post(address, {"file": SimpleUploadedFile("t.csv", good), "preview": "1"}).status_code == 200
    assert not SeriesImport.objects.exists()
    assert planner.post(address, {"file": SimpleUploadedFile("t.csv", good), "import": "1"}).status_code == 302
    made = SeriesImport.objects.get()
    sign = f"/desk/plan/series/imports/{made.pk}/"
    assert planner.post(sign).status_code == 403
    client_of("frank", "finance_officer").post(sign)
    made.refresh_from_db()
    assert made.state == SeriesImport.State.SIGNED


def test_a_target_is_bound_on_its_page_and_a_report_opens_its_records(
    planner: Client, version: DocumentVersion
) -> None:
    document = confirmed_document(version)
    target = Target.objects.get(text__contains="税收")
    made = planner.post(f"/plan/{document.pk}/freeze/")
    assert planner.get(made["Location"]).status_code == 200
    assert planner.get(made["Location"] + "?line=1&verify").status_code == 200
    assert planner.get(made["Location"] + "report.docx")["Content-Type"].endswith("wordprocessingml.document")
    wrong = {"revision": target.revision, "source": "", "reading": "growth", "course": "level"}
    assert planner.post(f"/plan/targets/{target.pk}/", wrong).status_code == 302
    stale = planner.post(f"/plan/targets/{target.pk}/", wrong)
    assert stale.status_code == 422


@pytest.mark.parametrize("page", ["documents", "targets", "measures", "series", "reports"])
def test_the_lists_open_for_staff(page: str, planner: Client, version: DocumentVersion) -> None:
    document = confirmed_document(version)
    freeze(alice(), document.pk, on=date(2024, 5, 1))
    answer = planner.get(f"/desk/plan/{page}/")
    assert answer.status_code == 200


def test_two_texts_stand_beside_each_other(planner: Client, version: DocumentVersion) -> None:
    a_plan(TEXT.replace("7个小区", "9个小区"), into=version.document)
    html = planner.get(f"/plan/{version.document_id}/compare/?only=changes").content.decode()
    assert "<del>7</del>" in html
    assert "<ins>9</ins>" in html


spans = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 12), st.sampled_from(["measure", "target", "number"])), max_size=8
)


@given(text=st.text(alphabet="税收增长。\n 一\U00020000", max_size=50), found=spans)
def test_the_segments_of_a_line_are_the_text_whatever_crosses(text: str, found: list[tuple[int, int, str]]) -> None:
    marked = [
        Span(start, min(len(text), start + size), layer, n)  # type: ignore[arg-type]  # drawn from the layers
        for n, (start, size, layer) in enumerate(found)
        if start < len(text)
    ]
    for line in lines_of(text, marked, [Heading(0, 3, 0, 1)]):
        for segment in line.segments:
            end = segment.start + len(segment.text)
            assert text[segment.start : end] == segment.text
            assert set(segment.spans) == {s for s in marked if s.start <= segment.start and end <= s.end}


def test_binding_needs_the_right(version: DocumentVersion) -> None:
    confirmed_document(version)
    target = Target.objects.get(text__contains="税收")
    clerk = client_of("bob", "unit_clerk")
    assert clerk.post(f"/plan/targets/{target.pk}/", {"revision": 1}).status_code in (403, 404)
    assert bind_target(alice(), target.pk, target.revision).revision == target.revision + 1
