"""What all generic pages share: the layout of their face, parameters, buttons, breadcrumbs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor
from zhen.kernel.pages.api import PAGES, Button, Choice, Filter, Page
from zhen.web.addresses import address, needs_key, parent_of
from zhen.web.errors import Unprocessable
from zhen.web.options import options
from zhen.web.requests import Request

LONGEST_VALUE = 200


@dataclass(frozen=True, kw_only=True)
class Crumb:
    text: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class FilterField:
    """A filter with its choices and the value that the address holds."""

    id: str
    label: str
    choices: tuple[Choice, ...]
    value: str
    always: bool = False

    @property
    def options(self) -> SafeString:
        return options(((choice.value, str(choice.label), 0) for choice in self.choices), self.value)


def layout(page: Page) -> str:
    return f"web/{page.face}.html"


def params_of(request: Request) -> dict[str, str]:
    """The parameters of the address, each once. A value without end is refused."""
    values = {name: str(value).strip() for name, value in request.GET.items()}
    for name, value in values.items():
        if len(value) > LONGEST_VALUE:
            raise Unprocessable(
                _("The value of “{name}” is longer than {most} characters. Shorten it.").format(
                    name=name, most=LONGEST_VALUE
                )
            )
        if "\x00" in value:
            raise Unprocessable(_("The value of “{name}” holds a character that no text has.").format(name=name))
    return values


def filter_fields(actor: Actor, filters: Iterable[Filter], params: Mapping[str, str]) -> tuple[FilterField, ...]:
    """The filters of a page, each value checked against its choices."""
    fields = []
    for declared in filters:
        choices = tuple(declared.choices(actor) if callable(declared.choices) else declared.choices)
        value = params.get(declared.id, "")
        if value and choices and value not in {choice.value for choice in choices}:
            raise Unprocessable(
                _("The filter “{label}” has no choice “{value}”. Choose one of: {choices}.").format(
                    label=declared.label, value=value, choices="、".join(str(choice.label) for choice in choices[:12])
                )
            )
        fields.append(
            FilterField(
                id=declared.id,
                label=str(declared.label),
                choices=choices,
                value=value or declared.default,
                always=bool(declared.default),
            )
        )
    return tuple(fields)


def apply_filters(rows: Any, filters: Iterable[Filter], params: Mapping[str, str]) -> Any:
    for declared in filters:
        value = params.get(declared.id) or declared.default
        if value:
            try:
                rows = declared.apply(rows, value)
            except (ValueError, ValidationError) as fault:
                message = _("The filter “{label}” cannot use “{value}”. Choose another value.")
                raise Unprocessable(message.format(label=declared.label, value=value)) from fault
    return rows


def buttons_of(actor: Actor, buttons: Sequence[Button], subject: Any = None) -> tuple[dict[str, Any], ...]:
    """The buttons that this actor may press now, with the address of the form that they open."""
    shown = []
    for button in buttons:
        if not actor.may(button.permission) or (button.shown and not button.shown(actor, subject)):
            continue
        url = ""
        if button.form:
            form = PAGES[button.form]
            key = getattr(subject, "key", None) or getattr(subject, "pk", None)
            url = address(form, key) if needs_key(form) else address(form)
        shown.append({"button": button, "url": url})
    return tuple(shown)


def pressed(request: Request, buttons: Sequence[Button], subject: Any = None) -> Button:
    """The button that a POST names. Unknown, or not offered to this actor on this subject: refused."""
    wanted = request.POST.get("action", "")
    button = next((button for button in buttons if button.id == wanted), None)
    if button is None or button.run is None:
        raise Unprocessable(_("This page has no action “{name}”. Reload it and choose again.").format(name=wanted[:40]))
    request.actor.require(button.permission)
    if button.shown and not button.shown(request.actor, subject):
        message = _("“{label}” is not possible any more: somebody was faster. Reload the page.")
        raise Unprocessable(message.format(label=button.label))
    return button


def run(request: Request, button: Button, subject: Any, data: Mapping[str, Any], back: str) -> HttpResponse:
    """Press a button: its action runs in its own transaction; what happened is said on the next page."""
    assert button.run is not None, "buttons with a form are links"
    try:
        result = button.run(request.actor, subject, data)
    except ValidationError as fault:
        raise Unprocessable("；".join(fault.messages)) from fault
    messages.success(request, _("Done: {what}").format(what=button.label))
    return HttpResponseRedirect(result if isinstance(result, str) and result.startswith("/") else back)


def must_confirm(request: Request, button: Button) -> bool:
    return bool(button.confirm) and "confirmed" not in request.POST


def ask(request: Request, page: Page, button: Button, *, count: int | None, back: str) -> HttpResponse:
    """What will happen, before it happens, for browsers without our script (else a dialog asks)."""
    sentence = str(button.confirm).format(count=count if count is not None else 1)
    names = [name for name in request.POST if name != "csrfmiddlewaretoken"]
    context = {
        "page": page,
        "layout": layout(page),
        "button": button,
        "sentence": sentence,
        "fields": [(name, value) for name in names for value in request.POST.getlist(name)],
        "back": back,
    }
    return render(request, "web/pages/confirm.html", context)


def crumbs(page: Page, heading: str = "") -> tuple[Crumb, ...]:
    parent = parent_of(page)
    before = (Crumb(text=str(parent.menu or parent.title), url=address(parent)),) if parent else ()
    return (*before, Crumb(text=heading or str(page.title)))
