from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "zhen.web"
    label = "web"
