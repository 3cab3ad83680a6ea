"""What the project library brings to the pack of public money."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.journal.api import EventKind
from zhen.kernel.packs.api import Pack
from zhen.packs.finance.projects.rights import GRANTS, PERMISSIONS
from zhen.packs.finance.projects.screens import PAGES

EVENTS = (
    EventKind(id="finance.project_proposed", text=_("proposed the project {project} with {amount}")),
    EventKind(id="finance.project_changed", text=_("changed the project {project}, {amount}")),
    EventKind(id="finance.project_admitted", text=_("admitted the project {project} to the library")),
    EventKind(id="finance.project_returned", text=_("sent the project {project} back: {reason}")),
    EventKind(id="finance.project_ended", text=_("took the project {project} out of the library: {reason}")),
    EventKind(id="finance.project_drawn", text=_("drew the project {project} into the budget {budget}")),
)

PART = Pack(
    id="finance",
    name=_("Project library"),
    permissions=PERMISSIONS,
    role_grants=GRANTS,
    event_kinds=EVENTS,
    pages=PAGES,
)
