"""Addresses of residents' reports."""

from django.urls import path

from zhen.web.reports import figures, near, tracking, views, where

app_name = "reports"
urlpatterns = [
    path("near/", near.show, name="near"),
    path("near/map.geojson", near.spots, name="near_map"),
    path("near/<str:number>/", near.case, name="near_case"),
    path("figures/", figures.show, name="figures"),
    path("report/", views.new, name="new"),
    path("report/places/", where.suggested, name="places"),
    path("report/here/", where.here, name="here"),
    path("report/look/", views.look, name="look"),
    path("report/follow/", views.follow, name="follow"),
    path("report/track/", tracking.track, name="track"),
    path("report/track/say/", tracking.say, name="say"),
    path("report/track/leave/", tracking.leave, name="leave"),
    path("report/track/<slug:step>/", tracking.step, name="step"),
]
