"""The case engine with the cases of three years, over HTTP: `zhen bench cases --cases 1000000`.

A town of its own with two web workers is filled twice: with a tenth of the cases, then with all. Each time four
clients read and write. The ratios say how much slower each reading is with ten times as many.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from time import perf_counter

from bench.cases import town as towns


def run(options: Mapping[str, object]) -> dict[str, float]:
    small = bool(options["small"])
    cases = int(str(options.get("cases") or (2_000 if small else 1_000_000)))
    reads, writes = (20, 40) if small else (200, 500)
    found: dict[str, float] = {}
    before: dict[str, float] = {}
    with towns.running() as town:
        loading = 0.0
        for number in (cases // 10, cases):
            start = perf_counter()
            town.python("bench.cases.loading", str(number))
            loading += perf_counter() - start
            town.settle()
            print(f"{number} cases", flush=True)
            measured = json.loads(town.python("bench.cases.serving", str(town.port), str(reads), str(writes)))
            if number != cases:
                before = measured
                found |= {f"tenth_{name}": value for name, value in measured.items()}
        found |= measured
        found["loading_s"] = round(loading, 1)
    for name, value in before.items():
        if name.endswith("_p50_ms"):
            found[f"ratio_{name.removesuffix('_p50_ms')}"] = round(found[name] / value, 2)
    return found
