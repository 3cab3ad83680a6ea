"""Addresses of devices that no page declares."""

from django.urls import path

from zhen.web.devices import views

urlpatterns = [
    path("desk/telemetry/devices/<str:code>/credential/", views.credential, name="device_credential"),
    path("desk/telemetry/devices/<str:code>/label/", views.label, name="device_label"),
]
