from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "zhen.kernel.plan"
    label = "plan"
    default_auto_field = "django.db.models.BigAutoField"
