"""What a person reads while the town starts and runs: one line per event."""

import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO


@dataclass(kw_only=True)
class Console:
    """Lines to the terminal, and the same lines with their dates to a file."""

    stream: TextIO = field(default_factory=lambda: sys.stdout)
    file: Path | None = None
    started: float = field(default_factory=time.monotonic)

    def say(self, text: str = "") -> None:
        """A line of running text."""
        self._write(text)

    def event(self, name: str, text: str) -> None:
        """Something happened to one process."""
        self._write(f"  {name:<11} {text}")

    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self.started

    def _write(self, text: str) -> None:
        # Nobody may be reading any more: a closed terminal must not stop the town.
        for write in (self._to_stream, self._to_file):
            try:
                write(text)
            except OSError:
                continue

    def _to_stream(self, text: str) -> None:
        print(text, file=self.stream, flush=True)

    def _to_file(self, text: str) -> None:
        if self.file is not None and text.strip():
            moment = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
            with self.file.open("a", encoding="utf-8") as file:
                file.write(f"{moment} {text.rstrip()}\n")
