"""`zhen identity`: how a town without accounts gets its first administrators."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from zhen.kernel.identity.models import Post, Unit, User
from zhen.kernel.identity.queries import held_on
from zhen.kernel.lib import clock

pytestmark = pytest.mark.django_db


def create(**options: str) -> str:
    out = StringIO()
    call_command("identity", "create-administrator", stdout=out, **options)
    return out.getvalue().strip()


def test_the_first_administrator_gets_a_link_a_post_and_the_first_unit() -> None:
    link = create(username="first", name="沈国梁", unit_name="长征镇人民政府")
    post = Post.objects.get(held_on(clock.today()), user__username="first")
    assert (post.role, post.unit.name) == ("system_administrator", "长征镇人民政府")
    assert "/link/" in link
    assert not User.objects.get(username="first").has_usable_password()


def test_without_a_name_for_the_first_unit_nothing_is_made() -> None:
    with pytest.raises(CommandError, match="--unit-name"):
        create(username="first", name="沈国梁")
    assert not User.objects.exists()


def test_a_unit_that_is_not_there_is_named() -> None:
    create(username="first", name="沈国梁", unit_name="长征镇人民政府")
    with pytest.raises(CommandError, match="no unit with the code elsewhere"):
        create(username="second", name="孟颖", role="security_administrator", unit="elsewhere")
    assert Unit.objects.count() == 1


def test_a_user_name_is_given_once() -> None:
    create(username="first", name="沈国梁", unit_name="长征镇人民政府")
    with pytest.raises(CommandError, match="username"):
        create(username="first", name="孟颖", role="security_administrator")
