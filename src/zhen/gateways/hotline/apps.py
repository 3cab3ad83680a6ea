from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "zhen.gateways.hotline"
    label = "hotline"
