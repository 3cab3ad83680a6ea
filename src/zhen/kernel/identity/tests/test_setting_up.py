"""The first administrators of a new town: three persons, once."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from zhen.kernel.identity.models import Post, User

pytestmark = pytest.mark.django_db
GIVEN = ("--system", "sun", "--security", "shen", "--audit", "ji")


def test_a_new_town_gets_three_administrators_with_links() -> None:
    out = StringIO()
    call_command("administrators", *GIVEN, stdout=out)
    assert out.getvalue().count("/accounts/link/") == 3
    assert set(Post.objects.values_list("user__username", "role")) == {
        ("sun", "system_administrator"),
        ("shen", "security_administrator"),
        ("ji", "auditor"),
    }
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_it_works_once() -> None:
    call_command("administrators", *GIVEN, stdout=StringIO())
    with pytest.raises(CommandError, match="administrators already"):
        call_command("administrators", "--system", "a", "--security", "b", "--audit", "c", stdout=StringIO())
    assert User.objects.count() == 3


def test_one_person_is_not_two_of_them() -> None:
    with pytest.raises(CommandError, match="another person"):
        call_command("administrators", "--system", "sun", "--security", "sun", "--audit", "ji", stdout=StringIO())
    assert not User.objects.exists()
