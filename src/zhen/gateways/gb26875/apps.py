from django.apps import AppConfig


class Gb26875Config(AppConfig):
    name = "zhen.gateways.gb26875"
    label = "gb26875"
