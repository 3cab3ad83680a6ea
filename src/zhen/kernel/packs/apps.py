from django.apps import AppConfig
from django.conf import settings


class PacksConfig(AppConfig):
    name = "zhen.kernel.packs"
    label = "packs"

    def ready(self) -> None:
        from zhen.kernel.packs.loading import load

        load(settings.ZHEN_PACKS)
