from django.apps import AppConfig


class Open311Config(AppConfig):
    name = "zhen.gateways.open311"
    label = "open311"
