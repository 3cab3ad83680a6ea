from django.apps import AppConfig


class MqttConfig(AppConfig):
    name = "zhen.gateways.mqtt"
    label = "mqtt"
