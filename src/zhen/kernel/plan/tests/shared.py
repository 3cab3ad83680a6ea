"""The town's reference material, which lies beside the project and is no part of it."""

from __future__ import annotations

from pathlib import Path

import pytest


def shared_folder() -> Path:
    """`../shared` beside the repository, or beside the folder that holds its worktrees."""
    for folder in Path(__file__).resolve().parents:
        if (folder / "pyproject.toml").exists():
            for beside in (folder.parent, folder.parent.parent):
                if (beside / "shared" / "seeds").is_dir():
                    return beside / "shared"
    pytest.skip("needs the reference material in ../shared, which is not here")


def read_shared(*parts: str) -> str:
    path = shared_folder().joinpath(*parts)
    if not path.exists():
        pytest.skip(f"needs {'/'.join(parts)} in ../shared, which is not here")
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()
