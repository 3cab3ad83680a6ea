"""What a phone sends, taken once: a resend after a lost answer finds what came of it the first time.

The phone makes a request id for each thing that it sends, also while there is no signal, and sends it until it has an
answer. The database holds the id together with what was done, or neither.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from zhen.kernel.access.api import ActorKind, Denied
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.pages.api import Missing
from zhen.web.models import Sent
from zhen.web.requests import Request

KEY = "request_id"
GONE = gettext_lazy(
    "Not taken: meanwhile it was called off, removed or given to somebody else. "
    "What you recorded stays on this phone; tell the office what you saw before you discard it."
)
NOT_ALLOWED = gettext_lazy(
    "Not taken: your posts no longer allow it. "
    "What you recorded stays on this phone; tell the office what you saw before you discard it."
)
Given = ParamSpec("Given")
View = Callable[Concatenate[Request, Given], HttpResponse]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of it, and where to go."""

    told: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why nothing came of it. `overtaken`: somebody was faster; the words are worth another try."""

    told: str
    form: forms.Form
    overtaken: bool = False

    @property
    def status(self) -> int:
        return 409 if self.overtaken else 422


def heard(view: View[Given]) -> View[Given]:
    """A phone whose thing has gone meanwhile, or whose owner has other posts now, hears so; it keeps the words then."""

    @wraps(view)
    def told(request: Request, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
        script = request.method == "POST" and request.headers.get("Accept") == "application/json"
        if not script or request.actor.kind is ActorKind.ANONYMOUS:
            return view(request, *args, **kwargs)
        try:
            return view(request, *args, **kwargs)
        except Missing:
            return _kept_there(GONE, 404)
        except Denied:
            return _kept_there(NOT_ALLOWED, 403)

    return told


def _kept_there(told: Promise, status: int) -> HttpResponse:
    return JsonResponse({"state": "refused", "told": str(told), "url": reverse("field:home")}, status=status)


def take(
    request: Request,
    form: Callable[[], forms.Form],
    run: Callable[[forms.Form], Answer],
    redraw: Callable[[Fault], HttpResponse],
    here: str,
) -> HttpResponse:
    """Check a form and run it, once. A phone's script reads JSON; without one it is a page like any other.

    `here` is where somebody looks after a fault.
    """
    answer = _taken(request, form, run)
    if request.headers.get("Accept") == "application/json":
        return _as_json(request, answer, here)
    if isinstance(answer, Fault):
        return redraw(answer)
    messages.success(request, answer.told)
    return HttpResponseRedirect(answer.url)


def _taken(request: Request, make: Callable[[], forms.Form], run: Callable[[forms.Form], Answer]) -> Answer | Fault:
    user, key = request.actor.user_id, _key(request)
    assert user is not None, "a phone belongs to somebody who is signed in"
    known = Sent.objects.filter(user_id=user, key=key).first() if key else None
    if known is not None:
        return Answer(**known.answer)
    form = make()
    if not form.is_valid():
        return Fault(told=_said(form), form=form)
    try:
        with transaction.atomic():
            if key is None:
                return run(form)
            row, new = Sent.objects.get_or_create(user_id=user, key=key, defaults={"at": request.now, "answer": {}})
            if not new:
                return Answer(**row.answer)
            answer = run(form)
            row.answer = asdict(answer)
            row.save(update_fields=["answer"])
            return answer
    except Refused as refused:
        form.add_error(None, str(refused))
        return Fault(told=str(refused), overtaken=isinstance(refused, Outdated), form=form)


def _key(request: Request) -> UUID | None:
    try:
        return UUID(request.POST.get(KEY, ""))
    except ValueError:
        return None


def _said(form: forms.Form) -> str:
    parts = []
    for name, faults in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        parts += [f"{label}：{fault}" if label else str(fault) for fault in faults]
    return "\n".join(parts)


def _as_json(request: Request, answer: Answer | Fault, here: str) -> HttpResponse:
    if isinstance(answer, Answer):
        messages.success(request, answer.told)
        return JsonResponse({"state": "done", "told": answer.told, "url": answer.url})
    state = "overtaken" if answer.overtaken else "refused"
    return JsonResponse({"state": state, "told": answer.told, "url": here}, status=answer.status)
