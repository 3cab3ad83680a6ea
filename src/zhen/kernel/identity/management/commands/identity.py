"""`zhen identity create-administrator`: the first accounts of a town, before anybody can sign in."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from zhen.kernel.access.api import ROLES, Actor, Duty
from zhen.kernel.identity.actions.posts import give_post
from zhen.kernel.identity.actions.units import create_unit
from zhen.kernel.identity.actions.users import invite
from zhen.kernel.identity.models import Unit
from zhen.kernel.lib import clock


class Command(BaseCommand):
    help = "The first administrators: three people, whose duties nobody combines."

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        create = steps.add_parser("create-administrator", help="make an account, and print its one-time link")
        create.add_argument("--username", required=True)
        create.add_argument("--name", required=True, help="the person's name")
        create.add_argument("--role", choices=_administrators(), default="system_administrator")
        create.add_argument("--unit", default="town", help="code of the unit; the first is made where there is none")
        create.add_argument("--unit-name", default="", help="name of the first unit, such as the town government's")

    def handle(self, *args: Any, **options: Any) -> None:
        builder = Actor.system("zhen identity")
        try:
            with transaction.atomic():
                user, secret = invite(builder, username=options["username"], name=options["name"])
                give_post(
                    builder,
                    user=user,
                    role=options["role"],
                    unit=_unit(builder, options["unit"], options["unit_name"]),
                    valid_from=clock.today(),
                )
        except ValidationError as error:
            lines = [f"{field}: {' '.join(told)}" for field, told in error.message_dict.items()]
            raise CommandError("\n".join(lines)) from None
        self.stdout.write(settings.ZHEN_PUBLIC_URL + reverse("account_invitation", args=[secret]))


def _administrators() -> list[str]:
    return [role.id for role in ROLES if role.duty is not Duty.BUSINESS]


def _unit(builder: Actor, code: str, name: str) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is not None:
        return unit
    if Unit.objects.exists():
        raise CommandError(f"There is no unit with the code {code}. Name one that is there with --unit.")
    if not name:
        raise CommandError("There is no unit yet. Give the first one a name with --unit-name.")
    return create_unit(builder, code=code, name=name, under=None, since=clock.today())
