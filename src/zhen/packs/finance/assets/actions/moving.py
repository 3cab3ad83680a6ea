"""Transfers: one person hands an asset over, another takes it over."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance import duties
from zhen.packs.finance.assets import rights
from zhen.packs.finance.assets.actions.common import held, tell
from zhen.packs.finance.assets.models import Asset, Transfer
from zhen.packs.finance.assets.rules import State


@action(rights.MOVE)
def hand_over(actor: Actor, /, asset_id: int, **to: Any) -> Transfer:
    """Hand an asset over to a unit, a keeper or a place (`unit_id`, `keeper_id`, `place_id`, `spot`, `reason`)."""
    asset = held(actor, rights.MOVE, asset_id, State.IN_USE, State.BUILDING)
    if asset.transfers.filter(state=Transfer.State.ASKED).exists():
        raise Outdated(
            field=_("asset"),
            value=asset,
            reason=_("it is handed over already"),
            remedy=_("Wait until it is taken over, or have it refused"),
        )
    if to["keeper_id"] is not None and to["keeper_id"] == asset.made_by_id:
        raise Refused(
            field=_("new keeper"),
            value=asset,
            reason=_("who recorded an asset does not keep it"),
            remedy=_("Choose somebody else"),
        )
    if (to["unit_id"], to["keeper_id"], to["place_id"], to["spot"]) == (
        asset.unit_id, asset.keeper_id, asset.place_id, asset.spot,
    ):  # fmt: skip
        raise Refused(
            field=_("to the unit"), value=asset.unit, reason=_("it is there already"), remedy=_("Change something")
        )
    made = Transfer.objects.create(
        asset=asset,
        unit_before_id=asset.unit_id,
        keeper_before_id=asset.keeper_id,
        spot_before=asset.spot,
        asked_by_id=actor.user_id,
        asked_at=clock.now(),
        **to,
    )
    tell("asset_handed_over", actor, asset, made, unit=made.unit.name)
    return made


@action(rights.MOVE)
def take_over(actor: Actor, transfer_id: int, *, approve: bool) -> Transfer:
    """Take over what was handed over, or not. Who hands over does not take over."""
    rows = Transfer.objects.select_for_update(of=("self",)).select_related("unit")
    transfer = actionable(actor, rights.MOVE, rows).get(pk=transfer_id)
    if transfer.state != Transfer.State.ASKED:
        raise Outdated(
            field=_("transfer of an asset"),
            value=transfer,
            reason=_("it is decided on"),
            remedy=_("Look at it as it stands"),
        )
    duties.check(actor, "transfer.take", {"transfer.give": transfer.asked_by_id})
    asset = Asset.objects.select_for_update().get(pk=transfer.asset_id)
    transfer.state = Transfer.State.APPROVED if approve else Transfer.State.REFUSED
    transfer.decided_by_id, transfer.decided_at = actor.user_id, clock.now()
    transfer.save(update_fields=["state", "decided_by", "decided_at"])
    if approve:
        asset.unit_id, asset.keeper_id = transfer.unit_id, transfer.keeper_id
        asset.place_id, asset.spot = transfer.place_id, transfer.spot
        asset.save(update_fields=["unit", "keeper", "place", "spot"])
    kind = "asset_taken_over" if approve else "asset_not_taken_over"
    tell(kind, actor, asset, transfer, unit=transfer.unit.name)
    return transfer
