"""What other modules may import of identity."""

from zhen.kernel.identity.actions.elevations import end_elevation, may_elevate, start_elevation
from zhen.kernel.identity.actions.posts import deputise, end_post, give_post, hand_over
from zhen.kernel.identity.actions.tokens import issue_token, revoke_token
from zhen.kernel.identity.actions.units import close_unit, create_unit, edit_unit, move_unit
from zhen.kernel.identity.actions.users import (
    accept_invitation,
    add_machine,
    deactivate,
    edit_user,
    end_sessions,
    invite,
    open_invitation,
    reactivate,
    renew_invitation,
    reset_second_factors,
)
from zhen.kernel.identity.models import Elevation, Invitation, Placement, Post, Token, Unit, User
from zhen.kernel.identity.queries import (
    actor_for,
    actor_of_token,
    elevation_in,
    held_on,
    is_administrator,
    open_units,
    own_posts,
    people,
    person,
    posts_on,
    token,
    tokens_of,
    units_below,
)
from zhen.kernel.identity.rates import within
from zhen.kernel.identity.sealing import seal, unseal
from zhen.kernel.identity.sessions import confirm_second_factor, has_second_factor, touch

__all__ = [
    "Elevation",
    "Invitation",
    "Placement",
    "Post",
    "Token",
    "Unit",
    "User",
    "accept_invitation",
    "actor_for",
    "actor_of_token",
    "add_machine",
    "close_unit",
    "confirm_second_factor",
    "create_unit",
    "deactivate",
    "deputise",
    "edit_unit",
    "edit_user",
    "elevation_in",
    "end_elevation",
    "end_post",
    "end_sessions",
    "give_post",
    "hand_over",
    "has_second_factor",
    "held_on",
    "invite",
    "is_administrator",
    "issue_token",
    "may_elevate",
    "move_unit",
    "open_invitation",
    "open_units",
    "own_posts",
    "people",
    "person",
    "posts_on",
    "reactivate",
    "renew_invitation",
    "reset_second_factors",
    "revoke_token",
    "seal",
    "start_elevation",
    "token",
    "tokens_of",
    "touch",
    "units_below",
    "unseal",
    "within",
]
