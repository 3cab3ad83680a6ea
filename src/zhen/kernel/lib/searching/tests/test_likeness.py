"""Whether two reports may be about the same thing."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.lib.searching.likeness import LIKELY, POSSIBLE, REACH, Aspect, Reported, likeness, reach, text_likeness

AT = datetime(2026, 9, 15, tzinfo=UTC)
HERE = (121.39, 31.24)
CLASSES = ("0101", "01", "facility")


def reported(text: str, metres_north: float = 0, days: float = 0, classes: tuple[str, ...] = CLASSES) -> Reported:
    point = (HERE[0], HERE[1] + metres_north / 111_195)
    return Reported(text=text, at=AT - timedelta(days=days), point=point, classes=classes)


def test_the_same_manhole_in_other_words_next_door_yesterday_is_likely_the_same() -> None:
    found = likeness(reported("窨井盖没了，很危险"), reported("门口的井盖不见了，希望补上", 15, 1))
    assert {part.aspect for part in found.parts} == set(Aspect)
    assert "井盖" in found.shared


def test_the_same_words_are_more_alike_than_others() -> None:
    same = likeness(reported("路灯不亮"), reported("路灯不亮了", 30, 1))
    other = likeness(reported("路灯不亮"), reported("下水道堵了", 30, 1))
    assert same.score >= LIKELY > other.score


def test_what_lies_further_away_than_its_reach_or_is_of_another_family_is_not_the_same() -> None:
    assert likeness(reported("路灯不亮"), reported("路灯不亮", 400)).score == 0
    assert likeness(reported("路灯不亮"), reported("路灯不亮", classes=("2101", "21", "event"))).score == 0


def test_without_a_place_or_a_class_the_rest_is_weighed() -> None:
    bare = Reported(text="路灯不亮", at=AT)
    assert likeness(bare, bare).score == 1.0


@given(st.text(max_size=60), st.text(max_size=60), st.floats(0, 600), st.floats(0, 100))
def test_likeness_lies_between_nothing_and_one_and_is_the_sum_of_its_parts(
    one: str, other: str, metres: float, days: float
) -> None:
    found = likeness(reported(one), reported(other, metres, days))
    assert 0 <= found.score <= 1.001
    assert abs(found.score - sum(part.points for part in found.parts)) < 0.002


@given(st.text(max_size=60), st.text(max_size=60))
def test_text_likeness_is_symmetric(one: str, other: str) -> None:
    assert text_likeness(one, other)[0] == text_likeness(other, one)[0]


@given(st.text(alphabet="路灯不亮井盖缺失", min_size=6, max_size=40))
def test_a_text_is_like_itself(text: str) -> None:
    assert text_likeness(text, text)[0] > 0


@given(st.floats(0, 300), st.floats(0, 300))
def test_nearer_is_never_less_alike(one: float, other: float) -> None:
    near, far = sorted((one, other))
    assert (
        likeness(reported("路灯", near), reported("路灯")).score
        >= likeness(reported("路灯", far), reported("路灯")).score
    )


@given(st.floats(0, REACH), st.sampled_from([LIKELY, POSSIBLE]), st.sampled_from([CLASSES, ()]), st.booleans())
def test_beyond_its_reach_the_same_words_at_the_same_time_score_less(
    metres: float, least: float, classes: tuple[str, ...], both: bool
) -> None:
    one, other = reported("路灯不亮", classes=classes), reported("路灯不亮", metres, classes=classes if both else ())
    assert metres <= reach(least) or likeness(one, other).score < least


def test_what_scores_enough_at_all_may_lie_anywhere_within_reach() -> None:
    assert reach(LIKELY) < reach(POSSIBLE) < reach(0.5) == REACH
    assert likeness(reported("路灯不亮"), reported("路灯不亮", reach(LIKELY) - 1)).score >= LIKELY
