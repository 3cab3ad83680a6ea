from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "zhen.kernel.identity"
    label = "identity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhen.kernel.identity import privacy, receivers

        privacy.declare_outside()
        receivers.connect()
