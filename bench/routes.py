"""Routes: the order of generated days of visits, against the best that OR-Tools finds; both in one run.

Options: --days 10, --visits 40, --seconds 60 (for OR-Tools, each day). Without OR-Tools only our own is measured, and
`skipped` says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from random import Random
from time import perf_counter
from typing import Any

from bench.harness import figures
from zhen.kernel.rounds.rules.routing import Distances, distances, length, order

WEST, SOUTH, WIDE = 121.36, 31.22, 0.03
"""A quarter of a town, some three kilometres wide: what one person walks and rides."""
EXACT = 10
"""Decimetres: OR-Tools counts in whole numbers."""


def run(options: Mapping[str, object]) -> dict[str, object]:
    small = bool(options["small"])
    days = int(str(options.get("days", 3 if small else 10)))
    visits = int(str(options.get("visits", 40)))
    seconds = int(str(options.get("seconds", 2 if small else 60)))
    grounds = [a_day(seed, visits) for seed in range(days)]
    spent, ours = [], []
    for far in grounds:
        start = perf_counter()
        way = order(far)
        spent.append(perf_counter() - start)
        ours.append(length(way, far))
    found: dict[str, object] = {
        **figures("day_order", spent),
        "day_order_longest_s": round(max(spent), 3),
        "day_metres": round(sum(ours) / days),
    }
    try:
        best = [length(best_of(far, seconds), far) for far in grounds]
    except ImportError:
        return found | {"skipped": "OR-Tools is not installed: pip install ortools"}
    ratios = [our / its for our, its in zip(ours, best, strict=True)]
    for number, ratio in enumerate(ratios, 1):
        print(f"day {number}: {ours[number - 1]:.0f} m, OR-Tools {best[number - 1]:.0f} m, {ratio:.4f}")
    return found | {
        "or_tools_seconds": seconds,
        "or_tools_metres": round(sum(best) / days),
        "ratio_total": round(sum(ours) / sum(best), 4),
        "ratio_worst_day": round(max(ratios), 4),
        "ratios": [round(ratio, 4) for ratio in ratios],
    }


def a_day(seed: int, visits: int) -> Distances:
    """Where the day begins, and so many visits."""
    chance = Random(seed)
    return distances([(WEST + chance.random() * WIDE, SOUTH + chance.random() * WIDE) for _place in range(visits + 1)])


def best_of(far: Distances, seconds: int) -> list[int]:
    """OR-Tools' way from the first point past all others: guided local search for so many seconds.

    The way ends anywhere: going home costs nothing.
    """
    solver: Any = import_module("ortools.constraint_solver.pywrapcp")
    names: Any = import_module("ortools.constraint_solver.routing_enums_pb2")
    whole = (far * EXACT).round().astype(int)
    whole[:, 0] = 0
    manager = solver.RoutingIndexManager(len(far), 1, 0)
    model = solver.RoutingModel(manager)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(whole.tolist()))
    wanted = solver.DefaultRoutingSearchParameters()
    wanted.first_solution_strategy = names.FirstSolutionStrategy.PATH_CHEAPEST_ARC
    wanted.local_search_metaheuristic = names.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    wanted.time_limit.FromSeconds(seconds)
    solution = model.SolveWithParameters(wanted)
    way, at = [], model.Start(0)
    while not model.IsEnd(at):
        way.append(manager.IndexToNode(at))
        at = solution.Value(model.NextVar(at))
    return way
