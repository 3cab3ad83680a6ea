"""The town's own rows: what the law asks for and how long whoever built it answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.packs.renewal import rights
from zhen.packs.renewal.actions.common import no
from zhen.packs.renewal.models import ConsentRule, DelayReason, WarrantyTerm

R = TypeVar("R", ConsentRule, WarrantyTerm, DelayReason)
SAME = {ConsentRule: "matter", WarrantyTerm: "kind", DelayReason: "code"}

SHIPPED: tuple[tuple[type[Any], Mapping[str, Any]], ...] = (
    (
        ConsentRule,
        {
            "matter": "fund", "part_of": 2, "part_in": 3, "agree_of": 2, "agree_in": 3, "of_all": True,
            "publicity_days": 7, "valid_from": date(2007, 10, 1), "valid_to": date(2020, 12, 31),
            "source": "《物权法》第七十六条第二款（全体业主人数和面积的三分之二以上）；公示期为本镇做法，待核",
        },
    ),
    (
        ConsentRule,
        {
            "matter": "fund", "part_of": 2, "part_in": 3, "agree_of": 1, "agree_in": 2, "more_than": True,
            "publicity_days": 7, "valid_from": date(2021, 1, 1),
            "source": "《民法典》第二百七十八条第二款；公示期为本镇做法，待核",
        },
    ),
    (
        ConsentRule,
        {
            "matter": "alter", "part_of": 2, "part_in": 3, "agree_of": 2, "agree_in": 3, "of_all": True,
            "publicity_days": 7, "valid_from": date(2007, 10, 1), "valid_to": date(2020, 12, 31),
            "source": "《物权法》第七十六条第二款（全体业主人数和面积的三分之二以上）；公示期为本镇做法，待核",
        },
    ),
    (
        ConsentRule,
        {
            "matter": "alter", "part_of": 2, "part_in": 3, "agree_of": 3, "agree_in": 4,
            "publicity_days": 7, "valid_from": date(2021, 1, 1),
            "source": "《民法典》第二百七十八条第二款；公示期为本镇做法，待核",
        },
    ),
    *(
        (WarrantyTerm, {"kind": kind, "months": months, "valid_from": date(2000, 1, 30), "source": source})
        for kind, months, source in (
            ("roof", 60, "《建设工程质量管理条例》第四十条第一款第二项：屋面防水工程五年"),
            ("drainage", 24, "《建设工程质量管理条例》第四十条第一款第四项：给排水管道二年"),
            ("comprehensive", 24, "《建设工程质量管理条例》第四十条第一款第四项：设备安装和装修工程二年"),
            ("road", 12, "合同约定（待核）"),
            ("key", 24, "《建设工程质量管理条例》第四十条第一款第四项：设备安装和装修工程二年"),
            ("rebuild", 60, "《建设工程质量管理条例》第四十条第一款第二项：防水工程五年；主体结构为合理使用年限"),
        )
    ),
    *(
        (DelayReason, {"code": code, "name": name, "valid_from": date(2019, 1, 1), "source": "本镇规定（示范）"})
        for code, name in (
            ("weather", "天气"),
            ("epidemic", "疫情防控"),
            ("residents", "居民意见协调"),
            ("design", "设计变更"),
            ("supply", "材料供应"),
            ("money", "资金到位"),
            ("other", "其他"),
        )
    ),
)  # fmt: skip


@action(rights.RULES, silent=True)
def lay(actor: Actor) -> int:
    """Bring the rows that come with the pack, where the town has none of the kind yet. Gives how many."""
    made = 0
    for model, facts in SHIPPED:
        name = SAME[model]
        rows = model.objects.filter(**{name: facts[name], "valid_from": facts["valid_from"]})
        if not rows.exists():
            model.objects.create(**facts)
            made += 1
    if made:
        journal.record("renewal.rules_laid", by=actor, subject=("renewal.rules", 0), data={"rows": made})
    return made


@action(rights.RULES)
def add_rule(actor: Actor, row: R) -> R:
    """A new rule, from a day. The one that held until then ends the day before; what it decided stays decided."""
    model = type(row)
    name = SAME[model]
    same = model._default_manager.select_for_update().filter(**{name: getattr(row, name)})
    last = same.order_by("-valid_from").first()
    if last is not None and last.valid_from >= row.valid_from:
        raise no(_("valid from"), row.valid_from, _("a later rule holds already"), _("Choose a later day"))
    if last is not None and (last.valid_to is None or last.valid_to >= row.valid_from):
        last.valid_to = row.valid_from - timedelta(days=1)
        last.save(update_fields=["valid_to"])
    row.save()
    facts = {"rule": str(row), "source": row.source, "on": row.valid_from.isoformat()}
    journal.record("renewal.rule_added", by=actor, subject=row, data=facts)
    return row
