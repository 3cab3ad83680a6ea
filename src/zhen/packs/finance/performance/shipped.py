"""The rules of scores that Zhen ships, laid once: the town compares them with their source and adds rows."""

from __future__ import annotations

from datetime import date

from zhen.packs.finance.performance.models import ScoreRule

SOURCE = "财预〔2020〕10号《项目支出绩效评价管理办法》第十三条、第二十二条；等级和提示单界限待镇财政所核对"


def lay() -> None:
    if not ScoreRule.objects.exists():
        ScoreRule.objects.create(
            execution=10,
            output=50,
            benefit=30,
            satisfaction=10,
            excellent=90,
            good=80,
            fair=60,
            blue=10,
            yellow=30,
            days=20,
            valid_from=date(2019, 1, 1),
            source=SOURCE,
        )
