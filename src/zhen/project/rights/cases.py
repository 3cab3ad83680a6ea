"""Every action on cases × every role × how far it reaches, from the tables of the case types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from zhen.kernel.access.api import ACTIONS, ROLES, ActionSpec, Reach, Role, permissions_of
from zhen.kernel.cases.api import By, CaseType, Powers, Transition

SCOPES = {Reach.TOWN: "all", Reach.AREA: "own area", Reach.UNIT: "own unit", Reach.OWN: "own"}
BESIDES = {
    By.ANY: "",
    By.UNIT: "the unit that has it",
    By.PERSON: "whom it is assigned to",
    By.OTHER: "not whoever handled it",
    By.REPORTER: "who reported it, with number and secret",
    By.SYSTEM: "only Zhen itself",
}
NOBODY = frozenset({By.REPORTER, By.SYSTEM})
POWERS = frozenset(field.name for field in fields(Powers))


CREATE = "create"
PUBLIC = "everybody may report"


@dataclass(frozen=True, kw_only=True)
class Right:
    """One thing that can be done to cases of a type: `id` is a step's or a function's name, `reach` is by role.

    `besides` says in words who may, beyond his role.
    """

    id: str
    permission: str
    reach: Mapping[str, Reach]
    besides: str = ""
    step: Transition | None = None

    def scope(self, role: str) -> str:
        """The cell of the table: how far the role reaches with it, empty where it does not."""
        reach = self.reach.get(role)
        return SCOPES[reach] if reach is not None else ""


def rights(type_: CaseType) -> Iterator[Right]:
    """The steps in the order of the table, then the engine's own actions."""
    for step in type_.transitions:
        yield Right(
            id=step.id,
            permission=step.permission,
            reach=_reach_of_step(step),
            besides=BESIDES[step.by],
            step=step,
        )
    for spec in sorted(ACTIONS.values(), key=lambda spec: spec.name):
        if spec.asks in POWERS:
            yield _of_engine(type_, spec)


def roles_of(type_: CaseType) -> list[Role]:
    """The roles that may do anything to cases of the type that not everybody may."""
    able = {role for right in rights(type_) if right.besides != PUBLIC for role in right.reach}
    return [role for role in ROLES if role.id in able]


def _of_engine(type_: CaseType, spec: ActionSpec) -> Right:
    """An action that asks for a permission of its own as well is for those who hold both."""
    permission, name = str(getattr(type_.powers, spec.asks)), spec.name.rsplit(".", 1)[-1]
    if spec.asks != CREATE:
        also = spec.permission
        able = [role for role in _holders(permission) if also is None or also in permissions_of(role)]
        besides = f"with {also}" if also else ""
        return Right(id=name, permission=permission, reach={role.id: role.reach for role in able}, besides=besides)
    # there is no case yet that could lie out of reach
    able = list(ROLES) if type_.public_intake else _holders(permission)
    besides = PUBLIC if type_.public_intake else ""
    return Right(id=name, permission=permission, reach={role.id: Reach.TOWN for role in able}, besides=besides)


def _reach_of_step(step: Transition) -> dict[str, Reach]:
    if step.by in NOBODY:
        return {}
    return {role.id: Reach.UNIT if step.by is By.UNIT else role.reach for role in _holders(step.permission)}


def _holders(permission: str) -> list[Role]:
    return [role for role in ROLES if permission in permissions_of(role)]
