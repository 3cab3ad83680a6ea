from django.apps import AppConfig


class OgcConfig(AppConfig):
    name = "zhen.gateways.ogc"
    label = "ogc"
