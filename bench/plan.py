"""Reading a plan: how long the grammar takes for 30,000 characters (limit: one second)."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from bench.harness import figures, percentile, timed
from zhen.kernel.plan.grammar import parse

CHARACTERS = 30_000
LIMIT_S = 1.0


def run(options: Mapping[str, object]) -> dict[str, float]:
    sample = (files("zhen.project.demo") / "data" / "plan-2020.txt").read_text(encoding="utf-8")
    text = (sample * (CHARACTERS // len(sample) + 1))[:CHARACTERS]
    plan = parse(text)
    print(f"{len(text)} characters, {len(plan.measures)} measures, {len(plan.targets)} quantified targets", flush=True)
    seconds = timed(lambda: parse(text), runs=3 if options["small"] else 30, warm=1)
    return {
        **figures("parse", seconds),
        "characters": len(text),
        "ratio_to_limit": round(percentile(seconds, 0.50) / LIMIT_S, 3),
    }
