"""What watches over rights: the table of roles, tokens and elevations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import PERMISSIONS, ROLES, Actor, Duty, Reach, permissions_of
from zhen.kernel.identity.actions.elevations import end_elevation
from zhen.kernel.identity.actions.posts import DUTIES
from zhen.kernel.identity.actions.tokens import revoke_token
from zhen.kernel.identity.models import Elevation, Token
from zhen.kernel.identity.pages.people import DIRECTORY, role_choices
from zhen.kernel.identity.queries import all_elevations, all_tokens
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Button, Chip, Choice, Column, Filter, Kind, ListPage, Params, Tone

Text = str | Promise

REACHES = {
    Reach.TOWN: _("the whole town"),
    Reach.AREA: _("the area of the post"),
    Reach.UNIT: _("the unit and those below it"),
    Reach.OWN: _("what is one's own"),
}


@dataclass(frozen=True, kw_only=True)
class Right:
    """One line of the table of roles and permissions."""

    role_id: str
    role: Text
    duty: Duty
    reach: Text
    permission: Text
    permission_id: str
    declared_by: str
    care: tuple[Chip, ...]

    @property
    def duty_name(self) -> Text:
        return DUTIES[self.duty]

    @property
    def chip(self) -> Chip | None:
        return self.care[0] if self.care else None


def rights(actor: Actor, _params: Params) -> list[Right]:
    actor.require(DIRECTORY)
    return [
        Right(
            role_id=role.id,
            role=role.name,
            duty=role.duty,
            reach=REACHES[role.reach],
            permission=PERMISSIONS[id].name,
            permission_id=id,
            declared_by=PERMISSIONS.owner_of(id),
            care=_care(id),
        )
        for role in ROLES
        for id in sorted(permissions_of(role))
    ]


def _care(id: str) -> tuple[Chip, ...]:
    declared = PERMISSIONS[id]
    if declared.elevated:
        return (Chip(text=_("with elevation only"), tone=Tone.BEHIND),)
    if declared.sensitive:
        return (Chip(text=_("each use is told to the journal"), tone=Tone.DUE_SOON),)
    return ()


def rights_of_role(rows: Sequence[Right], role: str) -> list[Right]:
    return [row for row in rows if row.role_id == role]


def rights_of_duty(rows: Sequence[Right], duty: str) -> list[Right]:
    return [row for row in rows if row.duty == duty]


def rights_named(rows: Sequence[Right], words: str) -> list[Right]:
    return [row for row in rows if words in str(row.permission) or words in row.permission_id]


def tokens(actor: Actor, _params: Params) -> QuerySet[Token]:
    return all_tokens(actor)


def token_state(row: Token) -> Chip:
    if row.revoked_at is not None:
        return Chip(text=_("revoked"))
    if row.expires_at <= clock.now():
        return Chip(text=_("ended"))
    return Chip(text=_("in force"), tone=Tone.ON_TRACK)


def revoke(actor: Actor, rows: Iterable[Token], _data: Any) -> None:
    for row in rows:
        if row.revoked_at is None:
            revoke_token(actor, row)


def elevations(actor: Actor, _params: Params) -> QuerySet[Elevation]:
    return all_elevations(actor)


def elevation_state(row: Elevation) -> Chip:
    if row.ended_at is not None or row.ends_at <= clock.now():
        return Chip(text=_("ended"))
    return Chip(text=_("in force"), tone=Tone.BEHIND)


def in_force(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Tokens and elevations that work now, or no longer."""
    now = clock.now()
    if rows.model is Token:
        condition = Q(revoked_at__isnull=True, expires_at__gt=now)
    else:
        condition = Q(ended_at__isnull=True, ends_at__gt=now)
    return rows.filter(condition if value == "yes" else ~condition)


def end(actor: Actor, rows: Iterable[Elevation], _data: Any) -> None:
    for row in rows:
        if row.ended_at is None:
            end_elevation(actor, row)


IN_FORCE = Filter(
    id="state",
    label=_("State"),
    apply=in_force,
    choices=(Choice(value="yes", label=_("in force")), Choice(value="no", label=_("ended"))),
)

OVERSIGHT = (
    ListPage(
        id="identity.roles",
        title=_("Roles and permissions"),
        menu=_("Roles"),
        icon="table-properties",
        order=840,
        permission=DIRECTORY,
        intro=_("Made from what the kernel and the packs declare; nobody keeps this list by hand."),
        rows=rights,
        columns=(
            Column(id="role", label=_("role"), value="role"),
            Column(id="duty", label=_("duty"), value="duty_name"),
            Column(id="reach", label=_("Reaches"), value="reach"),
            Column(id="permission", label=_("permission"), value="permission"),
            Column(id="care", label=_("Care"), value="chip", kind=Kind.CHIP),
            Column(id="declared_by", label=_("Declared by"), value="declared_by"),
        ),
        filters=(
            Filter(id="role", label=_("role"), apply=rights_of_role, choices=role_choices),
            Filter(
                id="duty",
                label=_("duty"),
                apply=rights_of_duty,
                choices=tuple(Choice(value=duty.value, label=name) for duty, name in DUTIES.items()),
            ),
        ),
        search=rights_named,
    ),
    ListPage(
        id="identity.tokens",
        title=_("Keys for programs"),
        menu=_("Keys for programs"),
        icon="key-round",
        order=850,
        permission="identity.token.manage",
        rows=tokens,
        columns=(
            Column(id="user", label=_("acts for"), value="user"),
            Column(id="name", label=_("name"), value="name"),
            Column(id="hint", label=_("begins with"), value="hint"),
            Column(id="scopes", label=_("permissions"), value=lambda row: "、".join(row.scopes)),
            Column(id="expires", label=_("expires at"), value="expires_at", kind=Kind.TIME, sort="expires_at"),
            Column(id="used", label=_("last used about"), value="used_at", kind=Kind.TIME, sort="used_at"),
            Column(id="state", label=_("State"), value=token_state, kind=Kind.CHIP),
        ),
        filters=(IN_FORCE,),
        bulk=(
            Button(
                id="revoke",
                label=_("Revoke"),
                permission="identity.token.manage",
                run=revoke,
                confirm=_("The {count} chosen keys stop working at once."),
            ),
        ),
        empty=_("No program has a key."),
    ),
    ListPage(
        id="identity.elevations",
        title=_("Elevations"),
        menu=_("Elevations"),
        icon="shield-alert",
        order=860,
        permission="identity.session.manage",
        rows=elevations,
        columns=(
            Column(id="who", label=_("person"), value="user", sort="user__name_key"),
            Column(id="reason", label=_("Reason"), value="reason"),
            Column(id="from", label=_("started at"), value="started_at", kind=Kind.TIME, sort="started_at"),
            Column(id="to", label=_("ends at"), value="ends_at", kind=Kind.TIME),
            Column(id="state", label=_("State"), value=elevation_state, kind=Kind.CHIP),
        ),
        filters=(IN_FORCE,),
        bulk=(
            Button(
                id="end",
                label=_("End now"),
                permission="identity.session.manage",
                run=end,
                confirm=_("The {count} chosen elevations end at once."),
            ),
        ),
        empty=_("No administrator has elevated rights, or ever had."),
    ),
)
