"""What can happen to users, units and posts, as the journal tells it."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.journal.api import EventKind

EVENT_KINDS = (
    EventKind(id="identity.signed_in", text=_("{who} signed in ({method}) from {address}")),
    EventKind(id="identity.signed_out", text=_("{who} signed out ({reason})")),
    EventKind(id="identity.sign_in_failed", text=_("a sign-in failed ({method}) from {address}: {who}")),
    EventKind(id="identity.locked_out", text=_("sign-in was locked after too many failures from {address}: {who}")),
    EventKind(id="identity.password_changed", text=_("{who} changed the password")),
    EventKind(id="identity.second_factor_added", text=_("{who} added a second factor ({kind})")),
    EventKind(id="identity.second_factor_removed", text=_("{who} removed a second factor ({kind})")),
    EventKind(id="identity.second_factor_renewed", text=_("{who} renewed a second factor ({kind})")),
    EventKind(id="identity.second_factors_reset", text=_("removed the {count} second factors of {who}: {reason}")),
    EventKind(id="identity.provider_linked", text=_("{who} was linked to an account of {provider}")),
    EventKind(id="identity.user_invited", text=_("created the account of {who} and a one-time link")),
    EventKind(id="identity.machine_added", text=_("created the machine account {who}")),
    EventKind(id="identity.invitation_renewed", text=_("made a new one-time link for {who}")),
    EventKind(id="identity.invitation_accepted", text=_("{who} opened the one-time link and chose a password")),
    EventKind(id="identity.user_edited", text=_("changed the account of {who}: {fields}")),
    EventKind(id="identity.user_deactivated", text=_("deactivated the account of {who}: {reason}")),
    EventKind(id="identity.user_reactivated", text=_("reactivated the account of {who}: {reason}")),
    EventKind(id="identity.sessions_ended", text=_("ended {count} sessions of {who}: {reason}")),
    EventKind(id="identity.unit_created", text=_("created the unit {unit}")),
    EventKind(id="identity.unit_edited", text=_("changed the unit {unit}: {fields}")),
    EventKind(id="identity.unit_moved", text=_("moved {unit} under {parent} from {day}")),
    EventKind(id="identity.unit_closed", text=_("closed {unit} on {day}")),
    EventKind(id="identity.post_given", text=_("gave {who} the role {role} in {unit} from {day}")),
    EventKind(id="identity.post_ended", text=_("ended the role {role} of {who} in {unit} on {day}: {reason}")),
    EventKind(id="identity.post_withdrawn", text=_("withdrew the role {role} of {who} in {unit}: {reason}")),
    EventKind(
        id="identity.post_deputised", text=_("made {who} the deputy of {principal} in {unit} from {day} to {end}")
    ),
    EventKind(id="identity.handed_over", text=_("handed over {count} posts of {who} to {successor} on {day}")),
    EventKind(id="identity.elevation_started", text=_("started an elevation of {minutes} minutes: {reason}")),
    EventKind(id="identity.elevation_ended", text=_("ended an elevation of {who}")),
    EventKind(id="identity.token_issued", text=_("issued the token {token} to {who} until {day}")),
    EventKind(id="identity.token_revoked", text=_("revoked the token {token} of {who}")),
)
