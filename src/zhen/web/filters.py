"""Saved filters: views of lists that a person wants to see again. Personal, so the journal does not hold them."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _

from zhen.kernel.pages.api import Missing
from zhen.web.errors import Unprocessable
from zhen.web.models import SavedFilter

MOST = 30
LONGEST_QUERY = 1000


def save(user: int, page: str, name: str, query: str) -> SavedFilter:
    """Save a view under a name; the same name replaces the view that had it."""
    clean = urlencode([(key, value) for key, value in parse_qsl(query) if key not in {"page", "export"}])
    if not name or len(name) > 60 or not clean or len(clean) > LONGEST_QUERY:
        raise Unprocessable(_("A saved view needs a name of 1 to 60 characters and at least one filter."))
    mine = SavedFilter.objects.filter(user_id=user, page=page)
    if mine.exclude(name=name).count() >= MOST:
        raise Unprocessable(_("You have {most} saved views of this list. Delete one first.").format(most=MOST))
    saved, _made = SavedFilter.objects.update_or_create(user_id=user, page=page, name=name, defaults={"query": clean})
    return saved


def delete(user: int, key: int) -> SavedFilter:
    saved = SavedFilter.objects.filter(user_id=user, pk=key).first()
    if saved is None:
        raise Missing(f"saved filter {key}")
    saved.delete()
    return saved
