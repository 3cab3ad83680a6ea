"""MapPage: a map, and beside it the list that says the same."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from zhen.kernel.pages.api import MapPage
from zhen.web.pages import common, lists
from zhen.web.requests import Request

MOST_ROWS = 500


def draw(request: Request, page: MapPage) -> HttpResponse:
    params = common.params_of(request)
    fields = common.filter_fields(request.actor, page.filters, params)
    if params.get("part") == "features":
        return JsonResponse(page.features(request.actor, params), content_type="application/geo+json")
    rows = common.apply_filters(page.rows(request.actor, params), page.filters, params)
    query = request.GET.copy()
    query["part"] = "features"
    return render(
        request,
        "web/pages/map.html",
        {
            "page": page,
            "layout": common.layout(page),
            "crumbs": common.crumbs(page),
            "filters": fields,
            "table": lists.table(page.columns, rows, detail=page.detail, most=MOST_ROWS),
            "features": f"{request.path}?{query.urlencode()}",
        },
    )
