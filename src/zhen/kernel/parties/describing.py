"""docs/reference/personal-data.md, written from the declarations."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import override

from zhen.kernel.lib.privacy import After, Forever, Privacy, Sensitivity, With
from zhen.kernel.parties.holding import duration
from zhen.kernel.parties.retaining import Model, declared_models

HEAD = """# Personal data

Every model that holds personal data declares it in code (`zhen.kernel.lib.privacy`); this page is written from
those declarations by `zhen parties document`, and a test holds it current. Do not edit it.

PIPL is the Personal Information Protection Law (个人信息保护法). *Sensitive* is meant as in its article 28;
article 13 gives the legal bases.
"""


def document(*, without: str = "") -> str:
    """The page, in English and in a fixed order; `without` the models of an app."""
    with override("en"):
        parts = sorted(
            _model(model, privacy) for model, privacy in declared_models() if model._meta.app_label != without
        )
        return "\n".join([HEAD, *parts])


def _model(model: Model, privacy: Privacy) -> str:
    lines = [
        f"## {model._meta.label}",
        "",
        "| | |",
        "|---|---|",
        f"| what | {_cell(model._meta.verbose_name)} |",
        f"| purpose | {_cell(privacy.purpose)} |",
        f"| legal basis | {_cell(_basis(privacy))} |",
        f"| kept | {_cell(_kept(privacy))} |",
        *_levels(privacy),
        "",
    ]
    return "\n".join(lines)


def _basis(privacy: Privacy) -> str:
    text = f"PIPL 13(1)({privacy.basis.value}): {privacy.basis.text}"
    return f"{text}. {privacy.law}" if privacy.law else text


def _kept(privacy: Privacy) -> str:
    match privacy.retention:
        case Forever(source=source):
            return f"for good. {source}"
        case With(fields=fields):
            return f"as long as {' and '.join(fields)}"
        case After(anonymise=anonymise) as after:
            fate = "" if anonymise is None else ", then without the person"
            along = f", or as long as {' and '.join(after.along)}" if after.along else ""
            return f"{duration(after)} after `{after.field}` ({after.event}){along}{fate}. {after.source}"
    raise AssertionError("the privacy check lets no model pass without retention")


def _levels(privacy: Privacy) -> Iterator[str]:
    for level in (Sensitivity.SENSITIVE, Sensitivity.PERSONAL, Sensitivity.INTERNAL, Sensitivity.PUBLIC):
        names = getattr(privacy, level.value)
        if names:
            yield f"| {level.value} | {', '.join(f'`{name}`' for name in names)} |"


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|")
