"""Addresses of public money that are no pages: open data."""

from django.urls import include, path

urlpatterns = [path("ocds/", include("zhen.packs.finance.procurement.ocds.urls"))]
