"""All addresses."""

from django.urls import include, path

from zhen.gateways.hotline.api import api as orders
from zhen.gateways.ogc.api import api as ogc
from zhen.project.health import healthy

urlpatterns = [
    path("healthz", healthy),
    path("api/ogc/", ogc.urls),
    path("api/orders/", orders.urls),
    path("devices/", include("zhen.gateways.mqtt.urls")),
    path("open311/", include("zhen.gateways.open311.urls")),
    path("accounts/", include("zhen.web.signing_in.urls")),
    path("", include("zhen.web.plan.urls")),
    path("", include("zhen.web.cases.urls")),
    path("", include("zhen.web.reports.urls")),
    path("", include("zhen.web.field.urls")),
    path("", include("zhen.web.rounds.urls")),
    path("", include("zhen.web.devices.urls")),
    path("", include("zhen.web.urls")),
    path("", include("zhen.web.pages.urls")),
]

handler400 = "zhen.web.errors.bad_request"
handler403 = "zhen.web.errors.denied"
handler404 = "zhen.web.errors.missing"
handler500 = "zhen.web.errors.broken"
