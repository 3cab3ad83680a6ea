"""Remove what was built and installed: `python3 tools/clean.py`. The town's data in `.zhen` stays."""

import shutil
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILT = (
    *(".venv", "node_modules", "tools/lighthouse/node_modules", "dist", "build", "src/zhen/web/static/dist"),
    *(".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache", "test-results"),
)


def main() -> None:
    for path in what_to_remove():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def what_to_remove() -> Iterator[Path]:
    yield from (ROOT / name for name in BUILT)
    yield from (ROOT / "src").rglob("*.mo")
    for home in ROOT.glob(".zhen-test*"):
        elsewhere = home / "server-place"  # where root's server could not enter the checkout
        if elsewhere.exists():
            yield Path(elsewhere.read_text(encoding="utf-8").strip())
        yield home


if __name__ == "__main__":
    main()
