"""What benchmarks share: timing, percentiles, the machine."""

from __future__ import annotations

import gc
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from zhen.runtime import postgres
from zhen.runtime.settings import variables


def timed(operation: Callable[[], object], *, runs: int, warm: int = 3) -> list[float]:
    """Seconds of each of `runs` calls, after `warm` calls that do not count. What is there by then is frozen, as
    `zhen web` does before it serves: no collection looks at all that the program consists of."""
    for _ in range(warm):
        operation()
    gc.collect()
    gc.freeze()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        operation()
        seconds.append(time.perf_counter() - start)
    return seconds


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` (0…1) of the values do not exceed."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, max(0, -(-int(share * 1000) * len(ranked) // 1000) - 1))]


def figures(operation: str, seconds: list[float]) -> dict[str, float]:
    """OPERATION_per_s, OPERATION_p50_ms and OPERATION_p99_ms."""
    return {
        f"{operation}_per_s": round(len(seconds) / sum(seconds), 1),
        f"{operation}_p50_ms": round(percentile(seconds, 0.50) * 1000, 3),
        f"{operation}_p99_ms": round(percentile(seconds, 0.99) * 1000, 3),
    }


def in_its_own_town(name: str, options: Mapping[str, object]) -> dict[str, object]:
    """Run the benchmark `name` again, with `--own`, in an empty town of its own: a server in a temporary home, as
    durable as in production, with nobody else at work. Raises SystemExit where that ends badly."""
    words = [f"--{key}={value}" for key, value in options.items() if key != "small"]
    with tempfile.TemporaryDirectory(prefix="zhen-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # root's server runs as another account
        with postgres.running(home, say=lambda _line: None) as server:
            others = {*variables(), "DJANGO_SETTINGS_MODULE"}
            environment = {key: value for key, value in os.environ.items() if key not in others} | {
                "ZHEN_HOME": folder,
                "ZHEN_DEMO": "off",
                "DATABASE_URL": server.app_url,
            }
            zhen = (sys.executable, "-m", "zhen.project.cli")
            subprocess.run((*zhen, "prepare"), env=environment, check=True, stdout=subprocess.DEVNULL)
            again = (*zhen, "bench", name, *words, "--own")
            done = subprocess.Popen(again, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8")
            assert done.stdout is not None
            last = ""
            for line in done.stdout:
                if last:
                    print(last, flush=True)
                last = line.rstrip("\n")
            if done.wait():
                raise SystemExit(f"The benchmark {name} ended with {done.returncode}: {last}")
    found: dict[str, object] = json.loads(last)
    return {key: value for key, value in found.items() if key not in {"bench", "machine"}}


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "processor": _processor(),
        "python": platform.python_version(),
        "system": platform.system(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
