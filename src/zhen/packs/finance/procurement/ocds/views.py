"""The public addresses of releases and records: packages of at most fifty procurements, the newest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET

from zhen.packs.finance.procurement import queries
from zhen.packs.finance.procurement.models import Bid, Contract, Instalment, Procurement
from zhen.packs.finance.procurement.ocds import mapping

PAGE = 50
PUBLIC_DOMAIN = "https://creativecommons.org/publicdomain/zero/1.0/"
Made = Callable[[HttpRequest, Procurement], list[Any]]


@require_GET
def releases(request: HttpRequest) -> HttpResponse:
    return _paged(request, "releases", _releases)


@require_GET
def records(request: HttpRequest) -> HttpResponse:
    return _paged(request, "records", _record)


@require_GET
def releases_of(request: HttpRequest, key: int) -> HttpResponse:
    return _package(request, "releases", _one(key), _releases)


@require_GET
def record_of(request: HttpRequest, key: int) -> HttpResponse:
    return _package(request, "records", _one(key), _record)


def _rows() -> QuerySet[Procurement]:
    contracts = Contract.objects.select_related("supplier__organisation", "procurement__unit").prefetch_related(
        Prefetch("instalments", Instalment.objects.select_related("payment").order_by("number"))
    )
    return (
        queries.published()
        .select_related(None)
        .select_related("unit", "winner__supplier__organisation")
        .prefetch_related(
            "items",
            Prefetch(
                "bids", Bid.objects.select_related("supplier__organisation").defer("sealed").order_by("received_at")
            ),
            Prefetch("contract", contracts),
        )
        .order_by("-published_at", "-pk")
    )


def _one(key: int) -> list[Procurement]:
    found = list(_rows().filter(pk=key))
    if not found:
        raise Http404
    return found


def _paged(request: HttpRequest, kind: str, made: Made) -> HttpResponse:
    """A page of packages; `Link` names the next one (RFC 8288). There is no empty package in OCDS: that is 404."""
    wanted = request.GET.get("page", "1")
    if not (wanted.isascii() and wanted.isdecimal() and 0 < len(wanted) < 7):
        raise Http404
    paginator = Paginator(_rows(), PAGE)
    if not 1 <= int(wanted) <= paginator.num_pages or paginator.count == 0:
        raise Http404
    page = paginator.page(int(wanted))
    response = _package(request, kind, list(page.object_list), made)
    if page.has_next():
        following = request.build_absolute_uri(f"{request.path}?page={page.next_page_number()}")
        response["Link"] = f'<{following}>; rel="next"'
    return response


def _package(request: HttpRequest, kind: str, rows: list[Procurement], made: Made) -> HttpResponse:
    with translation.override("zh-hans"):
        content = [one for row in rows for one in made(request, row)]
    moments = [one["date"] if "date" in one else one["compiledRelease"]["date"] for one in content]
    body = {
        "uri": request.build_absolute_uri(),
        "version": "1.1",
        "publishedDate": max(moments),
        "publisher": {"name": rows[0].unit.name, "uri": request.build_absolute_uri("/")},
        "license": PUBLIC_DOMAIN,
        kind: content,
    }
    response = HttpResponse(msgspec.json.encode(body), content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _notice(request: HttpRequest, procurement: Procurement) -> str:
    return request.build_absolute_uri(f"/procurement/notices/{procurement.pk}/")


def _releases(request: HttpRequest, procurement: Procurement) -> list[Any]:
    return list(mapping.releases(settings.ZHEN_OCID_PREFIX, _notice(request, procurement), procurement))


def _record(request: HttpRequest, procurement: Procurement) -> list[Any]:
    address = request.build_absolute_uri(reverse("ocds:releases_of", kwargs={"key": procurement.pk}))
    return [mapping.record(settings.ZHEN_OCID_PREFIX, _notice(request, procurement), address, procurement)]
