from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "zhen.kernel.oversight"
    label = "oversight"
