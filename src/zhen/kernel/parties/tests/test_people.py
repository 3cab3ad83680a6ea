"""Recording, finding, changing and merging persons and organisations."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.dummy_pack.models import Bench

from zhen.kernel.access.api import Denied
from zhen.kernel.identity.testing import a_unit
from zhen.kernel.journal.api import Event, events_about
from zhen.kernel.lib.crypto import Tampered
from zhen.kernel.lib.fields import holding
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing
from zhen.kernel.parties import api as parties
from zhen.kernel.parties import queries
from zhen.kernel.parties.models import Account, ContactPoint, Membership, Person
from zhen.kernel.parties.search import find_persons
from zhen.kernel.parties.tests.conftest import LI, ZHANG, Add, Cast, number

CODE = "91350100M000100Y43"


def stored(person: Person) -> bytes:
    """The sealed number as it lies in the database."""
    raw: Any = Person.objects.values_list("id_number", flat=True).get(pk=person.pk)
    return bytes(raw)


def test_a_number_is_sealed_in_the_database_and_masked_on_the_page(cast: Cast) -> None:
    found = Person.objects.get(pk=cast.zhang.pk)
    assert str(found.id_number) == "310***********" + ZHANG[-4:]
    assert found.id_number is not None
    assert found.id_number.clear() == ZHANG
    assert ZHANG.encode() not in stored(found)


def test_the_number_gives_day_of_birth_and_sex(cast: Cast) -> None:
    assert (cast.zhang.born_on, cast.zhang.sex) == (date(1950, 3, 8), Person.Sex.MALE)


def test_recording_tells_the_journal_nothing_about_the_person(cast: Cast) -> None:
    event = events_about(cast.zhang).get()
    assert (event.kind, event.area_id, event.data) == ("parties.person.added", cast.n1.pk, {})


def test_a_sealed_value_copied_to_another_row_does_not_open(cast: Cast, add: Add) -> None:
    other = add("李四")
    Person.objects.filter(pk=other.pk).update(id_number=stored(cast.zhang))
    stolen = Person.objects.get(pk=other.pk).id_number
    assert stolen is not None
    with pytest.raises(Tampered, match=str(other.pk)):
        stolen.clear()


def test_a_number_that_is_on_record_is_refused_without_saying_whose(cast: Cast) -> None:
    with pytest.raises(Refused) as caught:
        parties.add_person(cast.bob, name="张三", id_number=ZHANG, area=cast.n2)
    assert "already on record" in str(caught.value.reason)
    assert ZHANG not in str(caught.value)
    assert "张三丰" not in str(caught.value)


def test_the_database_refuses_a_second_row_with_the_number_too(cast: Cast) -> None:
    double = Person(document="resident", created_at=cast.zhang.created_at)
    double.set_name("x")
    double.id_number = ZHANG
    with pytest.raises(IntegrityError, match="id_number_hash"), transaction.atomic():
        double.save()


def test_nobody_records_people_of_another_area(cast: Cast) -> None:
    with pytest.raises(Refused, match=r"lies outside|以外|范围"):
        parties.add_person(cast.alice, name="李四", id_number=LI, area=cast.n2)
    assert not Person.objects.filter(holding(Person, "id_number", LI)).exists()


def test_who_lacks_the_right_is_denied_and_who_is_elsewhere_finds_nothing(cast: Cast) -> None:
    with pytest.raises(Denied):
        parties.change_person(cast.stranger, cast.zhang.pk, name="x")
    with pytest.raises(Missing):
        parties.change_person(cast.bob, cast.zhang.pk, name="x")
    with pytest.raises(Missing):
        parties.person(cast.bob, cast.zhang.pk)
    with pytest.raises(Missing):
        parties.person(cast.alice, "no id")


def test_a_change_names_the_fields_and_never_the_values(cast: Cast) -> None:
    parties.change_person(cast.alice, cast.zhang.pk, name="张四丰", note="")
    event = events_about(cast.zhang)[0]
    assert event.data == {"fields": ["name", "note"]}
    assert Person.objects.get(pk=cast.zhang.pk).name_initials == "zsf"


def test_what_does_not_change_is_not_journalled(cast: Cast) -> None:
    parties.change_person(cast.alice, cast.zhang.pk, name="张三丰", id_number=ZHANG)
    assert events_about(cast.zhang).count() == 1


def test_a_new_number_can_be_found_and_the_old_one_no_more(cast: Cast) -> None:
    new = number(date(1950, 3, 8), 33)
    parties.change_person(cast.alice, cast.zhang.pk, id_number=new)
    assert parties.person_with_number(cast.alice, new) == cast.zhang
    assert parties.person_with_number(cast.alice, ZHANG) is None


@pytest.mark.parametrize("text", ["张三", "三丰", "張三豐", "zhangsan", "zsf", "ZSF", ZHANG, ZHANG.lower()])
def test_people_are_found_by_name_pinyin_initials_and_exact_number(cast: Cast, text: str) -> None:
    assert list(queries.search_persons(parties.persons(cast.alice), text)) == [cast.zhang]
    assert not queries.search_persons(parties.persons(cast.bob), text).exists()


def test_a_part_of_a_number_finds_nobody(cast: Cast) -> None:
    assert not queries.search_persons(parties.persons(cast.alice), ZHANG[:12]).exists()


def test_a_phone_number_finds_its_holder(cast: Cast) -> None:
    parties.add_contact(cast.alice, cast.zhang.pk, kind="phone", value="126 0000 0001")
    assert list(queries.search_persons(parties.persons(cast.alice), "12600000001")) == [cast.zhang]


def test_the_global_search_says_why_it_found_somebody(cast: Cast) -> None:
    hit = next(iter(find_persons(cast.alice, ["zsf"], 5)))
    assert (hit.title, str(hit.why) != "", hit.score) == ("张三丰", True, 0.6)
    assert list(find_persons(cast.bob, ["zsf"], 5)) == []


def test_people_sort_in_chinese_order(cast: Cast, add: Add) -> None:
    for name in ("曾祥", "安宁", "李四"):
        add(name)
    names = list(parties.persons(cast.olga).order_by("name_key").values_list("name", flat=True))
    assert names == ["安宁", "李四", "曾祥", "张三丰"]


def test_households_keep_who_belonged_when(cast: Cast) -> None:
    first = parties.add_household(cast.alice, area=cast.n1, address="梅岭北路1号")
    second = parties.add_household(cast.alice, area=cast.n1, address="梅岭北路2号")
    parties.join_household(cast.alice, first.pk, cast.zhang.pk, kin="head", on=date(2010, 1, 1))
    parties.join_household(cast.alice, second.pk, cast.zhang.pk, kin="parent", on=date(2015, 1, 1))
    dates = Membership.objects.order_by("valid_from").values_list("household__address", "valid_from", "valid_to")
    assert list(dates) == [
        ("梅岭北路1号", date(2010, 1, 1), date(2015, 1, 1)),
        ("梅岭北路2号", date(2015, 1, 1), None),
    ]
    with pytest.raises(Refused, match=r"earlier|以前|早于|before"):
        parties.join_household(cast.alice, first.pk, cast.zhang.pk, kin="head", on=date(2014, 1, 1))


def test_a_household_that_everybody_left_is_dissolved(cast: Cast) -> None:
    household = parties.add_household(cast.alice, area=cast.n1)
    membership = parties.join_household(cast.alice, household.pk, cast.zhang.pk, kin="head", on=date(2010, 1, 1))
    parties.leave_household(cast.alice, membership.pk, on=date(2020, 5, 1))
    household.refresh_from_db()
    assert household.ended_on == date(2020, 5, 1)


def test_a_day_with_two_households_is_refused_by_the_database(cast: Cast) -> None:
    one, other = (parties.add_household(cast.alice, area=cast.n1) for _ in range(2))
    Membership.objects.create(household=one, person=cast.zhang, valid_from=date(2010, 1, 1))
    with pytest.raises(IntegrityError, match="parties_membership_once"), transaction.atomic():
        Membership.objects.create(household=other, person=cast.zhang, valid_from=date(2012, 1, 1))


def test_organisations_are_found_by_code_and_a_known_code_is_refused(cast: Cast) -> None:
    organisation = parties.add_organisation(cast.alice, name="梅岭社区服务中心", code=CODE, area=cast.n1)
    assert list(parties.search_organisations(parties.organisations(cast.alice), CODE.lower())) == [organisation]
    with pytest.raises(Refused, match=CODE):
        parties.add_organisation(cast.alice, name="别的", code=CODE, area=cast.n1)


def test_a_relation_needs_exactly_one_other_party(cast: Cast, add: Add) -> None:
    other = add("李四")
    assert parties.relate(cast.alice, cast.zhang.pk, kind="guardian", other=other.pk).other == other
    wrongs: tuple[dict[str, Any], ...] = ({}, {"other": cast.zhang.pk})
    for wrong in wrongs:
        with pytest.raises(Refused):
            parties.relate(cast.alice, cast.zhang.pk, kind="guardian", **wrong)


# Merging


def test_a_merge_moves_everything_and_keeps_the_trace(cast: Cast) -> None:
    double = parties.add_person(cast.alice, name="张三峰", area=cast.n1, born_on=date(1950, 3, 8), note="热心居民")
    parties.add_contact(cast.alice, double.pk, kind="phone", value="12600000001")
    kept = parties.merge_persons(cast.alice, cast.zhang.pk, double.pk)
    assert ContactPoint.objects.get().person == kept
    assert parties.person(cast.olga, double.pk) == kept
    double.refresh_from_db()
    assert (double.name, double.note, double.merged_into_id) == ("—", "", kept.pk)
    event = Event.objects.get(kind="parties.person.merged")
    assert event.data == {"double": str(double.pk), "moved": {"parties.contactpoint": 1}}


def test_a_merge_moves_what_has_no_way_back(cast: Cast) -> None:
    """A pack's foreign key with `related_name="+"`: Django lists it nowhere, and it must move all the same."""
    double = parties.add_person(cast.alice, name="张三峰", area=cast.n1)
    bench = Bench._default_manager.create(name="by the pond", unit=a_unit("park"), giver=double)
    kept = parties.merge_persons(cast.alice, cast.zhang.pk, double.pk)
    bench.refresh_from_db()
    assert bench.giver == kept
    event = Event.objects.get(kind="parties.person.merged")
    assert event.data["moved"] == {"dummy_pack.bench": 1}


def test_the_kept_record_takes_over_the_number_that_it_lacks(cast: Cast) -> None:
    bare = parties.add_person(cast.alice, name="张三丰", area=cast.n1)
    kept = parties.merge_persons(cast.alice, bare.pk, cast.zhang.pk)
    assert parties.person_with_number(cast.alice, ZHANG) == kept
    number_now = Person.objects.get(pk=kept.pk).id_number
    assert number_now is not None
    assert number_now.clear() == ZHANG


def test_two_numbers_are_two_persons(cast: Cast, add: Add) -> None:
    with pytest.raises(Refused, match="张三丰"):
        parties.merge_persons(cast.alice, add("李四").pk, cast.zhang.pk)


def test_a_merge_that_contradicts_itself_changes_nothing(cast: Cast) -> None:
    double = parties.add_person(cast.alice, name="张三峰", area=cast.n1)
    for person in (cast.zhang, double):
        household = parties.add_household(cast.alice, area=cast.n1)
        parties.join_household(cast.alice, household.pk, person.pk, kin="head", on=date(2010, 1, 1))
    with pytest.raises(Refused):
        parties.merge_persons(cast.alice, cast.zhang.pk, double.pk)
    double.refresh_from_db()
    assert double.merged_into_id is None


def test_an_account_belongs_to_one_person(cast: Cast, add: Add) -> None:
    parties.link_account(cast.alice, cast.zhang.pk, 50)
    with pytest.raises(Refused):
        parties.link_account(cast.alice, add("李四").pk, 50)
    assert Account.objects.get().person == cast.zhang


def test_a_list_of_persons_takes_one_query(cast: Cast, add: Add, django_assert_num_queries: object) -> None:
    for n in range(20):
        add(f"李{n}")
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len([(str(p), str(p.id_number), str(p.area)) for p in parties.persons(cast.alice)]) == 21
