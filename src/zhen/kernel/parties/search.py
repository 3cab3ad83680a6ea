"""What the global search finds of parties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.lib.text import fold
from zhen.kernel.pages.api import Hit, SearchSource
from zhen.kernel.parties import queries
from zhen.kernel.parties.models.people import Named
from zhen.kernel.parties.screens.common import address


def find_persons(actor: Actor, terms: Sequence[str], limit: int) -> Iterator[Hit]:
    """By name, spelling or initials; by identity or phone number only where it is complete."""
    text = " ".join(terms)
    rows = queries.search_persons(queries.persons(actor), text).order_by("name_key", "pk")
    for person in rows[:limit]:
        why, score = _why(person, terms)
        yield Hit(
            title=person.name,
            url=address("parties.person", person.pk),
            kind=_("person"),
            score=score,
            why=why,
            detail=str(person.area or ""),
        )


def find_organisations(actor: Actor, terms: Sequence[str], limit: int) -> Iterator[Hit]:
    text = " ".join(terms)
    rows = queries.search_organisations(queries.organisations(actor), text).order_by("name_key", "pk")
    for organisation in rows[:limit]:
        why, score = _why(organisation, terms)
        yield Hit(
            title=organisation.name,
            url=address("parties.organisation", organisation.pk),
            kind=_("organisation"),
            score=score,
            why=why,
            detail=organisation.code or "",
        )


def _why(row: Named, terms: Sequence[str]) -> tuple[str, float]:
    folded = [fold(term) for term in terms]
    if "".join(folded) == row.name_fold:
        return _("the name"), 1.0
    if all(term in row.name_fold for term in folded):
        return _("a part of the name"), 0.8
    if all(row.name_spelling.startswith(term) for term in folded):
        return _("the name in pinyin"), 0.7
    if all(row.name_initials.startswith(term) for term in folded):
        return _("the initials in pinyin"), 0.6
    return _("the exact number"), 1.0


SOURCES = (
    SearchSource(
        id="parties.persons", label=gettext_lazy("Persons"), permission="parties.person.view", find=find_persons
    ),
    SearchSource(
        id="parties.organisations",
        label=gettext_lazy("Organisations"),
        permission="parties.organisation.view",
        find=find_organisations,
    ),
)
