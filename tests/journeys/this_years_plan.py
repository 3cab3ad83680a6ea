"""A plan of this year with one promise, measured by what visits find: `python -m tests.journeys.this_years_plan`.

The demo's plans are of years that are over; their figures no longer move.
"""

from __future__ import annotations

import os

import django

PROMISE = "检查发现问题整改率达到100%"


def main() -> None:
    from zhen.kernel.identity.api import User, actor_for
    from zhen.kernel.lib import clock
    from zhen.kernel.plan.api import Description, bind_target, confirm, import_document, publish
    from zhen.kernel.plan.models import Document, Target

    today = clock.today()
    planner, reviewer = (actor_for(User.objects.get(username=name), day=today) for name in ("planner", "reviewer"))
    title = f"{today.year}年平安工作计划"
    imported = import_document(
        planner,
        data=f"{title}\n一、平安建设\n开展重点场所消防和安全生产检查，{PROMISE}。\n".encode(),
        file_name="plan.txt",
        described=Description(title=title, year=today.year, kind=Document.Kind.YEARLY),
    )
    confirm(reviewer, dict(imported.version.findings.values_list("id", "revision")))
    plan = publish(reviewer, imported.version.document_id)
    target = Target.objects.get(document=plan)
    bind_target(planner, target.pk, target.revision, indicator="upkeep.findings_rectified")
    print(target.pk)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhen.project.settings")
    django.setup()
    main()
