"""What somebody may do in internal control, and who gets it."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, Reach, Role, RoleGrant

VIEW = "finance.control.view"
PROPOSE = "finance.control.propose"
APPROVE_RULE = "finance.control.approve"
ENTER = "finance.resolution.enter"
LEGAL = "finance.resolution.review"
COVER = "finance.resolution.use"
LOOK = "finance.risk.look"
CLOSE = "finance.risk.close"
ANSWER = "finance.audit.answer"
AUDIT = "finance.audit.do"

PERMISSIONS = (
    Permission(id=VIEW, name=_("read the rules and findings of internal control")),
    Permission(id=PROPOSE, name=_("propose rules of internal control")),
    Permission(id=APPROVE_RULE, name=_("put rules of internal control in force")),
    Permission(id=ENTER, name=_("enter resolutions")),
    Permission(id=LEGAL, name=_("review resolutions as the legal adviser")),
    Permission(id=COVER, name=_("name the resolution that covers a paper")),
    Permission(id=LOOK, name=_("look into findings of internal control")),
    Permission(id=CLOSE, name=_("close findings of internal control")),
    Permission(id=ANSWER, name=_("answer audit notes")),
    Permission(id=AUDIT, name=_("audit public money: draw samples, follow papers, write notes")),
)

AUDITOR = "finance.auditor"
_READ = ("finance.procurement.view", "finance.asset.view", "finance.objective.view")
ADVISER = "finance.legal_adviser"
ROLES = (
    Role(
        id=AUDITOR,
        name=_("auditor of public money"),
        permissions=frozenset({"finance.view", "ledger.view", *_READ, VIEW, AUDIT}),
        reach=Reach.TOWN,
    ),
    Role(id=ADVISER, name=_("legal adviser"), permissions=frozenset({VIEW, LEGAL}), reach=Reach.TOWN),
)

_OF_ROLES = {
    "finance_officer": frozenset({VIEW, PROPOSE, COVER, LOOK, ANSWER}),
    "town_leader": frozenset({VIEW, APPROVE_RULE, CLOSE}),
    "plan_officer": frozenset({VIEW, ENTER}),
    "unit_head": frozenset({VIEW, COVER, ANSWER}),
    "unit_clerk": frozenset({COVER}),
    "finance.accountant": frozenset({VIEW, COVER, ANSWER}),
}
GRANTS = tuple(
    RoleGrant(id=f"finance.control.{role}", role=role, permissions=permissions)
    for role, permissions in _OF_ROLES.items()
)
