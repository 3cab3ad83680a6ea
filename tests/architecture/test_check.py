"""`zhen check` finds each planted fault and says it in one clear line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.architecture.planted import MIGRATION, plant, zhen_check

THING = """
from typing import ClassVar
from django.db import models
from zhen.kernel.access.api import Rule

class Thing(models.Model):
    access_rule: ClassVar = Rule()
"""
LINK = (
    THING
    + """
    whole = models.ForeignKey("planted_whole.Thing", models.CASCADE)
"""
)
KEEPER = (
    THING
    + """
    user = models.ForeignKey("identity.User", models.CASCADE)
    privacy: ClassVar = Privacy(
        purpose="planted", basis=Basis.CONSENT, retention=None, accounts=("user_id",), personal=("user",)
    )
"""
)
KEEPER = KEEPER.replace("from django", "from zhen.kernel.lib.privacy import Basis, Privacy\nfrom django")
OPEN = THING.replace("access_rule: ClassVar = Rule()", "pass")
FK = '("{name}", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to={to}))'

EXPECTED: Mapping[str, list[str]] = {
    "planted_whole": [],
    "planted_twice": [
        "planted_twice: event kind planted_twice.done: duplicate id, first declared by planted_twice. "
        "Rename one of the two."
    ],
    "planted_stuck": [
        "planted_stuck: state machine planted_stuck.lamp: the state broken cannot be reached from off. "
        "Add a transition to it or remove it."
    ],
    "planted_friend": [
        "planted_friend.rules: imports planted_whole.models.Thing of the pack planted_whole. "
        "Packs meet in the kernel only: through cases, events, indicators and places."
    ],
    "planted_silent": [
        "planted_silent: “Never translated”: has no Chinese translation. Run `zhen messages --write` and fill it in."
    ],
    "planted_link": [
        "planted_link: model Thing: the field whole points to planted_whole.Thing, which is of another pack. "
        "Point to a model of the kernel, or let the two meet through events."
    ],
    "planted_keeper": [
        "planted_keeper: model Thing: no retention is declared. "
        "Say how long after which event the row goes (PIPL, article 19)."
    ],
    "planted_open": [
        "planted_open: model Thing: has no access_rule. "
        "Say with access_rule: ClassVar = Rule(…) how its rows relate to a post."
    ],
    "planted_late": ["planted_late: migrations: are missing: Create model Thing. Run `zhen makemigrations`."],
    "planted_mute": ["planted_mute: has no documentation. Say in README.md what the pack is for and how to use it."],
    "planted_plain": [
        "planted_plain: event kind planted_plain.done: the text “did it” cannot be translated. "
        "Wrap it in gettext_lazy: _(…)."
    ],
}
DECLARATION_FAULTS = ("planted_twice", "planted_stuck")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, list[str]]]:
    """Exit code and lines for each planted pack. Faulty declarations stop the start, so they get a run of their own."""
    root = tmp_path_factory.mktemp("planted")
    plant_all(root)
    answers = {}
    for packs in (
        ("planted_whole", *DECLARATION_FAULTS),
        [name for name in EXPECTED if name not in DECLARATION_FAULTS],
    ):
        code, lines = zhen_check(root, packs)
        answers.update({name: (code, [line for line in lines if line.startswith(name)]) for name in packs})
    return answers


def plant_all(root: Path) -> None:
    thing = MIGRATION.format(model="Thing", dependencies="", fields="")
    plant(root, "planted_whole", models=THING, migration=thing)
    kind = 'EventKind(id="{id}", text=_("Planted"))'
    journal = "from zhen.kernel.journal.api import EventKind"
    twice = ", ".join([kind.format(id="planted_twice.done")] * 2)
    plant(root, "planted_twice", imports=journal, fields=f", event_kinds=({twice})")
    plant(
        root,
        "planted_stuck",
        imports="from zhen.kernel.lib.states import Machine",
        fields=', machines=(Machine(id="planted_stuck.lamp", name=_("Planted"), initial="off", transitions='
        '{"off": frozenset({"on"}), "on": frozenset({"off"}), "broken": frozenset({"off"})}),)',
    )
    plant(root, "planted_friend", rules="from planted_whole.models import Thing\n")
    plant(root, "planted_silent", rules='from django.utils.translation import gettext as _\n_("Never translated")\n')
    to_whole = FK.format(name="whole", to='"planted_whole.thing"')
    link = MIGRATION.format(model="Thing", dependencies='("planted_whole", "0001_initial")', fields=to_whole)
    plant(root, "planted_link", models=LINK, migration=link)
    user = MIGRATION.format(
        model="Thing",
        dependencies="migrations.swappable_dependency(settings.AUTH_USER_MODEL)",
        fields=FK.format(name="user", to="settings.AUTH_USER_MODEL"),
    )
    plant(root, "planted_keeper", models=KEEPER, migration=user)
    plant(root, "planted_open", models=OPEN, migration=thing)
    plant(root, "planted_late", models=THING, migration=thing)
    (root / "planted_late" / "migrations" / "0001_initial.py").unlink()
    plant(root, "planted_mute")
    (root / "planted_mute" / "README.md").unlink()
    plant(
        root,
        "planted_plain",
        imports=journal,
        fields=', event_kinds=(EventKind(id="planted_plain.done", text="did it"),)',
    )


@pytest.mark.parametrize("pack", EXPECTED)
def test_a_planted_fault_is_exactly_one_line(pack: str, found: dict[str, tuple[int, list[str]]]) -> None:
    code, lines = found[pack]
    assert code == 1
    assert lines == EXPECTED[pack]


def test_a_faulty_declaration_stops_every_command_with_the_same_line(tmp_path: Path) -> None:
    plant_all(tmp_path)
    zhen_check(tmp_path, ["planted_twice"])
    done = subprocess.run(
        (sys.executable, "-m", "zhen.project.cli", "shell", "-c", "print('started')"),
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "planted_settings", "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == EXPECTED["planted_twice"]
