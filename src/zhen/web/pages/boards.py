"""BoardPage: columns of cards, by state."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from zhen.kernel.pages.api import BoardPage
from zhen.web.addresses import address
from zhen.web.pages import common, lists
from zhen.web.requests import Request

MOST_CARDS = 50


def draw(request: Request, page: BoardPage) -> HttpResponse:
    params = common.params_of(request)
    fields = common.filter_fields(request.actor, page.filters, params)
    if request.method == "POST":
        move = (page.move,) if page.move else ()
        button = common.pressed(request, move)
        if common.must_confirm(request, button):
            return common.ask(request, page, button, count=1, back=address(page))
        return common.run(request, button, request.POST.get("key", ""), request.POST, request.get_full_path())
    columns = []
    for chip, rows in page.columns(request.actor, params):
        cards = common.apply_filters(rows, page.filters, params)
        columns.append({"chip": chip, **lists.table(page.card, cards, detail=page.detail, most=MOST_CARDS)})
    context: dict[str, Any] = {
        "page": page,
        "layout": common.layout(page),
        "crumbs": common.crumbs(page),
        "filters": fields,
        "columns": columns,
        "live": ",".join(sorted(page.live)),
        "move": page.move if page.move and request.actor.may(page.move.permission) else None,
    }
    return render(request, "web/pages/board.html", context)
