"""The form for a keyword rule."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.models.classify import HEAVIEST
from zhen.kernel.cases.rulebook import holds, rulebook
from zhen.kernel.lib import clock


def class_choices() -> list[tuple[int, str]]:
    """The classes that cases can have today, with those above them."""
    book = rulebook()
    today = clock.now().astimezone(clock.TOWN_ZONE).date()
    return [
        (row.pk, " › ".join(book.categories[one].name for one in reversed(book.lineage(row.pk)) if one is not None))
        for row in book.categories.values()
        if row.leaf and holds(row, today)
    ]


class KeywordForm(forms.Form):
    word = forms.CharField(
        label=_("word"),
        max_length=40,
        help_text=_("As people write it. Width, case and traditional characters do not matter."),
    )
    category = forms.TypedChoiceField(label=_("class"), coerce=int, choices=class_choices)
    weight = forms.IntegerField(
        label=_("weight"),
        min_value=-HEAVIEST,
        max_value=HEAVIEST,
        initial=5,
        help_text=_("5 is usual, 10 decides alone, below 0 speaks against the class."),
    )
    valid_from = forms.DateField(label=_("from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    source = forms.CharField(label=_("source"), max_length=300, help_text=_("Who decided it, or where it stands."))

    def __init__(self, data: Any = None, **options: Any) -> None:
        today = clock.now().astimezone(clock.TOWN_ZONE).date()
        super().__init__(data, **{"initial": {"valid_from": today}, **options})
