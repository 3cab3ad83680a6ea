"""A pack: one frozen value that says everything the pack brings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from django.utils.functional import Promise

from zhen.kernel.access.api import Permission, Role, RoleGrant, Separation
from zhen.kernel.cases.api import CaseSource, CaseType
from zhen.kernel.forms.api import FormSchema
from zhen.kernel.jobs.api import Job
from zhen.kernel.journal.api import Consumer, EventKind
from zhen.kernel.ledger.api import Chart, Paper, VoucherTemplate
from zhen.kernel.lib.registry import Bundle, Declaration
from zhen.kernel.lib.states import Machine
from zhen.kernel.notify.api import Channel, MessageTemplate, ReminderSource
from zhen.kernel.pages.api import HomePanel, Page, SearchSource
from zhen.kernel.plan.api import Indicator
from zhen.kernel.rounds.api import Checklist, SubjectSource
from zhen.kernel.telemetry.api import DeviceProfile

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class DemoBuild:
    """What a pack builds its part of the demo town from. `scale` is small or town; `say` tells the progress."""

    seed: int
    scale: str = "small"
    say: Callable[[str], object] = print


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A domain of the town's work, in a folder that can be deleted.

    The tuples hold declarations; each goes to the kernel module that owns its kind. The folder is a
    Django app: models, migrations, templates and translations in it are found as in any other.

    permissions: what somebody may do here
    roles: named sets of permissions that only this pack needs
    role_grants: its permissions, added to roles of the kernel
    separations: what one person never combines, as permissions that exclude each other
    event_kinds: what can happen, as sentences of the journal
    consumers: readers of the journal, each event once
    jobs: work in the background, on demand or by the clock
    machines: the states its things go through, where no noun of the kernel has them already
    case_types: kinds of cases with their states, steps and deadlines
    case_sources: what its cases come from, as people say it
    device_profiles: kinds of devices with what they measure and when they alarm
    charts: charts of accounts
    voucher_templates: the paired entries of business events
    papers: kinds of papers that are booked or that payments belong to, with the address of their pages
    checklists: what is looked at on visits, which answer is a finding, and what becomes of it
    subject_sources: registers of what can be visited
    forms: what is asked, as versioned JSON Schema, where no case type asks it
    pages: lists, details, forms, boards, maps, dashboards; `web` draws them
    home_panels: parts of the first screens
    search_sources: what the global search can find
    message_templates: messages it sends, which the town may reword
    channels: further ways to reach people
    reminder_sources: dates that people are reminded of
    indicators: values for the plan's targets, read from recorded work
    prepare: brings the rows that it ships into the database, after each migration; safe to repeat, and the town's
        own changes stay
    demo: builds the pack's part of the demo town from a seed, through actions
    """

    id: str
    name: Text
    permissions: tuple[Permission, ...] = ()
    roles: tuple[Role, ...] = ()
    role_grants: tuple[RoleGrant, ...] = ()
    separations: tuple[Separation, ...] = ()
    event_kinds: tuple[EventKind, ...] = ()
    consumers: tuple[Consumer, ...] = ()
    jobs: tuple[Job, ...] = ()
    machines: tuple[Machine, ...] = ()
    case_types: tuple[CaseType, ...] = ()
    case_sources: tuple[CaseSource, ...] = ()
    device_profiles: tuple[DeviceProfile, ...] = ()
    charts: tuple[Chart, ...] = ()
    voucher_templates: tuple[VoucherTemplate, ...] = ()
    papers: tuple[Paper, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    subject_sources: tuple[SubjectSource, ...] = ()
    forms: tuple[FormSchema, ...] = ()
    pages: tuple[Page, ...] = ()
    home_panels: tuple[HomePanel, ...] = ()
    search_sources: tuple[SearchSource, ...] = ()
    message_templates: tuple[MessageTemplate, ...] = ()
    channels: tuple[Channel, ...] = ()
    reminder_sources: tuple[ReminderSource, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    prepare: Callable[[], object] | None = None
    demo: Callable[[DemoBuild], object] | None = None

    def bundle(self) -> Bundle:
        items: list[Declaration] = []
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, tuple):
                items.extend(value)
        return Bundle(owner=self.id, items=tuple(items))


def joined(whole: Pack, *parts: Pack) -> Pack:
    """A pack with what its parts bring. A part is a folder of the pack with a `Pack` value of the same id.

    Tuples follow each other in the order of the parts; what each prepares and builds runs in that order.
    """
    every = (whole, *parts)
    strange = next((part for part in parts if part.id != whole.id), None)
    if strange is not None:
        raise ValueError(f"the part {strange.id} does not belong to the pack {whole.id}")
    brought: dict[str, Any] = {
        field.name: tuple(item for part in every for item in getattr(part, field.name))
        for field in fields(whole)
        if isinstance(getattr(whole, field.name), tuple)
    }

    def prepare() -> None:
        for part in every:
            if part.prepare is not None:
                part.prepare()

    def demo(town: DemoBuild) -> None:
        for part in every:
            if part.demo is not None:
                part.demo(town)

    return replace(whole, **brought, prepare=prepare, demo=demo)
