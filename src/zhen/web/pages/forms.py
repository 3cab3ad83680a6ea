"""FormPage: drafts that save themselves, errors beside the fields, and every word kept on any error."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhen.kernel.lib import refusals
from zhen.kernel.pages.api import FormPage
from zhen.web import drafts
from zhen.web.pages import common
from zhen.web.requests import Request


def draw(request: Request, page: FormPage, key: str = "") -> HttpResponse:
    subject = page.subject(request.actor, key) if page.subject else None
    if request.method == "POST" and request.POST.get("draft") == "discard":
        drafts.forget(request.actor, page.id, key)
        return HttpResponseRedirect(request.get_full_path())
    if request.method == "POST":
        return _save(request, page, key, subject)
    form = page.form(request.actor, subject, None, None)
    draft = drafts.recall(request.actor, page.id, key) if page.draft else None
    if draft is not None:
        form.initial.update(draft.initial(form))
    return _show(request, page, key, subject, form, draft_at=draft.at if draft else None)


def _save(request: Request, page: FormPage, key: str, subject: Any) -> HttpResponse:
    form: forms.BaseForm = page.form(request.actor, subject, request.POST, request.FILES)
    if form.is_valid():
        try:
            url = page.save(request.actor, subject, form)
        except ValidationError as fault:
            _tell(form, fault)
        except refusals.Refused as refused:
            form.add_error(_field_called(form, refused.field), str(refused))
        else:
            drafts.forget(request.actor, page.id, key)
            messages.success(request, _("Done: {what}").format(what=page.submit or page.title))
            return HttpResponseRedirect(url)
    return _show(request, page, key, subject, form, status=422)


def _field_called(form: forms.BaseForm, label: object) -> str | None:
    """The field whose label the reader knows; a refusal of something else stands above the form."""
    return next((name for name, field in form.fields.items() if str(field.label) == str(label)), None)


def _tell(form: forms.BaseForm, fault: ValidationError) -> None:
    """An action's refusal stands beside the field that it names, if the form has it."""
    field = getattr(fault, "field", None)
    if hasattr(fault, "error_dict"):
        for name, errors in fault.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(field if field in form.fields else None, fault)


def _show(
    request: Request,
    page: FormPage,
    key: str,
    subject: Any,
    form: forms.BaseForm,
    *,
    status: int = 200,
    draft_at: datetime | None = None,
) -> HttpResponse:
    context = {
        "page": page,
        "layout": common.layout(page),
        "crumbs": common.crumbs(page),
        "form": form,
        "errors": errors_of(form) if form.is_bound else [],
        "submit": page.submit or page.title,
        "draft_at": draft_at,
        "draft": page.draft and request.actor.id is not None,
        "key": key,
    }
    return render(request, "web/pages/form.html", context, status=status)


def errors_of(form: forms.BaseForm) -> list[dict[str, Any]]:
    """The errors for the summary, each with the id and the label of its field."""
    errors = []
    for name, found in form.errors.items():
        field = None if name == NON_FIELD_ERRORS else form[name]
        errors.append(
            {"id": field.id_for_label if field else "", "label": field.label if field else "", "messages": list(found)}
        )
    return errors
