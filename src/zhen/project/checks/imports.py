"""Who imports whom: arrows never turn back, packs never meet, and of a kernel module only its api is known."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from zhen.kernel.lib.problems import Problem
from zhen.project.checks.packs import Folder
from zhen.project.messages.apps import ZHEN

KERNEL = "zhen.kernel."
OPEN_KERNEL = {"lib"}
ABOVE_PACKS = ("zhen.web", "zhen.gateways", "zhen.project")
BEFORE_DJANGO = {
    ("zhen.project.settings", "zhen.kernel.packs.discovery"),
    ("zhen.project.settings", "zhen.kernel.identity.limits"),
}
"""What the settings need before Django, and with it any api, can be imported."""
_LEFT_OUT = {"tests", "migrations", "static", "node_modules", "__pycache__"}


def import_problems(packs: Iterable[Folder]) -> Iterator[Problem]:
    packs = tuple(packs)
    inside = ZHEN / "packs"
    folders = [Folder(package="zhen", path=ZHEN), *(pack for pack in packs if inside not in pack.path.parents)]
    names = {pack.package for pack in packs} | {
        f"zhen.packs.{path.parent.name}" for path in inside.glob("*/__init__.py")
    }
    for folder in folders:
        for path in python_files(folder.path):
            module = module_of(path, folder)
            for imported in imports_of(path, module):
                yield from _judge(module, imported, names)


def python_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name not in _LEFT_OUT:
            yield from python_files(path)
        elif path.suffix == ".py" and path.name not in {"conftest.py", "testing.py"}:
            yield path


def module_of(path: Path, folder: Folder) -> str:
    parts = path.relative_to(folder.path).with_suffix("").parts
    return ".".join((folder.package, *(parts[:-1] if parts[-1] == "__init__" else parts)))


def imports_of(path: Path, module: str) -> Iterator[str]:
    """The modules that a file imports; names taken out of a module count as possible submodules."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            up = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*up, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _judge(module: str, imported: str, packs: set[str]) -> Iterator[Problem]:
    own, other = _owner(module, packs), _owner(imported, packs)
    if own and other and own != other:
        yield Problem(
            where=module,
            what=f"imports {imported} of the pack {other.rpartition('.')[2]}",
            remedy="Packs meet in the kernel only: through cases, events, indicators and places",
        )
    elif own and imported.startswith(ABOVE_PACKS):
        yield Problem(
            where=module, what=f"imports {imported}, which lies above it", remedy="Declare it; the floor above draws it"
        )
    elif imported.startswith(KERNEL) and (module, imported.rpartition(".")[0]) not in BEFORE_DJANGO:
        yield from _judge_kernel(module, imported)


def _judge_kernel(module: str, imported: str) -> Iterator[Problem]:
    name, _, rest = imported.removeprefix(KERNEL).partition(".")
    inside = module == KERNEL + name or module.startswith(f"{KERNEL}{name}.")
    if name in OPEN_KERNEL or inside or rest.partition(".")[0] == "api":
        return
    yield Problem(
        where=module,
        what=f"imports {imported}, which is not in the api of {name}",
        remedy=f"Import it from {KERNEL}{name}.api, or add it there",
    )


def _owner(module: str, packs: set[str]) -> str:
    return next((pack for pack in packs if module == pack or module.startswith(f"{pack}.")), "")
