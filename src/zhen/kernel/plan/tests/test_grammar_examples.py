"""The examples in the grammar's own docstrings hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from zhen.kernel.plan import grammar

MODULES = sorted(f"{grammar.__name__}.{found.name}" for found in pkgutil.iter_modules(grammar.__path__))


@pytest.mark.parametrize("name", MODULES, ids=lambda name: name.rpartition(".")[2])
def test_the_examples_of_a_module_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
