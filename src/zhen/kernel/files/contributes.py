"""What the kernel module files declares."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, RoleGrant
from zhen.kernel.files.actions import FORGET, REDACT, VIEW_ORIGINAL
from zhen.kernel.files.tidying import forget, sweep
from zhen.kernel.jobs.api import Job
from zhen.kernel.journal.api import EventKind
from zhen.kernel.lib.registry import Bundle

PERMISSIONS = (
    Permission(id=REDACT, name=_("black out parts of images")),
    Permission(id=VIEW_ORIGINAL, name=_("open the originals of redacted images"), sensitive=True),
)

GRANTS = (
    RoleGrant(id="files.dispatcher", role="dispatcher", permissions=frozenset({REDACT, VIEW_ORIGINAL})),
    RoleGrant(id="files.unit_head", role="unit_head", permissions=frozenset({REDACT, VIEW_ORIGINAL})),
    RoleGrant(id="files.unit_clerk", role="unit_clerk", permissions=frozenset({REDACT})),
    RoleGrant(id="files.counter_clerk", role="counter_clerk", permissions=frozenset({REDACT})),
    RoleGrant(id="files.neighbourhood_secretary", role="neighbourhood_secretary", permissions=frozenset({REDACT})),
)

EVENT_KINDS = (
    EventKind(id="files.stored", text=_("stored a file ({kind}, {bytes} bytes)")),
    EventKind(id="files.redacted", text=_("made a copy of an image with {boxes} parts blacked out")),
    EventKind(id="files.discarded", text=_("gave up a file")),
)


def _sweep() -> None:
    sweep()


JOBS = (
    Job(id="files.sweep", name=_("Delete contents that no row names"), run=_sweep, every="20 3 * * *"),
    Job(id=FORGET, name=_("Delete the content of a file that was given up"), run=forget),
)

BUNDLE = Bundle(owner="files", items=(*PERMISSIONS, *GRANTS, *EVENT_KINDS, *JOBS))
