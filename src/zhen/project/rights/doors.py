"""The doors of addresses that no page declares. A new address finds its line here, or the tests refuse it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Way(Enum):
    """How an address decides who enters. The text says so in docs/reference/rights.md."""

    ANYBODY = "anybody"
    SIGNED_IN = "whoever is signed in"
    PERMISSION = "whoever holds the permission"
    ROWS = "anybody; what is not public is missing without the right to it"
    POST = "only what a form sends; the action asks for its permission"
    OTHERWISE = "see there"


@dataclass(frozen=True, kw_only=True)
class Door:
    """`permission` goes with Way.PERMISSION, `note` with Way.OTHERWISE."""

    way: Way
    permission: str = ""
    note: str = ""


ANYBODY, SIGNED_IN, ROWS, POST = (Door(way=way) for way in (Way.ANYBODY, Way.SIGNED_IN, Way.ROWS, Way.POST))


def needs(permission: str) -> Door:
    return Door(way=Way.PERMISSION, permission=permission)


def otherwise(note: str) -> Door:
    return Door(way=Way.OTHERWISE, note=note)


HAND_MADE: Mapping[str, Door] = {
    "healthz": ANYBODY,
    # residents' reports, and what everybody may see of cases: zhen.web.reports
    "reports:near": ANYBODY,
    "reports:near_map": otherwise("anybody, for the part of the map that he looks at"),
    "reports:near_case": ROWS,
    "reports:figures": ANYBODY,
    "reports:new": ANYBODY,
    "reports:places": ANYBODY,
    "reports:here": POST,
    "reports:look": POST,
    "reports:follow": POST,
    "reports:track": otherwise("whoever shows the number and the secret"),
    "reports:say": otherwise("whoever has shown the number and the secret of his own report"),
    "reports:leave": POST,
    "reports:step": otherwise("whoever has shown the number and the secret"),
    # open contracting data: zhen.packs.finance.procurement.ocds
    "ocds:releases": ROWS,
    "ocds:records": ROWS,
    "ocds:releases_of": ROWS,
    "ocds:record_of": ROWS,
    # Open311: zhen.gateways.open311
    "open311_discovery": ANYBODY,
    "open311_services": ANYBODY,
    "open311_definition": ANYBODY,
    "open311_requests": otherwise("reading: anybody, what is public; sending: whoever has a key that may report"),
    "open311_request": ROWS,
    "open311_token": ROWS,
    "open311_media": ROWS,
    # devices: zhen.gateways.mqtt
    "device_credential": needs("telemetry.credential.manage"),
    "device_label": needs("telemetry.device.view"),
    "mqtt_claim": otherwise("whoever holds a claim code, once"),
    # signing in: zhen.web.signing_in, django-allauth
    "account_login": otherwise("whoever is not signed in yet"),
    "account_logout": otherwise("whoever is signed in; a confirmation first"),
    "account_inactive": ANYBODY,
    "account_signup": otherwise("nobody: accounts are given by administrators"),
    "demo_sign_in": POST,
    "account_invitation": otherwise("whoever holds the one-time link"),
    "account_email": SIGNED_IN,
    "account_reauthenticate": otherwise("whoever is signed in, and has a password"),
    "account_change_password": otherwise("whoever is signed in, and has a password"),
    "account_set_password": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_authenticate": otherwise("whoever is about to sign in"),
    "mfa_reauthenticate": otherwise("whoever is signed in, and has a second factor"),
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": otherwise("whoever is signed in, and has a second factor"),
    "mfa_view_recovery_codes": otherwise("whoever is signed in, and has a second factor"),
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": otherwise("whoever is signed in, and has a second factor"),
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": otherwise("whoever is signed in, and has a second factor"),
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_login_webauthn": otherwise("whoever is about to sign in"),
    "usersessions_list": SIGNED_IN,
    "account_elevation": otherwise("administrators whose role has something to elevate for"),
    "account_elevation_end": POST,
    "account_tokens": SIGNED_IN,
    "account_tokens_of": needs("identity.directory.read"),
    "account_token_revoke": POST,
    "account_invite": needs("identity.user.manage"),
    "account_renew_link": needs("identity.user.manage"),
    "socialaccount_login_cancelled": ANYBODY,
    "socialaccount_login_error": otherwise("whom the provider sends back with an error; it answers 401"),
    "openid_connect_login": otherwise("whoever wants to sign in, where a provider is set"),
    "openid_connect_callback": otherwise("whom the provider sends back"),
    # rounds
    "field:visit": needs("rounds.visit"),
    "rounds:record": needs("rounds.view"),
    "rounds:proof": otherwise("anybody, once the draw is published"),
    # the plan
    "plan:home": ANYBODY,
    "plan:document": ROWS,
    "plan:compare": ROWS,
    "plan:target": ROWS,
    "plan:measure": ROWS,
    "plan:publish": POST,
    "plan:freeze": POST,
    "plan:report": ROWS,
    "plan:report_docx": ROWS,
    "plan:report_pdf": ROWS,
    "plan:import": needs("plan.document.import"),
    "plan:new_series": needs("plan.series.import"),
    "plan:series": needs("plan.view"),
    "plan:decide_import": POST,
    "plan:review": needs("plan.finding.review"),
    "plan:decide": POST,
    "plan:undo": POST,
    "plan:add": needs("plan.finding.review"),
    "plan:edit": needs("plan.finding.review"),
    # the desk for cases
    "cases:inbox": otherwise("whoever may see cases of some kind; those in his reach"),
    "cases:new": otherwise("whoever may report cases of a kind that the public reports too"),
    "cases:new_look": POST,
    "cases:new_draft": POST,
    "cases:map": otherwise("whoever may see cases of some kind; those in his reach"),
    "cases:together": POST,
    "cases:together_do": POST,
    "cases:people": otherwise("whoever assigns cases of some kind"),
    "cases:handover": otherwise("whoever assigns cases of some kind; those in his reach"),
    "cases:case": SIGNED_IN,
    "cases:paper": SIGNED_IN,
    "cases:draft": POST,
    "cases:do": POST,
    "cases:suggestion": POST,
    "cases:repeat": POST,
    # the field
    "field:home": SIGNED_IN,
    "field:manifest": ANYBODY,
    "field:worker": ANYBODY,
    "field:offline": ANYBODY,
    "field:ready": otherwise("whoever is signed in; it answers 401 to others"),
    "field:report": otherwise("whoever may report cases of a kind that the public reports too"),
    "field:case": SIGNED_IN,
    "field:do": POST,
    "field:scan": SIGNED_IN,
    "field:at": SIGNED_IN,
    "field:label": SIGNED_IN,
    # OGC API – Features and vector tiles
    "ogc:landing": ANYBODY,
    "ogc:api-root": ANYBODY,
    "ogc:conformance": ANYBODY,
    "ogc:openapi": ANYBODY,
    "ogc:collections": ANYBODY,
    "ogc:collection": ANYBODY,
    "ogc:items": ROWS,
    "ogc:item": ROWS,
    "ogc:tilejson": ANYBODY,
    "ogc:tile": otherwise("anybody; a tile outside the town is empty, an impossible one is refused"),
    # work orders: zhen.gateways.hotline
    "orders:api-root": otherwise("nobody: nothing stands there; the addresses below it answer"),
    "orders:openapi-json": ANYBODY,
    "orders:order": otherwise("whoever has a key that may report and edit"),
    "orders:order_state": otherwise("whoever has a key that may see, for the orders in its reach"),
    "orders:order_answer": otherwise("whoever has a key that may see, for the orders in its reach"),
    "orders:order_answers": otherwise("whoever has a key that may see, for the orders in its reach"),
    # the faces
    "web:portal": ANYBODY,
    "web:desk": SIGNED_IN,
    "web:cockpit": needs("plan.view"),
    "web:cockpit_promises": otherwise("whoever holds plan.view, and where there is a plan"),
    "web:areas": ANYBODY,
    "web:style_guide": ANYBODY,
    "web:preferences": POST,
    "web:saved_filter": POST,
    "web:saved_filter_delete": POST,
    "web:draft": POST,
    "web:live": otherwise("whoever is signed in, for the topics of pages that he may open"),
    "web:search": SIGNED_IN,
    # files: whoever may read the record that a file is attached to gets a link of his own
    "web:upload": POST,
    "web:piece": otherwise("whoever is signed in, for what he sends himself; it answers 401 to others"),
    "web:file": ROWS,
    # what is held about me, as a file
    "web:my_data": SIGNED_IN,
    "web:disclosed_data": needs("parties.person.disclose"),
}
