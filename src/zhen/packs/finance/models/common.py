"""What the papers of public money share."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib.privacy import Basis, Forever, Privacy

LAW = _("《预算法》 and 《会计法》: knowing who asked for public money, who approved it and who paid it")


def two_people(first: str, second: str, name: str) -> models.CheckConstraint:
    """Who does the first thing does not do the second (不相容职务分离)."""
    return models.CheckConstraint(
        condition=Q(**{f"{second}__isnull": True}) | Q(**{f"{first}__isnull": True}) | ~Q(**{second: F(first)}),
        name=name,
    )


def signed(*people: str, internal: tuple[str, ...]) -> Privacy:
    """A paper that says only who signed it."""
    return Privacy(
        purpose=_("Showing who asked for public money, who approved it and who paid it"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=Forever(source=_("Archives Law, article 13: records of the work of state organs")),
        accounts=tuple(f"{one}_id" for one in people),
        listed=False,
        internal=internal,
        personal=people,
    )
