"""Lock every package with its hashes: `python tools/lock.py [--upgrade]`.

Without `--upgrade` what is locked stays, and only what pyproject.toml newly asks for is chosen.
No file names an index: it is the installing machine's business where packages come from.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMPILE = (
    *(sys.executable, "-m", "uv", "pip", "compile", "--quiet"),
    *("--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-emit-index-url", "--no-annotate", "--no-header"),
)

LOCKS = {
    "base": ("pyproject.toml",),
    "dev": ("pyproject.toml", "--group", "dev", "-c", "requirements/base.txt"),
    "setup": ("--group", "setup", "-c", "requirements/dev.txt"),
    "node": ("--group", "node"),
}


def main(options: list[str]) -> int:
    for name, sources in LOCKS.items():
        print(f"  requirements/{name}.txt", flush=True)
        command = (*COMPILE, *sources, "-o", f"requirements/{name}.txt", *options)
        if subprocess.run(command, cwd=ROOT).returncode != 0:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
