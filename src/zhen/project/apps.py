from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "zhen.project"
    label = "project"
