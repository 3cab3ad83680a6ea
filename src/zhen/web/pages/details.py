"""DetailPage: one thing, its facts and its history in panels."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from zhen.kernel.pages.api import DetailPage
from zhen.web.addresses import address
from zhen.web.pages import common, panels
from zhen.web.requests import Request


def draw(request: Request, page: DetailPage, key: str) -> HttpResponse:
    subject = page.subject(request.actor, key)
    if request.method == "POST":
        button = common.pressed(request, page.buttons, subject)
        back = address(page, key)
        if common.must_confirm(request, button):
            return common.ask(request, page, button, count=None, back=back)
        return common.run(request, button, subject, request.POST, back)
    heading = str(page.heading(subject))
    return render(
        request,
        "web/pages/detail.html",
        {
            "page": page,
            "layout": common.layout(page),
            "crumbs": common.crumbs(page, heading),
            "heading": heading,
            "chips": page.chips(subject) if page.chips else (),
            "buttons": common.buttons_of(request.actor, page.buttons, subject),
            "panels": panels.drawn(request.actor, page.panels, subject),
            "live": ",".join(sorted(page.live)),
        },
    )
