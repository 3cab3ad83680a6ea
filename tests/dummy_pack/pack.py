"""What the dummy pack brings."""

from django.utils.translation import gettext_lazy as _

from tests.dummy_pack import actions, books, demo, devices, looking, messages, pages, queries, repairs, rules
from zhen.kernel.access.api import Actor, Permission, Reach, Role, RoleGrant, Separation
from zhen.kernel.cases.api import CaseSource
from zhen.kernel.jobs.api import Job
from zhen.kernel.journal.api import Consumer, EventKind
from zhen.kernel.notify.api import MessageTemplate
from zhen.kernel.packs.api import Pack
from zhen.kernel.pages.api import SearchSource
from zhen.kernel.plan.api import Indicator, IndicatorKind

EVENTS = (
    EventKind(id="dummy_pack.put_up", text=_("put up the bench {name}")),
    EventKind(id="dummy_pack.broken", text=_("noted that the bench {name} is broken")),
    EventKind(id="dummy_pack.whole", text=_("mended the bench {name}")),
    EventKind(id="dummy_pack.gone", text=_("took the bench {name} away")),
    EventKind(id="dummy_pack.reminded", text=_("reminded of the broken bench {name}")),
)

PACK = Pack(
    id="dummy_pack",
    name=_("Benches"),
    permissions=(
        Permission(id=actions.VIEW, name=_("see benches")),
        Permission(id=actions.CHANGE, name=_("put up and mend benches")),
        Permission(id="dummy_pack.accept", name=_("take over benches")),
    ),
    roles=(
        Role(
            id="dummy_pack.carpenter",
            name=_("carpenter"),
            permissions=frozenset({actions.VIEW, actions.CHANGE}),
            reach=Reach.UNIT,
        ),
        Role(
            id="dummy_pack.inspector",
            name=_("inspector of benches"),
            permissions=frozenset({actions.VIEW, "dummy_pack.accept"}),
            reach=Reach.UNIT,
        ),
    ),
    separations=(
        Separation(
            id="dummy_pack.taken_over",
            rule="B01",
            reason=_("who puts up a bench does not take it over"),
            first=frozenset({actions.CHANGE}),
            second=frozenset({"dummy_pack.accept"}),
            always=True,
        ),
    ),
    role_grants=(RoleGrant(id="dummy_pack.town_leader", role="town_leader", permissions=frozenset({actions.VIEW})),),
    event_kinds=EVENTS,
    consumers=(
        Consumer(
            id="dummy_pack.seen",
            name=_("Counts what happens to benches"),
            handle=actions.count_seen,
            kinds=frozenset(event.id for event in EVENTS),
        ),
    ),
    jobs=(
        Job(
            id="dummy_pack.remind",
            name=_("Remind of a broken bench"),
            run=lambda bench: actions.remind(Actor.system("dummy_pack"), bench),
        ),
    ),
    machines=(rules.BENCH,),
    case_types=(repairs.REPAIR, looking.FINDING),
    case_sources=(CaseSource(id="dummy_pack.apprentice", name=_("an apprentice")),),
    device_profiles=(devices.SEAT,),
    charts=(books.CHART,),
    voucher_templates=books.TEMPLATES,
    papers=books.PAPERS,
    checklists=(looking.BENCH_CHECK,),
    subject_sources=(looking.BENCHES,),
    forms=(pages.BENCH_FORM,),
    pages=pages.PAGES,
    home_panels=(pages.HOME,),
    search_sources=(
        SearchSource(id="dummy_pack.benches", label=_("Benches"), permission=actions.VIEW, find=queries.find),
    ),
    message_templates=(
        MessageTemplate(
            id="dummy_pack.broken",
            name=_("A bench is broken"),
            subject=_("{bench} is broken"),
            body=_("Please mend {bench}."),
            fields=("bench",),
        ),
        messages.LOOK,
    ),
    channels=(messages.BOARD,),
    reminder_sources=(messages.REMINDER,),
    indicators=(
        Indicator(
            id="dummy_pack.mended",
            name=_("Benches mended"),
            kind=IndicatorKind.COUNT,
            unit=_("benches"),
            formula=_("benches mended in the period"),
            numerator=queries.mended,
        ),
    ),
    prepare=demo.lay_classes,
    demo=demo.build,
)
