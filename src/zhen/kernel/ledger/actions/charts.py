"""Bringing declared charts into the database, and adding sub-accounts."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger.declarations import CHARTS, AccountClass, AccountSpec, Chart
from zhen.kernel.ledger.models import Account, Line
from zhen.kernel.lib.refusals import Refused


def prepare() -> None:
    """Bring every declared chart into the database. Part of `zhen prepare`; the town's sub-accounts stay."""
    for chart in CHARTS:
        with transaction.atomic():
            _bring(chart)


def _bring(chart: Chart) -> None:
    levels: dict[int, list[tuple[AccountClass, AccountSpec]]] = {}
    for kind in chart.classes:
        for spec in kind.accounts:
            levels.setdefault(spec.code.count("."), []).append((kind, spec))
    ids: dict[str, int] = {}
    for _depth, specs in sorted(levels.items()):
        rows = [_row(chart, kind, spec, ids.get(spec.parent)) for kind, spec in specs]
        made = Account.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["chart", "code"],
            update_fields=["name", "kind", "basis", "side", "parent", "mirror", "nominal"],
        )
        ids |= {row.code: row.pk for row in made}


def _row(chart: Chart, kind: AccountClass, spec: AccountSpec, parent_id: int | None) -> Account:
    debit = kind.debit != spec.contra
    return Account(
        chart=chart.id,
        code=spec.code,
        name=spec.name,
        kind=kind.id,
        basis=kind.basis,
        side=Account.Side.DEBIT if debit else Account.Side.CREDIT,
        parent_id=parent_id,
        mirror=spec.mirror,
        nominal=not kind.nominal.isdisjoint({"*", spec.code}),
    )


@action("ledger.account.add")
def add_account(actor: Actor, parent: Account, *, code: str, name: str) -> Account:
    """Add a sub-account below an account that nothing was posted to yet: `code` is its own part, such as 01."""
    full = f"{parent.code}.{code.strip()}"
    if not code.strip().isdigit() or len(code.strip()) > 4:
        raise Refused(
            field=_("code"), value=code, reason=_("it is not up to four digits"), remedy=_("Enter one such as 01")
        )
    if Account.objects.filter(chart=parent.chart, code=full).exists():
        raise Refused(
            field=_("code"), value=full, reason=_("there is such an account"), remedy=_("Take the next free code")
        )
    if Line.objects.filter(account=parent).exists():
        raise Refused(
            field=_("account"),
            value=parent,
            reason=_("something is posted to it"),
            remedy=_("Divide it at the beginning of a year, before anything is posted"),
        )
    made = Account.objects.create(
        chart=parent.chart,
        code=full,
        name=name.strip(),
        kind=parent.kind,
        basis=parent.basis,
        side=parent.side,
        parent=parent,
        mirror=parent.mirror,
        nominal=parent.nominal,
    )
    journal.record("ledger.account_added", by=actor, subject=made, data={"account": str(made)})
    return made
