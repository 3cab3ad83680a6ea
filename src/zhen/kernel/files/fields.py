"""Fields of forms: files to send, and boxes to black out. `web` draws them; without scripts they work as well."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.files.actions import store
from zhen.kernel.files.kinds import IMAGES, SOUND, Kind
from zhen.kernel.files.links import LARGE, SMALL, kept, kept_token, original_url, ticket, url
from zhen.kernel.files.models import File
from zhen.kernel.files.preparing import MEGABYTE, MOST_BYTES, untaken
from zhen.kernel.files.redaction import Box, parse, write
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing

NEW, DROP = "-new", "-drop"
"""Behind the field's name: files that come with the form, and tokens that are to be left out."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a browser sends of the field: tokens of files sent ahead, and files."""

    tokens: tuple[str, ...] = ()
    uploads: tuple[Any, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file that the form holds already, for drawing it again."""

    token: str
    name: str
    preview: str


class UploadInput(forms.FileInput):
    """A file input that also carries the tokens of what was sent ahead."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sent:
        dropped = set(_all(data, name + DROP))
        tokens = tuple(dict.fromkeys(token for token in _all(data, name) if token and token not in dropped))
        return Sent(tokens=tokens, uploads=tuple(_all(files, name + NEW)))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and name + NEW not in files


class UploadBoundField(forms.BoundField):
    field: UploadField

    @property
    def kept(self) -> list[Kept]:
        """What to draw: after a mistake elsewhere, or from a draft, nothing has to be sent again."""
        if self.form.is_bound:
            return self.field.drawn()
        initial = self.initial
        self.field.take(tuple(initial) if isinstance(initial, list | tuple) else ())
        return self.field.drawn()


class UploadField(forms.Field):
    """Several files of some kinds; its cleaned value is the list of Files, stored and not attached yet."""

    widget = UploadInput
    uploads = True
    keeps_many = True
    when = ""
    """As `data-when` of other fields: JSON of the answers while which it is shown."""

    def __init__(
        self,
        actor: Actor,
        *,
        kinds: Collection[Kind] = IMAGES,
        max_bytes: int = MOST_BYTES,
        most: int = 6,
        **options: Any,
    ) -> None:
        self.actor, self.kinds, self.max_bytes, self.most = actor, frozenset(kinds), max_bytes, most
        self.files: list[File] = []
        super().__init__(**options)
        self.widget.attrs["multiple"] = most > 1

    def __deepcopy__(self, memo: Any) -> UploadField:
        copied = super().__deepcopy__(memo)
        copied.files = []
        return copied

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> UploadBoundField:
        return UploadBoundField(form, self, field_name)

    def clean(self, value: Sent | None) -> list[File]:
        """Keep what is right even where something else is wrong. A file too many is not read."""
        sent = value or Sent()
        faults = self.take(sent.tokens)
        for upload in sent.uploads:
            if len(self.files) >= self.most:
                faults.append(self._too_many())
                break
            try:
                self.files.append(store(self.actor, upload, kinds=self.kinds, max_bytes=self.max_bytes))
            except Refused as refused:
                faults.append(str(refused))
        if self.required and not self.files and not faults:
            faults.append(_("Add a file."))
        if faults:
            raise ValidationError(faults)
        return list(self.files)

    def take(self, tokens: tuple[str, ...]) -> list[str]:
        """Find the files that were sent ahead; gives what is wrong with others: gone, of a wrong kind, too many."""
        self.files, faults = [], []
        for token in tokens[: self.most]:
            try:
                file = kept(self.actor, token)
            except Missing:
                if (gone := _("A file that was sent before is gone. Choose it again.")) not in faults:
                    faults.append(gone)
                continue
            if (kind := Kind(file.kind)) in self.kinds:
                self.files.append(file)
            else:  # a phone sends every kind ahead under one ticket, before it is known for which field
                faults.append(str(untaken(file.name, kind, self.kinds)))
        return [*faults, self._too_many()] if len(tokens) > self.most else faults

    def _too_many(self) -> str:
        return _("At most %(most)s files. Leave some out.") % {"most": self.most}

    def drawn(self) -> list[Kept]:
        return [
            Kept(
                token=kept_token(self.actor, file),
                name=file.name,
                preview=url(self.actor, file, side=SMALL) if file.is_image else "",
            )
            for file in self.files
        ]

    @property
    def ticket(self) -> str:
        """For sending ahead."""
        return ticket(self.actor, self.kinds, self.max_bytes)

    @property
    def accept(self) -> str:
        return ",".join(kind.media_type for kind in Kind if kind in self.kinds)

    @property
    def pictures(self) -> bool:
        """Whether a camera helps."""
        return bool(self.kinds & IMAGES)

    @property
    def sounds(self) -> bool:
        """Whether a voice is recorded for it."""
        return self.kinds <= SOUND

    @property
    def says(self) -> str:
        kinds = "、".join(kind.extension.upper() for kind in Kind if kind in self.kinds)
        facts = {"most": self.most, "kinds": kinds, "size": f"{self.max_bytes / MEGABYTE:g}"}
        return _("At most %(most)s files: %(kinds)s, each up to %(size)s MB") % facts


class RedactionField(forms.CharField):
    """Boxes over an image of which the actor may see the content; its cleaned value is a list of Boxes."""

    widget = forms.Textarea
    redaction = True

    def __init__(self, actor: Actor, file: File, **options: Any) -> None:
        self.file = file
        self.image = (original_url if file.redacted else url)(actor, file, side=LARGE)
        options.setdefault("label", gettext_lazy("parts to black out"))
        super().__init__(**options)
        self.widget.attrs.update({"rows": 4, "spellcheck": "false", "autocomplete": "off"})

    def clean(self, value: Any) -> list[Box]:
        text = super().clean(value)
        try:
            boxes = parse(text)
        except ValueError as fault:
            raise ValidationError(
                _("Write a line for each box: left, top, width and height in per cent, such as 12 40 10 6.")
            ) from fault
        if not boxes or not all(box.fits() for box in boxes):
            raise ValidationError(_("Each box must lie inside the image."))
        return boxes

    def prepare_value(self, value: Any) -> Any:
        return write(value) if isinstance(value, list) else value


def _all(data: Any, name: str) -> list[Any]:
    """All values of a name; plain dictionaries (drafts, tests) hold a list or one."""
    if hasattr(data, "getlist"):
        return list(data.getlist(name))
    value = data.get(name) if data else None
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]
