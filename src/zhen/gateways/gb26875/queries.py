"""Reading transmission devices and what belongs to them."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from zhen.gateways.gb26875.actions import KEPT, VIEW
from zhen.gateways.gb26875.models import FoundPart, KeptFrame, Order, Terminal
from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.pages.api import Missing


def terminals(actor: Actor) -> QuerySet[Terminal]:
    """With their number of parts, and of those that are still to be placed."""
    rows = Terminal.objects.select_related("device__place", "device__unit").annotate(
        part_count=Count("parts"), to_place=Count("parts", filter=Q(parts__placed_at__isnull=True))
    )
    return restrict(actor, VIEW, rows)


def terminal(actor: Actor, key: str) -> Terminal:
    """A transmission device by the code of its device. Raises Missing."""
    found = terminals(actor).filter(device__code=key).first() if len(key) <= 64 and "\x00" not in key else None
    if found is None:
        raise Missing(f"transmission device {key}")
    return found


def parts(actor: Actor, of: Terminal | None = None) -> QuerySet[FoundPart]:
    rows = FoundPart.objects.select_related("device__place", "terminal__device")
    return restrict(actor, VIEW, rows.filter(terminal=of) if of else rows)


def part(actor: Actor, key: str) -> FoundPart:
    """A found part by the code of its device. Raises Missing."""
    found = parts(actor).filter(device__code=key).first() if len(key) <= 64 and "\x00" not in key else None
    if found is None:
        raise Missing(f"part {key}")
    return found


def orders(actor: Actor, of: Terminal) -> QuerySet[Order]:
    return restrict(actor, VIEW, Order.objects.filter(terminal=of).select_related("asked_by")).order_by("-asked_at")


def kept(actor: Actor) -> QuerySet[KeptFrame]:
    return restrict(actor, KEPT, KeptFrame.objects.all()).order_by("-last_at")


def kept_frame(actor: Actor, key: str) -> KeptFrame:
    found = kept(actor).filter(pk=int(key)).first() if key.isdecimal() and len(key) < 18 else None
    if found is None:
        raise Missing(f"kept frame {key}")
    return found
