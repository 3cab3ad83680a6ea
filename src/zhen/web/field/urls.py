"""Addresses of the field face."""

from django.urls import path

from zhen.web.cases import urls as numbers  # noqa: F401  the converter of case numbers
from zhen.web.field import case, home, pwa, report, visit

app_name = "field"
urlpatterns = [
    path("field/", home.show, name="home"),
    path("field/manifest.webmanifest", pwa.manifest, name="manifest"),
    path("field/worker.js", pwa.worker, name="worker"),
    path("field/offline/", pwa.offline, name="offline"),
    path("field/ready/", home.ready, name="ready"),
    path("field/report/", report.show, name="report"),
    path("field/visits/<uuid:key>/", visit.show, name="visit"),
    path("field/cases/<case_number:number>/", case.show, name="case"),
    path("field/cases/<case_number:number>/<slug:step>/", case.do, name="do"),
]
