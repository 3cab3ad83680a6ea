"""Learning, reading, keeping and measuring, on sentences made here."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.lib.classifying import measure
from zhen.kernel.lib.classifying.fields import fields_in, lexicon
from zhen.kernel.lib.classifying.model import MAGIC, Model, Unreadable, load
from zhen.kernel.lib.classifying.pieces import cut, pieces_of, prepared
from zhen.kernel.lib.classifying.training import TooLittle, train

SENTENCES = {
    "路面": ("路面坑洼不平", "井盖破损", "人行道砖松动", "水泥路开裂", "护栏倒了"),
    "噪声": ("夜间施工噪声大", "广场舞音响太吵", "空调外机轰鸣", "凌晨装修敲打", "喇叭叫卖扰民"),
    "停车": ("车辆占道停放", "停车位被私锁", "电动车堵住楼道", "货车停在消防通道", "共享单车乱停"),
}


def made(count: int, seed: int) -> tuple[list[str], list[str]]:
    random = Random(seed)
    texts, labels = [], []
    for _ in range(count):
        label = random.choice(sorted(SENTENCES))
        street = "".join(random.sample("新城怒江金沙梅川真光桃浦", 2))
        texts.append(f"{street}路{random.randint(1, 900)}弄{random.choice(SENTENCES[label])}，请处理")
        labels.append(label)
    return texts, labels


@pytest.fixture(scope="module")
def model() -> Model:
    return train(*made(150, seed=1))


def test_it_learns_what_texts_are_about(model: Model) -> None:
    texts, labels = made(100, seed=2)
    assert measure.macro_f1(measure.confusion(labels, model.categories_of(texts))) > 0.98


def test_a_reading_says_how_sure_it_is_and_why(model: Model) -> None:
    reading = model.read("曹杨路3号门口井盖又破损了")
    assert reading.category == "路面"
    assert reading.confidence > 0.8
    words = [weighed.word for weighed in reading.because]
    assert "井盖" in words
    assert all(weighed.weight > 0 for weighed in reading.because)
    assert not any(one != other and one in other for one in words for other in words)
    assert reading.chances[0] == (reading.category, reading.confidence)
    assert sum(chance for _, chance in reading.chances) == pytest.approx(1.0, abs=1e-5)


def test_a_text_about_nothing_known_is_read_without_confidence(model: Model) -> None:
    assert model.read("").confidence < 0.6
    assert model.read("hello world").confidence < 0.6


def test_traditional_and_wide_characters_read_the_same(model: Model) -> None:
    assert model.read("停車位被私鎖").category == "停车"
    assert prepared("Ａ７縣停車") == prepared("B12县停车") == "0县停车"


def test_numbers_say_that_there_is_one_and_not_which() -> None:
    assert prepared("怒江路123弄4号") == prepared("怒江路7弄56号") == "怒江路0弄0号"


def test_a_model_is_the_same_after_its_file(model: Model) -> None:
    texts, _ = made(40, seed=3)
    again = load(model.dump())
    assert again.categories == model.categories
    assert np.abs(again.probabilities(texts) - model.probabilities(texts)).max() < 0.01


def test_a_file_holds_no_word_of_any_text(model: Model) -> None:
    assert not {array.dtype.kind for array in (model.slots, model.idf, model.weights, model.bias)} - {"u", "f"}


def test_a_changed_file_is_refused(model: Model) -> None:
    data = bytearray(model.dump())
    data[-20] ^= 1
    with pytest.raises(Unreadable, match="changed"):
        load(bytes(data))


def test_a_file_with_an_object_in_it_is_refused_though_its_hash_is_right() -> None:
    import io

    buffer = io.BytesIO()
    np.savez(buffer, meta=np.array([{"a": 1}], dtype=object))
    with pytest.raises(Unreadable, match="this version"):
        load(MAGIC + sha256(buffer.getvalue()).digest() + buffer.getvalue())


@given(st.binary(max_size=200))
def test_no_bytes_make_a_model_by_chance(data: bytes) -> None:
    for file in (data, MAGIC + data, MAGIC + sha256(data).digest() + data):
        with pytest.raises(Unreadable):
            load(file)


def test_nothing_is_learnt_from_one_category() -> None:
    with pytest.raises(TooLittle):
        train(["井盖破损", "路面坑洼"] * 5, ["路面"] * 10)


def test_categories_with_too_few_texts_are_left_out() -> None:
    texts, labels = made(60, seed=4)
    assert "其他" not in train([*texts, "别的事"], [*labels, "其他"]).categories


def test_two_categories_are_enough() -> None:
    texts, labels = made(90, seed=5)
    pairs = [(text, label) for text, label in zip(texts, labels, strict=True) if label != "停车"]
    model = train([text for text, _ in pairs], [label for _, label in pairs])
    assert model.read("凌晨装修敲打").category == "噪声"
    assert model.read("井盖破损").category == "路面"


def test_training_twice_gives_the_same_model() -> None:
    assert train(*made(60, seed=6)).dump() == train(*made(60, seed=6)).dump()


@given(st.text(max_size=60))
def test_counting_pieces_finds_the_pieces(text: str) -> None:
    clean = prepared(text)
    assert set(cut([text]).slots.tolist()) == {piece.slot for piece in pieces_of(clean)}
    assert all(piece.shown in clean for piece in pieces_of(clean))


def test_a_word_may_be_in_several_fields_and_within_another() -> None:
    found = set(fields_in("公交车站台"))
    assert {("公交", "公交车"), ("公交", "公交"), ("公交", "站台")} <= found
    assert lexicon().fields_of.keys() <= lexicon().beginnings


def test_macro_f1_counts_rare_categories_as_much_as_common_ones() -> None:
    chosen, said = ["a"] * 98 + ["b"] * 2, ["a"] * 100
    assert measure.macro_f1(measure.confusion(chosen, said)) == pytest.approx((2 * 98 / 198 + 0) / 2)


def test_a_category_only_suggested_takes_from_the_others_alone() -> None:
    assert measure.macro_f1(measure.confusion(["a", "a"], ["a", "b"])) == pytest.approx(2 / 3)


def test_calibration_error_is_the_gap_between_claim_and_truth() -> None:
    assert measure.calibration_error([0.95] * 20, [True] * 19 + [False]) == pytest.approx(0, abs=1e-9)
    assert measure.calibration_error([0.95] * 20, [True] * 10 + [False] * 10) == pytest.approx(0.45)


def test_the_same_text_never_stands_on_both_sides() -> None:
    texts = ["路灯不亮！", "路灯不亮", "路燈不亮", "井盖坏了3天", "井盖坏了5天", *made(50, seed=7)[0]]
    learn, judge = measure.disjoint(texts, share=0.3, seed=1)
    assert sorted(learn + judge) == list(range(len(texts)))
    assert not {measure.same_text(texts[at]) for at in learn} & {measure.same_text(texts[at]) for at in judge}


def test_reading_never_needs_the_library_that_trains(model: Model, tmp_path: object) -> None:
    script = (
        "import sys; from zhen.kernel.lib.classifying.model import load; "
        "load(sys.stdin.buffer.read()).read('井盖破损'); "
        "assert not {'sklearn', 'scipy'} & set(sys.modules), 'training was imported'"
    )
    subprocess.run([sys.executable, "-c", script], input=model.dump(), check=True, timeout=60)
