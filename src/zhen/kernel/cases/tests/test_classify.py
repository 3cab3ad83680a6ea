"""Suggesting classes: keyword rules, learning from closed cases, what was suggested and what was chosen."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.cases.api import Category, add_keyword, end_keywords, suggest
from zhen.kernel.cases.classify import measuring, training
from zhen.kernel.cases.classify.masking import masked
from zhen.kernel.cases.classify.screens import figures, mistakes, tried
from zhen.kernel.cases.classify.suggesting import _together
from zhen.kernel.cases.models import Case, KeywordRule, Suggested, TextModel
from zhen.kernel.journal.models import Event
from zhen.kernel.lib import clock
from zhen.kernel.lib.classifying.model import load
from zhen.kernel.lib.refusals import Refused

from .conftest import NOW, REPAIR, Cast, Hands, a_case

TODAY = date(2026, 9, 15)
RULER = frozenset({"cases.rules.view", "cases.rules.change", "dummy_pack.view", "dummy_pack.change"})
WORDS = {
    "0102": ("井盖破损", "路面坑洼", "人行道砖松动", "护栏倒了", "水泥路开裂"),
    "0103": ("夜间施工噪声大", "广场舞音响太吵", "空调外机轰鸣", "凌晨装修敲打", "喇叭叫卖扰民"),
    "0104": ("车辆占道停放", "停车位被私锁", "电动车堵住楼道", "货车停在消防通道", "共享单车乱停"),
}
SYSTEM = Actor.system("test")


@pytest.fixture
def ruler(cast: Cast) -> Actor:
    user = cast.dispatcher
    return Actor(
        kind=user.kind,
        id=user.id,
        name=user.name,
        grants=tuple(
            type(grant)(role=grant.role, permissions=RULER, reach=grant.reach, units=grant.units)
            for grant in user.grants
        ),
    )


@pytest.fixture
def classes(cast: Cast) -> dict[str, Category]:
    rows = [
        Category(scheme="dummy_pack", code=code, name=name, family="01", valid_from=date(2020, 1, 1), source="test")
        for code, name in (("0102", "道路"), ("0103", "噪声"), ("0104", "停车"))
    ]
    return {row.code: row for row in Category.objects.bulk_create(rows)}


def rule(ruler: Actor, category: Category, word: str, weight: int = 5, since: date = TODAY) -> KeywordRule:
    return add_keyword(ruler, category, word, weight=weight, valid_from=since, source="test")


def closed(classes: dict[str, Category], count: int, *, seed: int, wrong: float = 0.0, number: str = "T") -> None:
    """Closed cases in our own words; a share of them with another class than their words say."""
    random = Random(seed)
    rows = []
    for at in range(count):
        code = random.choice(sorted(WORDS))
        street = "".join(random.sample("新城怒江金沙梅川真光桃浦曹杨", 3))
        given = random.choice(sorted(WORDS)) if random.random() < wrong else code
        rows.append(
            Case(
                number=f"{number}-{seed}-{at}",
                type=REPAIR,
                state="mended",
                open=False,
                title=f"{street}路{random.choice(WORDS[code])}{at}",
                category=classes[given],
                received_at=NOW - timedelta(days=30),
                closed_at=clock.now() - timedelta(seconds=1),
                changed_at=NOW,
            )
        )
    Case.objects.bulk_create(rows)


# rules


def test_before_anything_is_learnt_the_rules_suggest_and_say_why(
    ruler: Actor, classes: dict[str, Category], hands: Hands
) -> None:
    rule(ruler, classes["0102"], "井盖")
    (found,) = suggest("路口井盖没有了", REPAIR)
    assert (found.category, found.version) == (classes["0102"], 0)
    assert found.confidence == pytest.approx(5 / 8)
    assert found.reason == "Because of: 井盖"


def test_traditional_and_wide_writing_meets_the_same_rule(
    ruler: Actor, classes: dict[str, Category], hands: Hands
) -> None:
    rule(ruler, classes["0104"], "ＫＴＶ停車")
    assert suggest("ktv停车", REPAIR)[0].category == classes["0104"]


def test_two_words_for_two_classes_share_the_confidence(
    ruler: Actor, classes: dict[str, Category], hands: Hands
) -> None:
    rule(ruler, classes["0102"], "路面", 6)
    rule(ruler, classes["0103"], "噪声", 4)
    found = suggest("路面施工噪声", REPAIR)
    assert [one.category.code for one in found] == ["0102", "0103"]
    assert [one.confidence for one in found] == pytest.approx([6 / 13, 4 / 13])


def test_a_word_can_speak_against_a_class(ruler: Actor, classes: dict[str, Category], hands: Hands) -> None:
    rule(ruler, classes["0102"], "路")
    rule(ruler, classes["0102"], "路灯", -5)
    assert suggest("路灯", REPAIR) == ()


def test_where_nothing_is_known_nothing_is_suggested(ruler: Actor, classes: dict[str, Category], hands: Hands) -> None:
    rule(ruler, classes["0102"], "井盖")
    assert suggest("", REPAIR) == suggest("别的事情", REPAIR) == ()


def test_a_rule_speaks_from_its_day_to_its_end(ruler: Actor, classes: dict[str, Category], hands: Hands) -> None:
    row = rule(ruler, classes["0102"], "井盖", since=TODAY + timedelta(days=1))
    assert suggest("井盖", REPAIR) == ()
    hands.go(days=1)
    assert suggest("井盖", REPAIR)
    hands.go(days=1)
    assert end_keywords(ruler, [row], TODAY + timedelta(days=2)) == 1
    assert suggest("井盖", REPAIR) == ()


def test_a_changed_weight_ends_the_rule_before(ruler: Actor, classes: dict[str, Category], hands: Hands) -> None:
    first = rule(ruler, classes["0102"], "井盖")
    hands.go(days=3)
    second = rule(ruler, classes["0102"], "井蓋", 8, since=TODAY + timedelta(days=3))
    first.refresh_from_db()
    assert (first.valid_to, second.valid_to) == (TODAY + timedelta(days=3), None)
    assert suggest("井盖", REPAIR)[0].confidence == pytest.approx(8 / 11)


def test_a_rule_that_begins_with_or_before_another_of_its_word_is_refused(
    ruler: Actor, classes: dict[str, Category], hands: Hands
) -> None:
    rule(ruler, classes["0102"], "井盖")
    with pytest.raises(Refused, match="a rule of this word begins on 2026-09-15"):
        rule(ruler, classes["0102"], "井盖", 7)


@pytest.mark.parametrize(
    ("word", "weight", "field"),
    [("", 5, "word"), ("井" * 41, 5, "word"), ("井盖", 0, "weight"), ("井盖", 11, "weight")],
)
def test_a_rule_without_a_word_or_with_a_senseless_weight_is_refused(
    ruler: Actor, classes: dict[str, Category], word: str, weight: int, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        rule(ruler, classes["0102"], word, weight)
    assert refused.value.field == field


def test_the_database_refuses_a_weight_of_nothing(classes: dict[str, Category]) -> None:
    with pytest.raises(IntegrityError, match="cases_keyword_weight"), transaction.atomic():
        KeywordRule.objects.create(category=classes["0102"], word="井盖", weight=0, valid_from=TODAY, source="test")


def test_who_may_only_handle_cases_writes_no_rules(cast: Cast, classes: dict[str, Category]) -> None:
    with pytest.raises(Denied):
        rule(cast.alice, classes["0102"], "井盖")


# learning


def test_closed_cases_teach_a_model_that_rules_can_still_move(
    ruler: Actor, classes: dict[str, Category], hands: Hands
) -> None:
    closed(classes, 260, seed=1)
    training.train_all()
    row = TextModel.objects.get()
    assert (row.version, row.used, row.learnt) == (1, True, 260)
    assert row.macro_f1 > 0.95
    found = suggest("怒江路的广场舞音响实在太吵了", REPAIR)
    assert (found[0].category.code, found[0].version) == ("0103", 1)
    assert found[0].confidence > 0.7
    assert any("音响" in word or "广场舞" in word for word in found[0].words)
    rule(ruler, classes["0104"], "广场舞", 10)
    assert suggest("怒江路的广场舞音响实在太吵了", REPAIR)[0].confidence < found[0].confidence


def test_too_few_closed_cases_teach_nothing(classes: dict[str, Category], hands: Hands) -> None:
    closed(classes, training.FEWEST - 1, seed=1)
    training.train_all()
    assert not TextModel.objects.exists()


def test_a_worse_model_is_kept_and_never_used(classes: dict[str, Category], hands: Hands) -> None:
    closed(classes, 260, seed=1)
    training.train_all()
    good = load(bytes(TextModel.objects.get().blob))
    hands.go(days=7)
    closed(classes, 240, seed=2)
    worse = training.Attempt(
        scheme="dummy_pack", model=good, learnt=1, judged=50, reached=0.4, before=0.9, calibration_error=0.1
    )
    row = training.keep(SYSTEM, worse)
    assert (row.version, row.used) == (2, False)
    assert TextModel.objects.get(used=True).version == 1
    assert Event.objects.filter(kind="cases.model_refused").count() == 1


def test_a_model_is_compared_on_cases_that_neither_has_learnt_from(classes: dict[str, Category], hands: Hands) -> None:
    closed(classes, 260, seed=1, wrong=0.5)
    training.train_all()
    hands.go(days=7)
    closed(classes, training.FEWEST_NEW - 1, seed=2)
    assert training.attempt("dummy_pack") is None
    closed(classes, 200, seed=3)
    found = training.attempt("dummy_pack")
    assert found is not None
    assert found.before is not None
    assert found.judged <= 130
    assert found.reached >= found.before


def test_an_earlier_model_can_be_taken_back(ruler: Actor, classes: dict[str, Category], hands: Hands) -> None:
    closed(classes, 260, seed=1)
    first = training.keep(SYSTEM, _attempt())
    second = training.keep(SYSTEM, _attempt())
    assert TextModel.objects.get(used=True) == second
    training.use(ruler, first)
    assert TextModel.objects.get(used=True) == first
    assert suggest("广场舞音响太吵", REPAIR)[0].version == 1


def test_a_model_that_cannot_be_read_leaves_the_rules_speaking(
    ruler: Actor, classes: dict[str, Category], hands: Hands, caplog: pytest.LogCaptureFixture
) -> None:
    closed(classes, 260, seed=1)
    row = training.keep(SYSTEM, _attempt())
    TextModel.objects.filter(pk=row.pk).update(blob=b"ZHENCLS0" + bytes(row.blob)[8:])
    rule(ruler, classes["0102"], "井盖")
    assert suggest("井盖", REPAIR)[0].version == 0
    assert "rules alone suggest" in caplog.text
    with pytest.raises(Refused, match="cannot read it"):
        training.use(ruler, TextModel.objects.get(pk=row.pk))


def _attempt() -> training.Attempt:
    found = training.attempt("dummy_pack")
    if found is None:  # nothing newer to compare by: the same once more
        row = TextModel.objects.get(used=True)
        return training.Attempt(
            scheme="dummy_pack", model=load(bytes(row.blob)), learnt=row.learnt, judged=row.judged,
            reached=row.macro_f1, before=row.macro_f1, calibration_error=row.calibration_error,
        )  # fmt: skip
    return found


def test_a_class_that_the_model_never_saw_can_win_by_a_rule() -> None:
    chances = _together({"new": 10}, {"a": 0.01, "b": 0.005})
    assert max(chances, key=lambda code: chances[code]) == "new"
    assert sum(chances.values()) == pytest.approx(1)


# personal data


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("请联系13812345678谢谢", "13812345678"),
        ("请打 138-1234-5678", "5678"),
        ("电话021-62345678", "62345678"),
        ("身份证310107199001011234", "310107199001011234"),
        ("身份证31010719900101123X反映", "19900101"),
        ("我叫张三丰，住在这里", "张三丰"),
        ("联系人：李小明", "李小明"),
        ("我姓王，门口积水", "姓王"),
        ("楼上王先生天天吵", "王先生"),
        ("欧阳女士反映", "欧阳"),
        ("陈建国书记处理", "陈建国"),
        ("邮箱abc.d@example.com", "example"),
        ("沪A12345占道", "A12345"),
        ("怒江路123弄4号501室漏水", "501"),
        ("怒江路123弄4号", "123"),
        ("１３８１２３４５６７８", "13812345678"),
    ],
)
def test_personal_data_is_taken_out_before_learning(text: str, secret: str) -> None:
    assert secret not in masked(text)


@pytest.mark.parametrize("text", ["井盖破损", "地铁13号线噪声", "高温天气停水", "黄色标线不清", "王家弄口路灯不亮"])
def test_what_is_reported_stays(text: str) -> None:
    assert masked(text) == text


# what was suggested, and what was chosen


def test_the_suggestion_is_kept_beside_the_case(
    cast: Cast, ruler: Actor, classes: dict[str, Category], hands: Hands
) -> None:
    rule(ruler, classes["0102"], "井盖")
    case = a_case(cast, title="井盖破损", category=classes["0103"])
    kept = Suggested.objects.get(case=case)
    assert (kept.category_id, kept.words, kept.version) == (classes["0102"].pk, "井盖", 0)
    assert case.category_id == classes["0103"].pk


def test_a_case_that_nothing_is_known_about_has_no_suggestion(cast: Cast, hands: Hands) -> None:
    assert not Suggested.objects.filter(case=a_case(cast, title="别的")).exists()


def test_suggestions_are_measured_against_what_was_chosen(
    cast: Cast, ruler: Actor, classes: dict[str, Category], hands: Hands
) -> None:
    rule(ruler, classes["0102"], "井盖")
    for chosen in ("0102", "0102", "0102", "0103"):
        case = a_case(cast, title="井盖破损", category=classes[chosen])
        Case.objects.filter(pk=case.pk).update(open=False, closed_at=hands.now, due_at=None)
    a_case(cast, title="井盖破损", category=classes["0103"])  # open: not measured yet
    found = measuring.measured(cast.dispatcher, "dummy_pack", 0)
    assert (found.total, found.accepted) == (4, 3)
    assert found.macro_f1 == pytest.approx((2 * 3 / 7 + 0) / 2)
    assert found.mistakes() == [(classes["0103"].pk, classes["0102"].pk, 1)]
    shown = figures(cast.dispatcher, {})
    assert [figure.value for figure in shown] == [75.0, 42.9, 4]
    (line,) = mistakes(cast.dispatcher, {})
    assert (line.chosen, line.suggested, line.cases) == ("噪声", "道路", 1)
    assert f"chosen={classes['0103'].pk}" in line.url


def test_nobody_measures_with_cases_that_he_may_not_read(
    cast: Cast, ruler: Actor, classes: dict[str, Category], hands: Hands
) -> None:
    rule(ruler, classes["0102"], "井盖")
    case = a_case(cast, title="井盖破损", category=classes["0102"], unit_id=cast.painters.pk)
    Case.objects.filter(pk=case.pk).update(open=False, closed_at=hands.now, due_at=None)
    assert measuring.measured(cast.bob, "dummy_pack", 0).total == 1
    assert measuring.measured(cast.alice, "dummy_pack", 0).total == 0
    assert not measuring.judged(cast.alice).exists()


def test_a_text_can_be_tried_without_a_case(ruler: Actor, classes: dict[str, Category], hands: Hands) -> None:
    rule(ruler, classes["0102"], "井盖")
    (found,) = tried(ruler, {"text": "井盖没了", "type": REPAIR})
    assert found.category == classes["0102"]
    assert tried(ruler, {}) == []
    assert not Suggested.objects.exists()


def test_suggesting_costs_one_query_once_it_is_loaded(
    ruler: Actor, classes: dict[str, Category], hands: Hands, django_assert_num_queries: Any
) -> None:
    rule(ruler, classes["0102"], "井盖")
    suggest("井盖", REPAIR)
    with django_assert_num_queries(1):  # the edition of the rules
        suggest("井盖破损", REPAIR)
