from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


class WebConfig(AppConfig):
    name = "zhen.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(assets_are_built)


def assets_are_built(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    if settings.VITE_MANIFEST.exists():
        return []
    return [
        Warning("the assets are not built, so pages have no style", hint="Run `npm ci && npm run build`", id="web.W001")
    ]
