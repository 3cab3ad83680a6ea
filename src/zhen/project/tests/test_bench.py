"""`zhen bench NAME --own options`."""

import pytest
from django.core.management.base import CommandError

from zhen.project.management.commands.bench import given


def test_what_stands_behind_the_name_is_the_benchmarks_own() -> None:
    assert given(["--cases", "1000000", "--small", "--train=a.csv"]) == {
        "cases": "1000000",
        "small": True,
        "train": "a.csv",
    }


def test_an_option_may_stand_behind_the_name_too() -> None:
    assert given(["--option", "cases=10", "--small"]) == {"cases": "10", "small": True}
    with pytest.raises(CommandError, match="--option: say KEY=VALUE"):
        given(["--option", "cases"])


def test_a_word_without_dashes_is_refused_by_name() -> None:
    with pytest.raises(CommandError, match="1000000: options begin with --"):
        given(["1000000"])
