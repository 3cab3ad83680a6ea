"""docs/reference/rights.md: who may do and open what."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator
from importlib import import_module

from django.apps import apps

from zhen.kernel.access.api import ACTIONS, PERMISSIONS, ROLES, ActionSpec, Role, permissions_of
from zhen.kernel.cases.api import CASE_TYPES, SECRET, STEP, CaseType
from zhen.project.docs.tables import table
from zhen.project.rights.addresses import addresses
from zhen.project.rights.cases import Right, roles_of
from zhen.project.rights.cases import rights as of_cases
from zhen.project.rights.doors import Door, Way


def lines() -> Iterator[str]:
    yield "# Rights"
    yield ""
    yield "Written by `zhen docs`. Roles come to people through posts; a post's area and unit limit the rows that a"
    yield "role reaches. What lies outside them is missing (404); what no role of his allows is refused (403)."
    yield ""
    yield "## Roles"
    yield ""
    yield from table(
        ("role", "name", "reach", "duty"), ((role.id, str(role.name), role.reach, role.duty) for role in ROLES)
    )
    yield ""
    yield "## Permissions"
    yield ""
    yield from table(("permission", "what it allows", "care", "roles"), _permissions())
    yield ""
    yield "## Actions"
    yield ""
    yield "Whatever writes is an action: it asks for its permission, writes, and records an event in one transaction."
    yield ""
    yield from table(("action", "permission"), _actions())
    yield ""
    yield "## Cases"
    yield ""
    yield "What can be done to a case depends on its kind: each has a table of steps, and names the permissions that"
    yield "the engine's own actions ask for. A cell says how far the role reaches; out of its reach a case is missing"
    yield "(404), and where the cell is empty the action is refused (403)."
    for type_ in sorted(CASE_TYPES, key=lambda type_: type_.id):
        yield ""
        yield f"### {type_.name} ({type_.id})"
        yield ""
        yield from _of_cases(type_)
    yield ""
    yield "## Addresses"
    yield ""
    yield "Whoever is not signed in is asked to, where an address asks for more than anybody."
    yield ""
    yield from table(("address", "who enters"), ((f"/{one.route}", _who(one.door)) for one in addresses()))


def _permissions() -> Iterator[Iterable[str]]:
    for permission in sorted(PERMISSIONS, key=lambda permission: permission.id):
        care = ("elevation" if permission.elevated else "", "purpose" if permission.sensitive else "")
        holders = [role.id for role in ROLES if permission.id in permissions_of(role)]
        yield permission.id, str(permission.name), ", ".join(filter(None, care)), ", ".join(holders)


def import_actions() -> None:
    """Actions are known once their modules are imported; the pages import most of them, but not all."""
    for config in apps.get_app_configs():
        if config.name.startswith("zhen."):
            for found in pkgutil.walk_packages([config.path], f"{config.name}."):
                if "actions" in found.name.split(".") and "tests" not in found.name.split("."):
                    import_module(found.name)


def _actions() -> Iterator[Iterable[str]]:
    import_actions()
    for spec in sorted(ACTIONS.values(), key=lambda spec: spec.name):
        yield spec.name, _asked(spec)


def _asked(spec: ActionSpec) -> str:
    words = {SECRET: "whoever shows the number and the secret", STEP: "the permission of the step: see Cases"}
    power = f"the permission to {spec.asks} of the kind of case: see Cases" if spec.asks else ""
    asked = [spec.permission or "", words.get(spec.asks) or power]
    return ", and ".join(filter(None, asked)) or "everybody, on what is his own"


def _of_cases(type_: CaseType) -> Iterator[str]:
    roles = roles_of(type_)
    head = ("action", "from", "to", "permission", "besides", *(role.id for role in roles))
    yield from table(head, (_row(type_, right, roles) for right in of_cases(type_)))


def _row(type_: CaseType, right: Right, roles: Iterable[Role]) -> Iterable[str]:
    step = right.step
    yield right.id
    yield ", ".join(state.id for state in type_.states if step is not None and state.id in step.before)
    yield (step.after or "") if step is not None else ""
    yield right.permission
    yield right.besides
    yield from (right.scope(role.id) for role in roles)


def _who(door: Door | None) -> str:
    if door is None:
        return "**nobody has said**"
    return {Way.PERMISSION: f"`{door.permission}`", Way.OTHERWISE: door.note}.get(door.way, door.way.value)
