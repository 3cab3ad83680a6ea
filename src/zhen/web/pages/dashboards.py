"""DashboardPage: panels about no one thing in particular."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from zhen.kernel.pages.api import DashboardPage
from zhen.web.pages import common, panels
from zhen.web.requests import Request


def draw(request: Request, page: DashboardPage) -> HttpResponse:
    params = common.params_of(request)
    fields = common.filter_fields(request.actor, page.filters, params)
    return render(
        request,
        "web/pages/dashboard.html",
        {
            "page": page,
            "layout": common.layout(page),
            "crumbs": common.crumbs(page),
            "filters": fields,
            "panels": panels.drawn(request.actor, page.panels, params),
            "live": ",".join(sorted(page.live)),
        },
    )
