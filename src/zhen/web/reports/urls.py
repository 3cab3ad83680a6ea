"""Addresses of residents' reports."""

from django.urls import path

from zhen.web.reports import views

app_name = "reports"
urlpatterns = [
    path("report/", views.new, name="new"),
    path("report/track/", views.track, name="track"),
    path("report/track/<slug:step>/", views.step, name="step"),
]
