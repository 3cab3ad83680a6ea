"""What the clients of the bench have in common: no Django here, so that each sets up its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from time import perf_counter


def serve(works: Mapping[str, Callable[[int], None]]) -> None:
    """Do what each line of the input says, and tell how long each took."""
    print("ready", flush=True)
    for line in sys.stdin:
        kind, first, count = line.split()
        seconds = []
        begin = perf_counter()
        for number in range(int(first), int(first) + int(count)):
            start = perf_counter()
            works[kind](number)
            seconds.append(perf_counter() - start)
        print(json.dumps({"begin": begin, "end": perf_counter(), "seconds": seconds}), flush=True)
