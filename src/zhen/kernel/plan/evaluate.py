"""How well the grammar reads: its findings against lines annotated by hand. Pure scoring.

A finding hits a gold line when their numbers overlap and value, unit and comparator agree. Gold lines marked
`optional` count neither way. Owners are scored over pairs (task, owner) where the tasks' spans overlap.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .grammar import assignment_as_line, parse, target_as_line

Line = Mapping[str, Any]


def evaluate_targets(
    found: Sequence[Line], gold: Sequence[Line], region: tuple[int, int] | None = None
) -> dict[str, Any]:
    """Precision, recall and F1 of found targets, with the misses and the false alarms.

    Findings outside the region, which the annotator did not read, do not count.
    """
    inside = [f for f in found if region is None or (f["num_start"] < region[1] and region[0] < f["num_end"])]
    wanted = [g for g in gold if region is None or (g["num_start"] < region[1] and region[0] < g["num_end"])]
    firm = [g for g in wanted if not g.get("optional")]
    free = [g for g in wanted if g.get("optional")]
    open_gold = list(firm)
    false_alarms: list[Line] = []
    hits = optional = 0
    for finding in inside:
        match = next((g for g in open_gold if _overlap(finding, g, "num_") and _agree(finding, g)), None)
        if match is not None:
            open_gold.remove(match)
            hits += 1
        elif any(_overlap(finding, g, "num_") for g in free):
            optional += 1
        else:
            false_alarms.append(finding)
    result: dict[str, Any] = _scores(hits, hits + len(false_alarms), hits + len(open_gold))
    return result | {
        "optional_found": optional,
        "optional": len(free),
        "misses": open_gold,
        "false_alarms": false_alarms,
    }


def evaluate_owners(found: Sequence[Line], gold: Sequence[Line]) -> dict[str, Any]:
    """Precision, recall and F1 over (task, owner) pairs, and how many roles agree among the hits.

    A found assignment belongs to the gold task that it overlaps most; one that overlaps none brings
    false alarms. Owners may be plain names or objects with name, role and generic.
    """
    claimed: list[list[tuple[str, str | None]]] = [[] for _ in gold]
    strays: list[dict[str, Any]] = []
    for line in found:
        at = max(range(len(gold)), key=lambda i: _shared(line, gold[i]), default=-1)
        owners = _owners(line)
        if at < 0 or _shared(line, gold[at]) <= 0:
            strays.extend({"start": line["start"], "owner": name} for name, _ in owners)
        else:
            claimed[at].extend(owner for owner in owners if owner[0] not in [n for n, _ in claimed[at]])
    hits = wanted = roles = roles_known = 0
    misses: list[dict[str, Any]] = []
    false_alarms = strays
    for line, owners in zip(gold, claimed, strict=True):
        have = dict(owners)
        want = dict(_owners(line))
        wanted += len(want)
        for name, role in want.items():
            if name not in have:
                misses.append({"start": line["start"], "owner": name})
                continue
            hits += 1
            if role is not None:
                roles_known += 1
                roles += role == have[name]
        false_alarms.extend({"start": line["start"], "owner": name} for name in have if name not in want)
    result: dict[str, Any] = _scores(hits, hits + len(false_alarms), wanted)
    accuracy = roles / roles_known if roles_known else None
    return result | {"role_accuracy": accuracy, "misses": misses, "false_alarms": false_alarms}


def evaluate_files(
    doc: Path | str, gold: Path | str, region: tuple[int, int] | None = None, tasks: bool = False
) -> dict[str, Any]:
    """Score the grammar on a document against a file of gold lines; `tasks` scores owners, not targets."""
    text = _read(Path(doc))
    lines = [json.loads(line) for line in _read(Path(gold)).splitlines() if line.strip()]
    plan = parse(text)
    if tasks:
        assigned = [assignment_as_line(a) for a in plan.assignments]
        if region is not None:
            assigned = [a for a in assigned if a["start"] < region[1] and region[0] < a["end"]]
            lines = [g for g in lines if g["start"] < region[1] and region[0] < g["end"]]
        return evaluate_owners(assigned, lines)
    return evaluate_targets([target_as_line(t) for t in plan.targets], lines, region)


def _read(path: Path) -> str:
    # newline="" keeps offsets: a translated line end would shift every one after it
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _scores(hits: int, found: int, wanted: int) -> dict[str, Any]:
    precision = hits / found if found else 1.0
    recall = hits / wanted if wanted else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": precision, "recall": recall, "f1": f1, "hits": hits, "found": found, "gold": wanted}


def _overlap(a: Line, b: Line, prefix: str = "") -> bool:
    return bool(a[f"{prefix}start"] < b[f"{prefix}end"] and b[f"{prefix}start"] < a[f"{prefix}end"])


def _shared(a: Line, b: Line) -> int:
    return int(min(a["end"], b["end"]) - max(a["start"], b["start"]))


def _agree(a: Line, b: Line) -> bool:
    return _values(a["value"]) == _values(b["value"]) and a["unit"] == b["unit"] and a["comparator"] == b["comparator"]


def _values(value: Any) -> tuple[float, ...]:
    """5, 5.0, "5", [4.5, 5] as comparable numbers."""
    parts = value if isinstance(value, list | tuple) else [value]
    return tuple(round(float(part), 9) for part in parts)


def _owners(line: Line) -> list[tuple[str, str | None]]:
    """The owners of a line once each, in order. Blanks inside a name are typesetting and fall away."""
    seen: dict[str, str | None] = {}
    for owner in line.get("owners") or ():
        name, role = (owner, None) if isinstance(owner, str) else (owner["name"], owner.get("role"))
        seen.setdefault("".join(str(name).split()), role)
    return list(seen.items())


def main(arguments: Sequence[str]) -> int:
    """`python -m zhen.kernel.plan.evaluate DOC GOLD [START:END] [--tasks]`, for work on the grammar."""
    tasks = "--tasks" in arguments
    plain = [a for a in arguments if not a.startswith("--")]
    region = None
    if len(plain) > 2:
        start, _, end = plain[2].partition(":")
        region = (int(start), int(end))
    result = evaluate_files(plain[0], plain[1], region, tasks)
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
