"""Pictures of works: what nobody is to see in them is blacked out by a person before they are released."""

from __future__ import annotations

from collections.abc import Sequence

from zhen.kernel.access.api import Actor, action
from zhen.kernel.files import api as files
from zhen.kernel.files.api import Box, File
from zhen.packs.renewal import rights
from zhen.packs.renewal.actions.common import held, tell
from zhen.packs.renewal.models import Picture


@action(rights.WORK)
def black_out(actor: Actor, picture: Picture, boxes: Sequence[Box], reason: str) -> File:
    """A copy without what lies under the boxes (a face, a plate) is shown from now on, here and on the visit's page.

    The original stays, for those with the right to originals. Raises Refused where the boxes or the reason are wrong.
    """
    found = held(actor, rights.WORK, picture)
    copy = files.redact(actor, files.shown_of([found.file])[found.file_id], boxes, reason)
    tell("renewal.picture_redacted", actor, found.project, on=found.taken_on.isoformat(), boxes=len(boxes))
    return copy
