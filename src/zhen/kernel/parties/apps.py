from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class PartiesConfig(AppConfig):
    name = "zhen.kernel.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhen.kernel.parties.checks import check_privacy
        from zhen.kernel.parties.guards import install

        # at `zhen check` and `check --deploy`: a missing declaration must not keep a town from starting
        checks.register(check_privacy, "privacy", deploy=True)
        post_migrate.connect(install, dispatch_uid="parties.guards")
