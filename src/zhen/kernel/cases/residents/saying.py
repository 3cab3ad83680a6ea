"""What the reporter adds to his case, by its number and secret."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.cases.actions import attaching
from zhen.kernel.cases.actions.common import SECRET, tell
from zhen.kernel.cases.models import Case, CaseAttachment, Comment
from zhen.kernel.cases.secret import case_opened_by
from zhen.kernel.files.api import File
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing

LONGEST = 2000
MOST = 50
"""How much a reporter may add to one case: a secret is no way to fill the town's disks."""


@action(None, silent=True, asks=SECRET)
def say_as_reporter(actor: Actor, number: str, secret: str, text: str, files: Sequence[File] = ()) -> Comment:
    """A word of the reporter's, with photos. Wrong number and wrong secret look the same: both raise Missing."""
    case_id = case_opened_by(number, secret)
    if case_id is None:
        raise Missing(number)
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    text = text.strip()
    if not text or len(text) > LONGEST or "\x00" in text:
        raise Refused(
            field=_("comment"),
            value=text[:100],
            reason=_("it is empty, or longer than %(most)s characters") % {"most": LONGEST},
            remedy=_("Write it again"),
        )
    if Comment.objects.filter(case=case, kind=Comment.Kind.REPORTER).count() >= MOST:
        raise Refused(
            field=_("comment"),
            value=number,
            reason=_("this report has %(most)s additions already") % {"most": MOST},
            remedy=_("Ring the town's hotline and name the number"),
        )
    said = Comment.objects.create(case=case, kind=Comment.Kind.REPORTER, text=text, public=True, at=clock.now())
    attaching.put(actor, case, tuple(files), kind=CaseAttachment.Kind.REPORT, public=True)
    tell("cases.commented", Actor.anonymous(), case, comment=said.pk, kind=str(Comment.Kind.REPORTER), public=True)
    return said
