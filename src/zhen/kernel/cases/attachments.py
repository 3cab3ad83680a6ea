"""The attachments of a case as a page shows them, and the forms that add, black out and remove."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, Denied, actionable
from zhen.kernel.cases.actions.attaching import attach, redact_attachment, remove_attachment
from zhen.kernel.cases.declarations import CASE_TYPES, Powers
from zhen.kernel.cases.models import Case, CaseAttachment
from zhen.kernel.cases.queries.attachments import attachment_for, attachments_of
from zhen.kernel.cases.queries.cases import case_for
from zhen.kernel.files import api as files
from zhen.kernel.pages.api import Attached, Button, Chip, FormPage, Link, Panel, Tone

MOST_AT_ONCE = 6


def shown(actor: Actor, case: Case) -> list[Attached]:
    """The files of a case for its reader, each with what he may do with it."""
    may_edit = _may(actor, CASE_TYPES[case.type].powers.edit, case)
    return [_shown(actor, case, one, may_edit) for one in attachments_of(case)]


def shown_to_reporter(actor: Actor, case: Case) -> list[Attached]:
    return [
        Attached(
            name=one.caption or one.file.name,
            url=files.url(actor, one.file),
            preview=files.url(actor, one.file, side=files.SMALL) if one.file.is_image else "",
        )
        for one in attachments_of(case, public=True)
    ]


def _shown(actor: Actor, case: Case, one: CaseAttachment, may_edit: bool) -> Attached:
    chips = [Chip(text=CaseAttachment.Kind(one.kind).label)]
    if one.file.redacts_id:
        chips.append(Chip(text=_("parts blacked out"), tone=Tone.DUE_SOON))
    return Attached(
        name=one.caption or one.file.name,
        url=files.url(actor, one.file),
        preview=files.url(actor, one.file, side=files.SMALL) if one.file.is_image else "",
        detail=one.by_name,
        chips=chips,
        actions=tuple(_actions(actor, case, one, may_edit)),
    )


def _actions(actor: Actor, case: Case, one: CaseAttachment, may_edit: bool) -> Iterator[Link]:
    if may_edit and one.file.is_image and actor.may(files.REDACT):
        yield Link(text=_("Black out"), url=reverse("page:cases.redact", kwargs={"key": one.pk}))
    if one.file.redacts_id and actor.may(files.VIEW_ORIGINAL):
        yield Link(text=_("Original"), url=reverse("page:cases.original", kwargs={"key": one.pk}))
    if may_edit and case.open:
        yield Link(text=_("Remove"), url=reverse("page:cases.remove_attachment", kwargs={"key": one.pk}))


PANEL = Panel(
    id="attachments",
    title=_("Photos and files"),
    form="files",
    source=shown,
    wide=True,
    empty=_("Nothing is attached. Photos of the report and of the work come here."),
)


def attach_button(powers: Powers) -> Button:
    """The button of a case type's own page."""
    return Button(
        id="attach",
        label=_("Attach files"),
        permission=powers.comment,
        form="cases.attach",
        shown=lambda actor, case: _may(actor, powers.comment, case),
    )


def _may(actor: Actor, permission: str, case: Case) -> bool:
    return actor.may(permission) and actionable(actor, permission, Case.objects.filter(pk=case.pk)).exists()


def back_to(case: Case) -> str:
    """The page of the case: the type's own, or the desk's for all kinds."""
    detail = CASE_TYPES[case.type].detail
    if detail:
        return reverse(f"page:{detail}", kwargs={"key": case.number}) + "#attachments"
    return reverse("cases:case", kwargs={"number": case.number}) + "#attachments"


# adding


class AttachForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("kind"),
        choices=CaseAttachment.Kind.choices,
        initial=CaseAttachment.Kind.EVIDENCE,
        widget=forms.RadioSelect,
    )
    caption = forms.CharField(label=_("caption"), max_length=200, required=False)
    public = forms.BooleanField(label=_("the reporter sees it"), required=False)

    def __init__(self, actor: Actor, data: Any, sent: Any) -> None:
        super().__init__(data, sent)
        field = files.UploadField(actor, kinds=files.ALL, most=MOST_AT_ONCE, label=_("files"))
        self.fields = {"sent": field, **self.fields}


def _case_to_attach_to(actor: Actor, key: str) -> Case:
    case = case_for(actor, key)
    _require(actor, CASE_TYPES[case.type].powers.comment, case)
    return case


def _require(actor: Actor, permission: str, case: Case) -> None:
    if not _may(actor, permission, case):
        raise Denied(permission, actor)


def _attach(actor: Actor, case: Case, form: AttachForm) -> str:
    given = form.cleaned_data
    attach(actor, case.pk, given["sent"], kind=given["kind"], caption=given["caption"], public=given["public"])
    return back_to(case)


# what is done with one


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=300)


class PurposeForm(forms.Form):
    purpose = forms.CharField(
        label=_("purpose"), max_length=200, help_text=_("Your purpose is written to the journal, with your name.")
    )


class RedactForm(ReasonForm):
    def __init__(self, actor: Actor, attachment: CaseAttachment, data: Any) -> None:
        super().__init__(data)
        self.fields = {"boxes": files.RedactionField(actor, attachment.file), **self.fields}


def _attachment_to_change(actor: Actor, key: str) -> CaseAttachment:
    attachment = attachment_for(actor, key)
    _require(actor, CASE_TYPES[attachment.case.type].powers.edit, attachment.case)
    return attachment


def _image_to_redact(actor: Actor, key: str) -> CaseAttachment:
    attachment = _attachment_to_change(actor, key)
    actor.require(files.REDACT)
    return attachment


def _redacted_one(actor: Actor, key: str) -> CaseAttachment:
    attachment = attachment_for(actor, key)
    actor.require(files.VIEW_ORIGINAL)
    return attachment


def _redact(actor: Actor, attachment: CaseAttachment, form: RedactForm) -> str:
    redact_attachment(actor, attachment.pk, form.cleaned_data["boxes"], form.cleaned_data["reason"])
    return back_to(attachment.case)


def _remove(actor: Actor, attachment: CaseAttachment, form: ReasonForm) -> str:
    remove_attachment(actor, attachment.pk, form.cleaned_data["reason"])
    return back_to(attachment.case)


def _original(actor: Actor, attachment: CaseAttachment, form: PurposeForm) -> str:
    original = files.open_original(actor.for_purpose(form.cleaned_data["purpose"]), attachment.file)
    return files.original_url(actor, original)


PAGES = (
    FormPage(
        id="cases.attach",
        title=_("Attach files"),
        permission=None,
        signed_in=True,
        subject=_case_to_attach_to,
        form=lambda actor, case, data, sent: AttachForm(actor, data, sent),
        save=_attach,
        submit=_("Attach"),
    ),
    FormPage(
        id="cases.redact",
        title=_("Black out parts of an image"),
        intro=_("The copy that is made holds no trace of what lies under the boxes. The original stays, closed."),
        permission=None,
        signed_in=True,
        subject=_image_to_redact,
        form=lambda actor, attachment, data, sent: RedactForm(actor, attachment, data),
        save=_redact,
        submit=_("Black out"),
        draft=False,
    ),
    FormPage(
        id="cases.remove_attachment",
        title=_("Remove a file"),
        intro=_("The file is deleted. The journal keeps that it was there, and why it went."),
        permission=None,
        signed_in=True,
        subject=_attachment_to_change,
        form=lambda actor, attachment, data, sent: ReasonForm(data),
        save=_remove,
        submit=_("Remove"),
        draft=False,
    ),
    FormPage(
        id="cases.original",
        title=_("Open the original"),
        permission=None,
        signed_in=True,
        subject=_redacted_one,
        form=lambda actor, attachment, data, sent: PurposeForm(data),
        save=_original,
        submit=_("Open"),
        draft=False,
    ),
)
