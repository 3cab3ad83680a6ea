"""What other modules may import of rounds."""

from zhen.kernel.rounds import finding_table
from zhen.kernel.rounds.actions.campaigns import change as change_campaign
from zhen.kernel.rounds.actions.campaigns import end as end_campaign
from zhen.kernel.rounds.actions.campaigns import make as make_campaign
from zhen.kernel.rounds.actions.campaigns import start as start_campaign
from zhen.kernel.rounds.actions.checklists import begin_draft, move_item, publish, put_item, remove_item
from zhen.kernel.rounds.actions.counting import count as count_campaign
from zhen.kernel.rounds.actions.drawing import draw, publish_draw, recuse
from zhen.kernel.rounds.actions.planning import order_days, plan_all, plan_round
from zhen.kernel.rounds.actions.tallying import fold_tallies
from zhen.kernel.rounds.actions.visiting import Photos, call_off, cosign, give, record, settle_conflict
from zhen.kernel.rounds.declarations import (
    CHECKLISTS,
    NO,
    NOT_APPLICABLE,
    SUBJECT_SOURCES,
    YES,
    Checklist,
    Every,
    FindingRule,
    Item,
    ItemKind,
    Match,
    NewSubject,
    Option,
    Severity,
    SourceFilter,
    SubjectSource,
    When,
)
from zhen.kernel.rounds.laying import lay_checklists
from zhen.kernel.rounds.models import Campaign, ChecklistVersion, Count, Draw, Finding, Round, Subject, Visit, VisitFile
from zhen.kernel.rounds.queries.campaigns import (
    Coverage,
    by_area,
    campaign_for,
    campaigns,
    coverage,
    coverages,
    current_round,
    draw_for,
)
from zhen.kernel.rounds.queries.checklists import in_use, version_for
from zhen.kernel.rounds.queries.visits import (
    ahead,
    findings,
    findings_of,
    subject_of,
    visit_for,
    visits,
    visits_to,
    waiting,
)
from zhen.kernel.rounds.record import record_pdf
from zhen.kernel.rounds.rights import VIEW, VISIT
from zhen.kernel.rounds.rules.answers import Asked, asked
from zhen.kernel.rounds.rules.answers import check as check_answers
from zhen.kernel.rounds.values import NewCampaign, Position, Recheck, Record, read_record

__all__ = [
    "CHECKLISTS",
    "NO",
    "NOT_APPLICABLE",
    "SUBJECT_SOURCES",
    "VIEW",
    "VISIT",
    "YES",
    "Asked",
    "Campaign",
    "Checklist",
    "ChecklistVersion",
    "Count",
    "Coverage",
    "Draw",
    "Every",
    "Finding",
    "FindingRule",
    "Item",
    "ItemKind",
    "Match",
    "NewCampaign",
    "NewSubject",
    "Option",
    "Photos",
    "Position",
    "Recheck",
    "Record",
    "Round",
    "Severity",
    "SourceFilter",
    "Subject",
    "SubjectSource",
    "Visit",
    "VisitFile",
    "When",
    "ahead",
    "asked",
    "begin_draft",
    "by_area",
    "call_off",
    "campaign_for",
    "campaigns",
    "change_campaign",
    "check_answers",
    "cosign",
    "count_campaign",
    "coverage",
    "coverages",
    "current_round",
    "draw",
    "draw_for",
    "end_campaign",
    "finding_table",
    "findings",
    "findings_of",
    "fold_tallies",
    "give",
    "in_use",
    "lay_checklists",
    "make_campaign",
    "move_item",
    "order_days",
    "plan_all",
    "plan_round",
    "publish",
    "publish_draw",
    "put_item",
    "read_record",
    "record",
    "record_pdf",
    "recuse",
    "remove_item",
    "settle_conflict",
    "start_campaign",
    "subject_of",
    "version_for",
    "visit_for",
    "visits",
    "visits_to",
    "waiting",
]
