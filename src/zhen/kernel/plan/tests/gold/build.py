"""Derive the fixtures of this folder from annotations made by hand: offsets and values, no foreign text.

    python build.py ANNOTATIONS_FOLDER DOCUMENTS_FOLDER

ANNOTATIONS_FOLDER has NAME.jsonl and NAME.region; DOCUMENTS_FOLDER has 2026_NAME.txt.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

KEPT = ("start", "end", "num_start", "num_end", "comparator", "value", "unit", "kind", "deadline", "optional")


def main(annotations: Path, documents: Path) -> None:
    here = Path(__file__).parent
    for source in sorted(annotations.glob("*.jsonl")):
        document = documents / f"2026_{source.stem}.txt"
        start, _, end = (annotations / f"{source.stem}.region").read_text(encoding="utf-8").strip().partition(":")
        lines = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
        fixture = {
            "document": document.name,
            "sha256": hashlib.sha256(document.read_bytes()).hexdigest(),
            "region": [int(start), int(end)],
            "targets": [{key: line[key] for key in KEPT if key in line} for line in lines],
        }
        body = json.dumps(fixture, ensure_ascii=False, indent=None, separators=(",", ":"))
        (here / f"{source.stem}.json").write_text(body.replace('{"start"', '\n{"start"') + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
