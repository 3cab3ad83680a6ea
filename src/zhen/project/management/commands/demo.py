"""`zhen demo build | logins`"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from zhen.kernel.access.api import ROLES
from zhen.kernel.identity.api import Post
from zhen.project.demo.build import ensure
from zhen.project.demo.people import PASSWORD
from zhen.runtime import settings as runtime


class Command(BaseCommand):
    help = "Build the demo town into an empty database, or list who can sign in to it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        build = commands.add_parser("build", help="build the demo town if nothing is there")
        build.add_argument("--scale", choices=("small", "town"), default=runtime.load().scale)
        commands.add_parser("logins", help="the demo's accounts, their posts and their password")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["command"] == "build":
            if not ensure(scale=options["scale"], say=self.stdout.write):
                self.stdout.write("There is a town already; it is left as it is.")
            return
        posts = Post.objects.filter(user__is_demo=True, user__is_active=True).select_related("user", "unit")
        with translation.override("zh-hans"):
            for post in posts.order_by("pk"):
                self.stdout.write(
                    f"{post.user.username:<12}{PASSWORD}  {post.user.name} · {ROLES[post.role].name} · {post.unit.name}"
                )
