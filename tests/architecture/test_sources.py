"""Habits that the sources keep: views fetch and write through the kernel, and through nothing else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import zhen

WEB = Path(zhen.__file__ or "").parent / "web"
OWN_MODELS = {"filters.py", "drafts.py"}
"""The faces' own two models: saved filters and drafts, which belong to one reader and no module."""


def calls(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def test_views_fetch_and_write_through_the_kernel() -> None:
    """`objects.get` in a view forgets the actor; `objects.create` in a view forgets the journal."""
    found = []
    for path in sorted(WEB.rglob("*.py")):
        relative = path.relative_to(WEB)
        if "tests" in relative.parts or "migrations" in relative.parts or relative.name in OWN_MODELS:
            continue
        for line, name in calls(path):
            if name.endswith(("objects.get", "objects.create", "objects.update_or_create", "get_object_or_404")):
                found.append(f"{relative}:{line}: {name}")
    assert found == []
