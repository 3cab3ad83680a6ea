"""The forms of rounds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import CASE_TYPES
from zhen.kernel.identity.api import Unit, User, open_units, posts_on
from zhen.kernel.lib import clock
from zhen.kernel.places.api import AREAS, versions_on
from zhen.kernel.rounds.declarations import (
    EVERY_NAMES,
    SUBJECT_SOURCES,
    FindingRule,
    Item,
    ItemKind,
    Match,
    Option,
    Severity,
    SubjectSource,
    When,
)
from zhen.kernel.rounds.finding_table import RECTIFY
from zhen.kernel.rounds.models import Campaign, ChecklistVersion, Inspector
from zhen.kernel.rounds.queries.checklists import all_in_use
from zhen.kernel.rounds.values import NewCampaign

NONE = ("", "—")


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CampaignForm(forms.Form):
    """A campaign; the filters of all registers are in it, and those of the chosen one count."""

    title = forms.CharField(label=_("title"), max_length=100)
    checklist = forms.ChoiceField(label=_("checklist"))
    source = forms.ChoiceField(label=pgettext_lazy("of subjects", "register"))
    unit = forms.ModelChoiceField(label=_("unit in charge"), queryset=Unit.objects.none())
    inspectors = forms.ModelMultipleChoiceField(
        label=_("inspectors"),
        queryset=User.objects.none(),
        help_text=_("Each goes where his post is; who has no area goes anywhere."),
    )
    area = forms.ChoiceField(label=_("area"), required=False, help_text=_("Empty: the whole town."))
    starts_on = Day(label=_("from"))
    ends_on = Day(label=_("to"))
    every = forms.ChoiceField(label=pgettext_lazy("of rounds", "how often"), choices=tuple(EVERY_NAMES.items()))
    unseen_days = forms.IntegerField(
        label=_("not seen for … days"), required=False, min_value=1, max_value=3_000,
        help_text=_("Leaves out what was seen since. Empty: leaves out nothing."),
    )  # fmt: skip
    sample = forms.IntegerField(
        label=_("how many are drawn"), required=False, min_value=1, help_text=_("Empty: all of them.")
    )
    random = forms.BooleanField(
        label=_("people are drawn too"), required=False, help_text=_("双随机: from a seed that is published.")
    )
    people = forms.TypedChoiceField(label=_("people on a visit"), choices=((1, "1"), (2, "2")), coerce=int)
    counts_only = forms.BooleanField(
        label=_("only counts are kept"), required=False,
        help_text=_("An enumeration: when it is over, answers are counted and erased, household by household."),
    )  # fmt: skip
    per_day = forms.IntegerField(label=_("visits a day and person"), min_value=1, max_value=200, initial=20)

    def __init__(self, actor: Actor, data: Any, campaign: Campaign | None = None) -> None:
        super().__init__(data, initial=_initial(campaign) if campaign else {"starts_on": clock.today()})
        today = clock.today()
        self._choose("checklist", [(one.code, one.name) for one in all_in_use().filter(published_at__isnull=False)])
        self._choose("source", [(one.id, one.name) for one in _sources(actor)])
        areas = versions_on(today, *AREAS).order_by("place__kind", "name_key").values_list("place_id", "name")
        self._choose("area", [NONE, *areas])
        self.fields["unit"].queryset = open_units(today)  # type: ignore[attr-defined]
        on_duty = posts_on(today).values("user")
        people = User.objects.filter(is_active=True, is_machine=False, pk__in=on_duty).order_by("name_key", "pk")
        self.fields["inspectors"].queryset = people  # type: ignore[attr-defined]
        for source in _sources(actor):
            for one in source.filters:
                self.fields[f"{source.id}:{one.id}"] = forms.ChoiceField(
                    label=str(one.label),
                    required=False,
                    choices=[NONE, *((choice.value, choice.label) for choice in one.choices())],
                    initial=(campaign.query.get(one.id, "") if campaign and campaign.source == source.id else ""),
                    widget=forms.Select(attrs={"data-when": f'{{"source": ["{source.id}"]}}'}),
                )
        filters = [name for name in self.fields if ":" in name]
        self.order_fields(["title", "checklist", "source", *filters])

    def _choose(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    def campaign(self) -> NewCampaign:
        given = self.cleaned_data
        prefix = f"{given['source']}:"
        query = {name[len(prefix) :]: value for name, value in given.items() if name.startswith(prefix) and value}
        users = [user.pk for user in given["inspectors"]]
        return NewCampaign(
            title=given["title"],
            checklist=given["checklist"],
            source=given["source"],
            unit_id=given["unit"].pk,
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            query=query,
            area_id=int(given["area"]) if given["area"] else None,
            unseen_days=given["unseen_days"],
            every=given["every"],
            sample=given["sample"],
            random=given["random"],
            people=given["people"],
            per_day=given["per_day"],
            counts_only=given["counts_only"],
            inspectors=areas_of(users, clock.today()),
        )


def _sources(actor: Actor) -> list[SubjectSource]:
    """The registers that the actor may plan over."""
    return [one for one in SUBJECT_SOURCES if not one.permission or actor.may(one.permission)]


def areas_of(users: Iterable[int], day: date) -> dict[int, int | None]:
    """Each person with the area of his posts; None for whoever has none, or several."""
    found: dict[int, set[int]] = {user: set() for user in users}
    for user, area in posts_on(day).filter(user__in=found, area__isnull=False).values_list("user_id", "area_id"):
        found[user].add(area)
    return {user: next(iter(areas)) if len(areas) == 1 else None for user, areas in found.items()}


def _initial(campaign: Campaign) -> dict[str, Any]:
    names = (
        "title", "checklist", "source", "unit", "starts_on", "ends_on", "every", "unseen_days", "sample", "random",
        "people", "per_day", "counts_only",
    )  # fmt: skip
    facts = {name: getattr(campaign, name) for name in names}
    return {
        **facts,
        "area": campaign.area_id or "",
        "inspectors": list(campaign.inspectors.values_list("user_id", flat=True)),
    }


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=300)


class RecuseForm(forms.Form):
    inspector = forms.ModelChoiceField(label=_("inspector"), queryset=User.objects.none())
    subjects = forms.CharField(
        label=_("subjects"), required=False, widget=forms.Textarea(attrs={"rows": 5}), max_length=5_000,
        help_text=_("Keys of the register, one a line, such as upkeep.premises:17."),
    )  # fmt: skip

    def __init__(self, data: Any, campaign: Campaign) -> None:
        super().__init__(data)
        users = Inspector.objects.filter(campaign=campaign).values("user")
        self.fields["inspector"].queryset = User.objects.filter(pk__in=users)  # type: ignore[attr-defined]


class SeedForm(forms.Form):
    seed = forms.CharField(
        label=_("seed"), max_length=200, help_text=_("Public numbers, such as those of a lottery of today.")
    )
    seed_from = forms.CharField(label=_("where the seed is from"), max_length=200)


class GiveForm(forms.Form):
    user = forms.ModelChoiceField(label=_("inspector"), queryset=User.objects.none())
    on = Day(label=_("day"))

    def __init__(self, data: Any, day: date) -> None:
        today = clock.today()
        super().__init__(data, initial={"on": max(day, today)})
        people = User.objects.filter(is_active=True, is_machine=False, pk__in=posts_on(today).values("user"))
        self.fields["user"].queryset = people.order_by("name_key", "pk")  # type: ignore[attr-defined]


class ItemForm(forms.Form):
    """One item of a draft. Lists within it are written by packs."""

    id = forms.RegexField(
        r"^[a-z][a-z0-9_]{0,39}$", label=_("short name"), help_text=_("Lower case letters, such as exit_free.")
    )
    text = forms.CharField(label=_("what is looked at"), max_length=200)
    kind = forms.ChoiceField(label=_("kind"), choices=[one for one in ItemKind.choices if one[0] != ItemKind.LIST])
    help = forms.CharField(label=_("hint"), max_length=200, required=False)
    needed = forms.BooleanField(label=_("must be answered"), required=False, initial=True)
    choices = forms.CharField(
        label=_("choices"), required=False, help_text=_("One a line."),
        widget=forms.Textarea(attrs={"rows": 4, "data-when": '{"kind": ["choice"]}'}),
    )  # fmt: skip
    low = forms.FloatField(label=_("lowest number"), required=False)
    high = forms.FloatField(label=_("highest number"), required=False)
    unit = forms.CharField(label=_("unit of measure"), max_length=20, required=False)
    points = forms.IntegerField(label=_("points"), min_value=0, max_value=100, initial=0, required=False)
    when_item = forms.ChoiceField(label=_("asked only if"), required=False)
    when_answer = forms.CharField(label=_("was answered"), max_length=100, required=False)
    finding = forms.CharField(
        label=pgettext_lazy("of a visit", "finding"),
        max_length=100,
        required=False,
        help_text=_("What it is called where it is not right."),
    )
    finding_answer = forms.CharField(
        label=_("it is a finding if answered"), max_length=100, required=False,
        help_text=_("“no”, one of the choices, or a bound such as < 0.05 or > 20."),
    )  # fmt: skip
    case_type = forms.ChoiceField(label=_("opens a case of the kind"), required=False)
    severity = forms.ChoiceField(label=_("severity"), choices=Severity.choices, required=False)
    days = forms.IntegerField(
        label=_("working days to put it right"), min_value=1, max_value=250, initial=15, required=False
    )
    law = forms.CharField(label=_("rule that is broken"), max_length=200, required=False)

    def __init__(self, data: Any, version: ChecklistVersion, item: Item | None = None) -> None:
        super().__init__(data, initial=_initial_item(item) if item else None)
        above = [one for one in version.items if item is None or one.id != item.id]
        self.fields["when_item"].choices = [NONE, *((one.id, one.text) for one in above)]  # type: ignore[attr-defined]
        kinds = [(one.id, one.name) for one in CASE_TYPES if any(clock_.id == RECTIFY for clock_ in one.deadlines)]
        self.fields["case_type"].choices = [NONE, *kinds]  # type: ignore[attr-defined]
        self.item_before = item

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("finding") and not (given.get("finding_answer") and given.get("case_type")):
            self.add_error("finding_answer", _("Say which answer is the finding, and which case it opens."))
        for name in ("finding_answer", "when_answer"):
            if given.get(name) and match_of(given[name]) is None:
                self.add_error(name, _("Write an answer, or a bound such as < 0.05."))
        return given

    def item(self) -> Item:
        given = self.cleaned_data
        options = tuple(
            Option(value=line.strip(), text=line.strip()) for line in given["choices"].splitlines() if line.strip()
        )
        return Item(
            id=given["id"],
            text=given["text"],
            kind=ItemKind(given["kind"]),
            help=given["help"],
            needed=given["needed"],
            when=When(item=given["when_item"], match=match_of(given["when_answer"]) or Match())
            if given["when_item"]
            else None,
            choices=options if given["kind"] == ItemKind.CHOICE else (),
            low=given["low"],
            high=given["high"],
            unit=given["unit"],
            points=given["points"] or 0,
            findings=self._findings(),
            items=self.item_before.items if self.item_before else (),
        )

    def _findings(self) -> tuple[FindingRule, ...]:
        given = self.cleaned_data
        match = match_of(given["finding_answer"]) if given["finding"] else None
        if match is None:
            return ()
        return (
            FindingRule(
                on=match,
                title=given["finding"],
                case_type=given["case_type"],
                severity=Severity(given["severity"] or Severity.MINOR),
                limit=(given["days"] or 15, "working_days"),
                law=given["law"],
            ),
        )


WORDS = {"是": "yes", "否": "no", "不适用": "na"}
"""The answers of yes-or-no items as the town writes them."""


def match_of(text: str) -> Match | None:
    """A match as people write it: an answer, or < 0.05, or > 20."""
    text = text.strip()
    if text[:1] in ("<", ">"):
        try:
            bound = float(text[1:])
        except ValueError:
            return None
        return Match(below=bound) if text[0] == "<" else Match(above=bound)
    answers = tuple(WORDS.get(one, one) for one in text.split("、") if one)
    return Match(values=answers) if answers else None


def match_text(match: Match) -> str:
    if match.below is not None:
        return f"< {match.below:g}"
    if match.above is not None:
        return f"> {match.above:g}"
    written = {value: word for word, value in WORDS.items()}
    return "、".join(written.get(value, value) for value in match.values)


def _initial_item(item: Item) -> dict[str, Any]:
    rule = item.findings[0] if item.findings else None
    facts: dict[str, Any] = {
        name: getattr(item, name) for name in ("id", "text", "kind", "help", "needed", "low", "high", "unit", "points")
    }
    facts |= {
        "choices": "\n".join(option.value for option in item.choices),
        "when_item": item.when.item if item.when else "",
        "when_answer": match_text(item.when.match) if item.when else "",
    }
    if rule is not None:
        facts |= {
            "finding": rule.title, "finding_answer": match_text(rule.on), "case_type": rule.case_type,
            "severity": rule.severity, "days": rule.limit[0], "law": rule.law,
        }  # fmt: skip
    return facts
