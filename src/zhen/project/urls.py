"""All addresses."""

from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.utils.module_loading import module_has_submodule

from zhen.gateways.hotline.api import api as orders
from zhen.gateways.ogc.api import api as ogc
from zhen.project.health import healthy


def of_packs() -> list[URLPattern | URLResolver]:
    """The addresses of packs that are no pages, such as open data: what a pack's `urls` holds (ADR 0076)."""
    mine = [config for config in apps.get_app_configs() if config.name in settings.ZHEN_PACKS]
    return [path("", include(f"{one.name}.urls")) for one in mine if module_has_submodule(one.module, "urls")]


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthy),
    path("api/ogc/", ogc.urls),
    path("api/orders/", orders.urls),
    path("devices/", include("zhen.gateways.mqtt.urls")),
    path("open311/", include("zhen.gateways.open311.urls")),
    *of_packs(),
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
