"""The addresses below /api/orders/: SENDER is the system that sends, such as `hotline`.

PUT takes an order, however often it is sent. The key is a token of a machine account; CSRF does not apply, since
only a key gives rights here, never a cookie.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, NinjaAPI, Query, Schema, Status
from pydantic import AwareDatetime

from zhen.gateways.hotline import problems
from zhen.kernel.access.api import Actor, ActorKind, Denied
from zhen.kernel.cases.api import CASE_TYPES, Order, Taken, answer, closed_since, take_order
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing

api = NinjaAPI(
    title="Zhen: work orders",
    version="1.0.0",
    description="Orders of the 12345 hotline and the like come in here; their answers go out.",
    urls_namespace="orders",
    docs_url=None,
)
problems.install(api)


class Point(Schema):
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)


class OrderIn(Schema):
    """An order. `answer_days`: 1, 5 or 15 working days. `class_code` and `area_code` are the town's own codes."""

    title: str = Field(min_length=1, max_length=200)
    text: str = Field(default="", max_length=5000)
    answer_days: int = 15
    class_code: str = Field(default="", max_length=20)
    area_code: str = Field(default="", max_length=40)
    address: str = Field(default="", max_length=200)
    point: Point | None = None
    name: str = Field(default="", max_length=100)
    phone: str = Field(default="", max_length=30)
    urgent: bool = False
    received_at: AwareDatetime | None = None


class OrderOut(Schema):
    ref: str
    number: str
    state: str
    open: bool
    taken: str = ""
    due_at: datetime | None = None


class Problem(Schema):
    title: str
    status: int
    detail: str = ""


FAULTS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


@api.put("/{sender}/{ref}", response={200: OrderOut, 201: OrderOut, **FAULTS}, url_name="order")
def put_order(request: HttpRequest, sender: str, ref: str, given: OrderIn) -> Status[dict[str, Any]]:
    """Take an order: 201 where it is new, 200 where it is known; `taken` says whether that changed anything."""
    actor = _holder(request, sender)
    if len(ref) > 100 or "\x00" in ref:
        raise Missing(ref)
    now = clock.now()
    if given.received_at is not None and given.received_at > now:
        raise Refused(
            field="received_at", value=given.received_at, reason=_("it lies in the future"),
            remedy=_("Send the moment at which it was received, with its offset"),
        )  # fmt: skip
    values = given.dict()
    point = given.point
    order = Order(ref=ref, **{**values, "point": (point.lon, point.lat) if point else None})
    case, taken = take_order(actor, sender, order)
    body = {
        "ref": ref,
        "number": case.number,
        "state": case.state,
        "open": case.open,
        "taken": taken.value,
        "due_at": case.due_at,
    }
    return Status(201 if taken is Taken.CREATED else 200, body)


@api.get("/{sender}/{ref}", response={200: OrderOut, **FAULTS}, url_name="order_state")
def get_order(request: HttpRequest, sender: str, ref: str) -> dict[str, Any]:
    """Where an order stands."""
    case = answer(_holder(request, sender), sender, ref).case
    return {"ref": ref, "number": case.number, "state": case.state, "open": case.open, "due_at": case.due_at}


@api.get("/{sender}/{ref}/answer", response={200: dict[str, Any], **FAULTS}, url_name="order_answer")
def get_answer(request: HttpRequest, sender: str, ref: str) -> dict[str, Any]:
    """The answer in the sender's form; `complete` once the case is closed and the answer is written."""
    return answer(_holder(request, sender), sender, ref).as_json()


class Since(Schema):
    """`after`: the number of the last order that was got, for orders closed at the same moment."""

    closed_since: AwareDatetime
    after: str = Field(default="", max_length=40)


@api.get("/{sender}", response={200: dict[str, Any], **FAULTS}, url_name="order_answers")
def get_answers(request: HttpRequest, sender: str, asked: Query[Since]) -> dict[str, Any]:
    """Answers to orders closed since a moment, oldest first, at most 200."""
    actor = _holder(request, sender)
    return {"answers": [one.as_json() for one in closed_since(actor, sender, asked.closed_since, asked.after)]}


def _holder(request: HttpRequest, sender: str) -> Actor:
    """Whoever holds the key: web's middleware has read it. A sender that no kind of case names is not there."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by web's ActorMiddleware
    if actor.kind is not ActorKind.TOKEN:
        raise problems.NoKey
    type_ = next((type_ for type_ in CASE_TYPES if sender in type_.orders_from), None)
    if type_ is None:
        raise Missing(sender)
    if not actor.may(type_.powers.view):
        raise Denied(type_.powers.view, actor)
    return actor
