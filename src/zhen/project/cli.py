"""`zhen`: commands of our own first, then Django's management commands."""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhen.project.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["zhen", *sys.argv[1:]])


if __name__ == "__main__":
    main()
