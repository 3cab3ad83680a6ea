"""Folding."""

from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.lib.text import fold


def test_traditional_and_simplified_width_and_case_fold_together() -> None:
    assert fold("長征鎮　ＡＢＣ") == fold("长征镇 abc") == "长征镇 abc"


@given(st.text(max_size=100))
def test_any_text_folds(text: str) -> None:
    assert isinstance(fold(text), str)
