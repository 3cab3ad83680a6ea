"""Which checks a warning opens, to begin with. Dated rows: the town ends them and enters its own."""

from datetime import date
from typing import Any

from django.db import migrations

BLUE, YELLOW, ORANGE = 1, 2, 3
SINCE = date(2020, 1, 1)
SOURCE = "《国家防汛抗旱应急预案》（2022）；级别与范围由镇确认"
# phase, from the level, kind of premises, checklist, days
RULES = (
    ("before", BLUE, "building_site", "upkeep.flood_before", 1),
    ("before", BLUE, "shed", "upkeep.flood_before", 1),
    ("before", YELLOW, "market", "upkeep.flood_before", 1),
    ("before", YELLOW, "nursing_home", "upkeep.flood_before", 1),
    ("during", ORANGE, "building_site", "upkeep.flood_during", 1),
    ("during", ORANGE, "shed", "upkeep.flood_during", 1),
    ("after", BLUE, "building_site", "upkeep.flood_after", 2),
    ("after", BLUE, "shed", "upkeep.flood_after", 2),
    ("after", YELLOW, "market", "upkeep.flood_after", 2),
)


def enter(apps: Any, _schema: Any) -> None:
    rule = apps.get_model("upkeep", "CheckRule")
    rule.objects.bulk_create(
        rule(
            phase=phase, level=level, premises=premises, checklist=checklist, days=days, valid_from=SINCE, source=SOURCE
        )
        for phase, level, premises, checklist, days in RULES
    )


class Migration(migrations.Migration):
    dependencies = [("upkeep", "0002_flood")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
