"""Plans for our tests: a small one in the town's form, and who works on it. Not part of what runs."""

from __future__ import annotations

from zhen.kernel.access.api import Actor, ActorKind, grants_of
from zhen.kernel.identity.api import Unit
from zhen.kernel.identity.testing import a_unit
from zhen.kernel.plan.actions import documents, findings
from zhen.kernel.plan.actions.documents import Description, Imported
from zhen.kernel.plan.models import Document, Finding

TEXT = """桃源镇2024年经济与社会发展计划

（一）稳中求进，推动经济发展

持续优化产业结构。区级税收增长6%。推进智能科技产业园建设工作。（责任单位：经济发展办公室；配合单位：财政所）

（二）聚焦重点，提升城市建设

深入推进美丽家园建设。完成7个小区屋面改造和2个小区雨污水分流改造项目，开展美丽家园示范点创建。编制社区发展规划。
"""


def alice() -> Actor:
    """Alice plans: she may do everything with plans but sign off figures."""
    return Actor(kind=ActorKind.USER, id=1, name="Alice", grants=grants_of(("plan_officer",)))


def bob() -> Actor:
    """Bob plans too."""
    return Actor(kind=ActorKind.USER, id=2, name="Bob", grants=grants_of(("plan_officer",)))


def frank() -> Actor:
    """Frank keeps the finances: he imports figures and signs off those of others."""
    return Actor(kind=ActorKind.USER, id=6, name="Frank", grants=grants_of(("finance_officer",)))


def charlie() -> Actor:
    """Charlie is a stranger without a post."""
    return Actor(kind=ActorKind.USER, id=3, name="Charlie")


def a_plan(text: str = TEXT, *, file_name: str = "plan.txt", into: Document | None = None) -> Imported:
    return documents.import_document(
        alice(), data=text.encode(), file_name=file_name, described=Description(), into=into
    )


def confirmed(imported: Imported) -> Document:
    """The plan with every finding confirmed by Alice."""
    findings.confirm(alice(), findings.seen(imported.version.findings.all()))
    return imported.version.document


def the_finding(imported: Imported, words: str, kind: str = "target") -> Finding:
    return imported.version.findings.get(text__contains=words, kind=kind)


def town_units() -> dict[str, Unit]:
    return {name: a_unit(code, name) for code, name in (("jjb", "经济发展办公室"), ("czs", "财政所"))}
