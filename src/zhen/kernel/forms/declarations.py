"""Forms as modules and packs declare them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from zhen.kernel.forms.schema import Schema, problems_of
from zhen.kernel.lib.problems import Problem
from zhen.kernel.lib.registry import Entry, Registry

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class FormSchema:
    """A form as JSON Schema: what is asked, and what an answer must be.

    Raise `version` with every change and move the schema that stood there to `earlier`: answers keep the
    version that they were given in, and are shown by it.
    """

    id: str
    name: Text
    schema: Mapping[str, Any]
    version: int = 1
    earlier: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, version: int) -> Schema:
        """The schema of a version; of one that is not kept any more, an empty one, which still shows the answers."""
        return self.schema if version == self.version else self.earlier.get(version, {})


def _check(forms: Mapping[str, Entry[FormSchema]]) -> Iterable[Problem]:
    for entry in forms.values():
        form = entry.value
        where = f"{entry.owner}: form {form.id}"
        for version in form.earlier:
            if not 1 <= version < form.version:
                yield Problem(
                    where=where, what=f"keeps the version {version} as an earlier one", remedy="Raise the version"
                )
        yield from problems_of(form.schema, where)


FORMS: Registry[FormSchema] = Registry(FormSchema, label="form", check=_check)
