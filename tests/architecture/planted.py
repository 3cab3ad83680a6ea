"""Small packs with one fault each, written to disk for `zhen check` to find."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PACK = """
from django.utils.translation import gettext_lazy as _
from zhen.kernel.packs.api import Pack
{imports}
PACK = Pack(id="{name}", name=_("Planted"){fields})
"""
CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8"

msgid "Planted"
msgstr "栽种"
"""
MIGRATION = """
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

class Migration(migrations.Migration):
    initial = True
    dependencies = [{dependencies}]
    operations = [
        migrations.CreateModel(
            name="{model}",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                {fields}
            ],
        ),
    ]
"""
SETTINGS = """
from zhen.project.settings import *
from zhen.project.settings import INSTALLED_APPS
ZHEN_PACKS = {packs!r}
INSTALLED_APPS = [*INSTALLED_APPS, *ZHEN_PACKS]
"""


def plant(root: Path, name: str, *, imports: str = "", fields: str = "", **files: str) -> None:
    """Write a whole pack; `files` adds Python files: models="…" is models.py, migrations="…" the first migration."""
    folder = root / name
    catalogue = folder / "locale" / "zh_Hans" / "LC_MESSAGES"
    catalogue.mkdir(parents=True)
    (catalogue / "django.po").write_text(CATALOGUE)
    (folder / "__init__.py").write_text("")
    (folder / "README.md").write_text("A planted pack.")
    (folder / "pack.py").write_text(PACK.format(name=name, imports=imports, fields=fields))
    migration = files.pop("migration", "")
    if migration:
        (folder / "migrations").mkdir()
        (folder / "migrations" / "__init__.py").write_text("")
        (folder / "migrations" / "0001_initial.py").write_text(migration)
    for file, text in files.items():
        (folder / f"{file}.py").write_text(text)


def zhen_check(root: Path, packs: Sequence[str]) -> tuple[int, list[str]]:
    """The exit code and the lines of `zhen check` with the planted packs."""
    (root / "planted_settings.py").write_text(SETTINGS.format(packs=tuple(packs)))
    done = subprocess.run(
        (sys.executable, "-m", "zhen.project.cli", "check"),
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "planted_settings", "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert not done.stderr or "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout.splitlines()
