"""The years that the library knows, laid into the table: there the town reads and corrects them."""

from typing import Any

from django.db import migrations

from zhen.kernel.cases.calendar.ruling import fill


def lay(apps: Any, _schema_editor: Any) -> None:
    model = apps.get_model("cases", "CalendarDay")
    if not model.objects.exists():
        fill(model)


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_orders")]
    operations = [migrations.RunPython(lay, migrations.RunPython.noop)]
