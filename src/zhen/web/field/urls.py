"""Addresses of the field face."""

from django.urls import path

from zhen.web.cases import urls as numbers  # noqa: F401  the converter of case numbers
from zhen.web.field import case, contact, home, pwa, report, scan, visit

app_name = "field"
urlpatterns = [
    path("field/", home.show, name="home"),
    path("field/manifest.webmanifest", pwa.manifest, name="manifest"),
    path("field/worker.js", pwa.worker, name="worker"),
    path("field/offline/", pwa.offline, name="offline"),
    path("field/ready/", contact.ready, name="ready"),
    path("field/report/", report.show, name="report"),
    path("field/scan/", scan.scan, name="scan"),
    path("field/at/<slug:kind>/<str:code>/", scan.at, name="at"),
    path("desk/places/<str:code>/label/", scan.label, name="label"),
    path("field/visits/<uuid:key>/", visit.show, name="visit"),
    path("field/cases/<case_number:number>/", case.show, name="case"),
    path("field/cases/<case_number:number>/<slug:step>/", case.do, name="do"),
]
