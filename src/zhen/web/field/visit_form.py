"""The form of a visit: the items of a checklist as fields, and what was answered as a record."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.files.api import MEGABYTE, SOUND, File, UploadField
from zhen.kernel.forms.api import Faulty
from zhen.kernel.identity.api import User, posts_on
from zhen.kernel.lib import clock
from zhen.kernel.rounds import api as rounds
from zhen.kernel.rounds.api import ChecklistVersion, Finding, Item, ItemKind, Position, Recheck, Record, Visit

SEEN = Visit.Outcome.SEEN
ENTRIES = 3
"""So many entries of a list fit on the page; longer ones are for the app."""
PHOTO, MENDED, RIGHT, NOTE = "photo-", "mended-", "right-", "note-"
VOICE = "voice"
MOST_SOUND = 5 * MEGABYTE
NEEDED = "data-needed"
"""On a widget whose field may stay empty as far as the form knows, and not as far as the checklist does."""
YES_NO = (("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")), ("na", gettext_lazy("not applicable")))


class VisitForm(forms.Form):
    lon = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(widget=forms.HiddenInput, required=False, min_value=-90, max_value=90)
    opened_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    began_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    ended_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    sent_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    outcome = forms.ChoiceField(
        label=gettext_lazy("How did it go?"), choices=Visit.Outcome.choices, widget=forms.RadioSelect, initial=SEEN
    )

    def __init__(
        self, data: Any, files: Any, *, actor: Actor, visit: Visit, version: ChecklistVersion | None,
        findings: Sequence[Finding], now: datetime,
    ) -> None:  # fmt: skip
        initial = {"opened_at": now.isoformat(), "version": version.number if version else None}
        super().__init__(data, files, initial=initial)
        self.actor, self.visit, self.checklist, self.open_findings = actor, visit, version, findings
        if version is not None:
            for item in version.items:
                self._ask(item, item.id, seen := {"outcome": [str(SEEN)]}, seen)
        for finding in findings:
            self._ask_again(finding)
        if 2 in (visit.people, version.people if version else 1):
            self._ask_who_else()
        self.fields["no_position"] = forms.CharField(
            label=_("No position?"), required=False, max_length=100, help_text=_("Say why, such as: in a basement.")
        )
        self.fields["note"] = forms.CharField(
            label=_("note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
        )
        if visit.round is None or not visit.round.campaign.counts_only:
            self.fields[f"{PHOTO}"] = UploadField(actor, label=_("Further photos"), required=False, most=6)
            self.fields[VOICE] = UploadField(
                actor, label=_("Voice memo"), required=False, kinds=SOUND, max_bytes=MOST_SOUND, most=3
            )

    # what is asked

    def _ask(self, item: Item, path: str, within: dict[str, list[str]], seen: dict[str, list[str]]) -> None:
        """The field of an item, shown while its condition holds, with its photo and whether it was put right."""
        when = dict(within)
        if item.when is not None and item.when.match.values:
            when[path.rpartition(".")[0] + "." * ("." in path) + item.when.item] = list(item.when.match.values)
        if item.kind == ItemKind.LIST:
            for number in range(ENTRIES):
                for one in item.items:
                    self._ask(one, f"{path}.{number}.{one.id}", when, seen)
            return
        if item.kind != ItemKind.PHOTO:
            self.fields[path] = _field(item, when, path)
        self._ask_photo(item, path, when)
        values = [value for rule in item.findings for value in rule.on.values]
        if values:
            self.fields[f"{MENDED}{path}"] = forms.BooleanField(
                label=_("Put right while I stood there"), required=False,
                widget=forms.CheckboxInput(attrs={"data-when": json.dumps({**when, path: values})}),
            )  # fmt: skip

    def _ask_photo(self, item: Item, path: str, when: dict[str, list[str]]) -> None:
        wanted = sorted({*item.shown.values, *(value for rule in item.findings for value in rule.on.values)})
        if item.kind == ItemKind.SIGNATURE:
            field = UploadField(
                self.actor, label=_("{what}: the signature itself").format(what=item.text), required=False, most=1
            )
            field.when = json.dumps(when)
            self.fields[f"{PHOTO}{path}"] = field
            return
        if item.kind != ItemKind.PHOTO and not wanted:
            return
        label = item.text if item.kind == ItemKind.PHOTO else _("Photo: {what}").format(what=item.text)
        field = UploadField(self.actor, label=label, required=False, most=6)
        field.when = json.dumps(when if item.kind == ItemKind.PHOTO else {**when, path: wanted})
        if item.needed:
            field.widget.attrs[NEEDED] = ""
        self.fields[f"{PHOTO}{path}"] = field

    def _ask_who_else(self) -> None:
        """Two inspectors make this visit; the other one signs the record with his own account."""
        posted = posts_on(clock.today()).values("user")
        people = User.objects.filter(is_active=True, is_machine=False, pk__in=posted).exclude(
            pk=self.actor.user_id or 0
        )
        pair = (self.visit.second_id, self.visit.inspector_id)
        self.fields["second"] = forms.ModelChoiceField(
            label=_("Who is with you?"), queryset=people.order_by("name_key", "pk"), required=False,
            initial=next((one for one in pair if one != self.actor.user_id), None),
            help_text=_("He signs the record with his own account."),
            widget=forms.Select(attrs={"data-when": json.dumps({"outcome": [str(SEEN)]}), NEEDED: ""}),
        )  # fmt: skip

    def _ask_again(self, finding: Finding) -> None:
        when = json.dumps({"outcome": [str(SEEN)]})
        self.fields[f"{RIGHT}{finding.pk}"] = forms.ChoiceField(
            label=_("{finding}: is it right now?").format(finding=finding.title), required=False,
            choices=YES_NO[:2], widget=forms.RadioSelect(attrs={"data-when": when}),
        )  # fmt: skip
        self.fields[f"{NOTE}{finding.pk}"] = forms.CharField(
            label=_("what is seen there"),
            required=False,
            max_length=300,
            widget=forms.TextInput(attrs={"data-when": when}),
        )
        photo = UploadField(self.actor, label=_("Photo: {what}").format(what=finding.title), required=False, most=6)
        photo.when = when
        self.fields[f"{PHOTO}finding.{finding.pk}"] = photo

    # what was answered

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (given.get("lon") is None) != (given.get("lat") is None):
            given["lon"] = given["lat"] = None
        if given.get("outcome") != SEEN:
            return given
        if "second" in self.fields and not given.get("second"):
            self.add_error("second", _("Two inspectors make this visit: say who is with you."))
        if given.get("lon") is None and not given.get("no_position"):
            self.add_error("no_position", _("Give your position once, or say why there is none."))
        for finding in self.open_findings:
            if not given.get(f"{RIGHT}{finding.pk}"):
                self.add_error(f"{RIGHT}{finding.pk}", _("Say whether it is right."))
        if self.checklist is not None and not self.open_findings:
            try:
                rounds.check_answers(self.checklist.items, self.answers(given), set(self.photos(given)) - {""})
            except Faulty as faulty:
                for path, fault in faulty.faults.items():
                    name = path if path in self.fields else f"{PHOTO}{path}"
                    self.add_error(name if name in self.fields else None, f"{fault.reason}。{fault.remedy}。")
        return given

    def answers(self, given: dict[str, Any]) -> dict[str, Any]:
        assert self.checklist is not None
        return dict(_answers(self.checklist.items, given, ""))

    def photos(self, given: dict[str, Any]) -> dict[str, list[File]]:
        """Files by the path of what they show."""
        sent = {name[len(PHOTO) :]: files for name, files in given.items() if name.startswith(PHOTO) and files}
        return {path: list(files) for path, files in sent.items()}

    def attachments(self, given: dict[str, Any]) -> dict[str, list[File]]:
        """Photos by path; voice memos are of the visit as a whole."""
        found = self.photos(given)
        if voices := list(given.get(VOICE) or ()):
            found[""] = found.get("", []) + voices
        return found

    def record(self, key: str, now: datetime) -> Record:
        given = self.cleaned_data
        seen = given["outcome"] == SEEN
        asked = self.checklist is not None and not self.open_findings
        started, ended, sent = self._times(now)
        return Record(
            id=_uuid(key),
            visit=self.visit.pk,
            checklist=self.visit.checklist,
            version=self.checklist.number if self.checklist else 0,
            outcome=given["outcome"],
            started_at=started,
            ended_at=ended,
            sent_at=sent,
            answers=self.answers(given) if seen and asked else {},
            rechecks={
                one.pk: Recheck(right=given[f"{RIGHT}{one.pk}"] == "yes", note=given[f"{NOTE}{one.pk}"])
                for one in self.open_findings
                if seen
            },
            mended=tuple(name[len(MENDED) :] for name, ticked in given.items() if name.startswith(MENDED) and ticked),
            position=Position(lon=given["lon"], lat=given["lat"]) if given["lon"] is not None else None,
            no_position=given["no_position"],
            second=self._second(),
            note=given["note"],
        )

    def _second(self) -> int | None:
        """Who was there beside the inspector: where the second one records, he is it himself."""
        other = self.cleaned_data.get("second")
        if other is None or other.pk == self.visit.inspector_id:
            return self.visit.second_id or (self.actor.user_id if other is not None else None)
        return int(other.pk)

    def _times(self, now: datetime) -> tuple[datetime, datetime, datetime | None]:
        """When it was, and what the phone's clock says now; a page without scripts has only our clock."""
        given = self.cleaned_data
        if given["ended_at"] and given["sent_at"]:
            began = given["began_at"] or given["ended_at"]
            return min(began, given["ended_at"]), given["ended_at"], given["sent_at"]
        opened = given["opened_at"]
        return opened if opened and opened <= now else now, now, None


def _field(item: Item, when: dict[str, list[str]], path: str) -> forms.Field:
    attrs = {"data-when": json.dumps(when)}
    if item.needed and "." not in path:
        attrs[NEEDED] = ""
    label = item.text if "." not in path else f"{int(path.rsplit('.', 2)[1]) + 1}. {item.text}"
    if item.kind in (ItemKind.NUMBER, ItemKind.READING):
        unit = f" ({item.unit})" if item.unit else ""
        widget = forms.NumberInput(attrs={**attrs, "step": "any", "inputmode": "decimal"})
        return forms.FloatField(label=f"{label}{unit}", required=False, help_text=item.help, widget=widget)
    if item.kind == ItemKind.SIGNATURE:
        return forms.CharField(label=label, required=False, max_length=60, widget=forms.TextInput(attrs=attrs))
    choices = YES_NO if item.kind == ItemKind.YES_NO else tuple((one.value, one.text) for one in item.choices)
    return forms.ChoiceField(
        label=label, required=False, help_text=item.help, choices=choices, widget=forms.RadioSelect(attrs=attrs)
    )


def _answers(items: Sequence[Item], given: dict[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for item in items:
        path = f"{prefix}{item.id}"
        if item.kind == ItemKind.LIST:
            entries = [dict(_answers(item.items, given, f"{path}.{number}.")) for number in range(ENTRIES)]
            if filled := [entry for entry in entries if entry]:
                yield item.id, filled
        elif given.get(path) not in (None, ""):
            yield item.id, given[path]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
