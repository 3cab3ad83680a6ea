"""`zhen administrators`: the three first administrators of a new town, and their one-time links."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from zhen.kernel.access.api import ROLES
from zhen.kernel.identity.setting_up import HasAdministrators, first_administrators


class Command(BaseCommand):
    help = "Create the accounts of the first system, security and audit administrators; prints one-time links."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--system", required=True, metavar="USER", help="the system administrator's user name")
        parser.add_argument("--security", required=True, metavar="USER", help="the security administrator's user name")
        parser.add_argument("--audit", required=True, metavar="USER", help="the auditor's user name")
        parser.add_argument("--unit", default="镇政府", help="the first unit's name, if there is none yet")

    def handle(self, *_args: Any, **options: Any) -> None:
        people = {
            "system_administrator": options["system"],
            "security_administrator": options["security"],
            "auditor": options["audit"],
        }
        try:
            invited = first_administrators(unit=options["unit"], people=people)
        except (HasAdministrators, ValueError) as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        for each in invited:
            path = reverse("account_invitation", args=[each.secret])
            self.stdout.write(f"{ROLES[each.role].name} {each.user.username}: {settings.ZHEN_PUBLIC_URL}{path}")
