"""All checks: `python tools/check.py [--tests | --only-tests [PYTEST OPTIONS]]`.

The checks without tests run first, as many at a time as there are processors. pytest comes last
and has the last line.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import setup

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
SHOWN_LINES = 60
ZHEN = (PYTHON, "-m", "zhen.project.cli")


@dataclass(frozen=True, kw_only=True)
class Check:
    name: str
    command: tuple[str, ...]
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    check: Check
    passed: bool
    output: str
    seconds: float


def checks() -> list[Check]:
    python = (PYTHON, "-m")
    found = [
        Check(name="types", command=(*python, "mypy")),  # the longest first
        Check(name="declarations", command=(*ZHEN, "check")),  # and translations, and migrations
        Check(name="documentation", command=(*ZHEN, "docs", "--check"), remedy=".venv/bin/zhen docs"),
        Check(name="lint", command=(*python, "ruff", "check", "--quiet"), remedy="make format"),
        Check(name="format", command=(*python, "ruff", "format", "--check", "--quiet"), remedy="make format"),
        Check(name="imports", command=(str(Path(PYTHON).with_name("lint-imports")),)),
    ]
    if Path("package.json").exists():
        node = setup.find_node()
        found.append(Check(name="pages", command=(node, *setup.npm(node), "run", "check", "--if-present")))
    return found


def main(arguments: Sequence[str]) -> int:
    os.chdir(ROOT)
    mode, options = (arguments[0], arguments[1:]) if arguments else ("", [])
    if mode not in {"", "--tests", "--only-tests"}:
        print(__doc__)
        return 2
    if mode != "--only-tests" and not all_pass():
        return 1
    if mode:
        sys.stdout.flush()
        os.execv(PYTHON, pytest(options))
    return 0


def all_pass() -> bool:
    failed = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for outcome in (done.result() for done in as_completed(pool.submit(perform, c) for c in checks())):
            verdict = "ok" if outcome.passed else "FAILED"
            print(f"  {outcome.check.name:<14} {verdict:<7} {outcome.seconds:5.1f} s", flush=True)
            if not outcome.passed:
                failed.append(outcome)
    for outcome in failed:
        print(f"\n{outcome.check.name}: {' '.join(outcome.check.command)}\n{shortened(outcome.output)}")
        if outcome.check.remedy:
            print(f"→ {outcome.check.remedy}")
    if failed:
        print(f"\n{len(failed)} of the checks failed: {', '.join(o.check.name for o in failed)}")
    return not failed


def shortened(output: str) -> str:
    lines = output.strip().splitlines()
    more = len(lines) - SHOWN_LINES
    return "\n".join([*lines[:SHOWN_LINES], *([f"… and {more} lines more"] if more > 0 else [])])


def perform(check: Check) -> Outcome:
    start = time.monotonic()
    done = subprocess.run(check.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return Outcome(
        check=check,
        passed=done.returncode == 0,
        output=done.stdout,
        seconds=time.monotonic() - start,
    )


def pytest(options: Sequence[str]) -> list[str]:
    workers = min(4, os.cpu_count() or 1)
    spread = ["-n", str(workers), "--dist", "worksteal"] if workers > 1 else []
    return [PYTHON, "-m", "pytest", *spread, *options]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
