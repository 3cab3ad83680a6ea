"""`zhen plan import | eval | measure | report`: plans from the command line."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhen.kernel.lib.refusals import Refused
from zhen.kernel.plan.evaluate import evaluate_files


def region(text: str) -> tuple[int, int]:
    """START:END in characters, end exclusive."""
    start, colon, end = text.partition(":")
    if not colon or not start.isdigit() or not end.isdigit() or int(start) >= int(end):
        raise ArgumentTypeError(f"{text!r} is no region: give START:END in characters, such as 120:4800")
    return int(start), int(end)


class Command(BaseCommand):
    help = "Import plans, measure how well the grammar reads, measure targets, freeze reports."
    # `eval` scores the grammar on files: it needs neither database nor checks
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        imports = commands.add_parser("import", help="read a plan (txt, docx, html, pdf) and propose its promises")
        imports.add_argument("file", type=Path)
        imports.add_argument("--year", type=int, help="the plan's first year, where the text does not say it")
        imports.add_argument("--title")
        imports.add_argument("--kind", default="yearly", choices=("yearly", "five_year", "special", "report"))
        imports.add_argument("--into", type=int, metavar="ID", help="the plan of which this is a new text")
        scores = commands.add_parser("eval", help="hold the grammar against annotated lines; prints JSON")
        scores.add_argument("--doc", type=Path, required=True, metavar="TEXT")
        scores.add_argument("--gold", type=Path, required=True, metavar="TARGETS.jsonl")
        scores.add_argument("--region", type=region, metavar="START:END")
        scores.add_argument("--tasks", action="store_true", help="score the owners instead of the targets")
        measures = commands.add_parser("measure", help="ask every target's indicator for its value today")
        measures.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD")
        reports = commands.add_parser("report", help="freeze a report with its evidence, and write it to files")
        reports.add_argument("document", type=int, metavar="ID", help="the plan's number; see `zhen plan import`")
        reports.add_argument("--title")
        reports.add_argument("--on", type=date.fromisoformat, metavar="YYYY-MM-DD")
        reports.add_argument("--docx", type=Path)
        reports.add_argument("--pdf", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        run = {"import": self.import_plan, "eval": self.score, "measure": self.measure, "report": self.report}
        try:
            run[options["command"]](options)
        except (Refused, OSError) as fault:
            raise CommandError(str(fault)) from fault

    def score(self, options: dict[str, Any]) -> None:
        result = evaluate_files(options["doc"], options["gold"], options["region"], options["tasks"])
        self.stdout.write(json.dumps(result, ensure_ascii=False))

    def import_plan(self, options: dict[str, Any]) -> None:
        from zhen.kernel.plan.actions.documents import Description, import_document
        from zhen.kernel.plan.models import Document

        into = None
        if options["into"] is not None:
            into = Document.objects.filter(pk=options["into"]).first()
            if into is None:
                raise CommandError(f"There is no plan {options['into']}. `zhen plan import FILE` makes a new one.")
        result = import_document(
            actor(),
            data=options["file"].read_bytes(),
            file_name=options["file"].name,
            described=Description(title=options["title"], year=options["year"], kind=options["kind"]),
            into=into,
        )
        self.tell(result.version, new=result.new, carried=result.carried)

    def tell(self, version: Any, *, new: bool, carried: int) -> None:
        from zhen.kernel.plan.models import Finding

        document = version.document
        known = "" if new else "  (this very file was imported before; nothing was written)"
        self.stdout.write(f"{document.title}  {document.years}  plan {document.pk}, text {version.number}{known}")
        findings = list(version.findings.all())
        chapters = list(version.sections.filter(parent=None))
        self.stdout.write(f"chapters: {len(chapters)}")
        for chapter in chapters:
            inside = [f for f in findings if chapter.start <= f.start < chapter.end]
            measures = sum(f.kind == Finding.Kind.MEASURE for f in inside)
            targets = sum(f.kind == Finding.Kind.TARGET for f in inside)
            self.stdout.write(f"  {chapter.number}{chapter.title}: {measures} measures, {targets} targets")
        measures = sum(f.kind == Finding.Kind.MEASURE for f in findings)
        targets_found = [f for f in findings if f.kind == Finding.Kind.TARGET]
        self.stdout.write(f"measures: {measures}")
        self.stdout.write(f"quantified targets: {len(targets_found)}")
        for finding in targets_found:
            number = version.text[finding.num_start : finding.num_end]
            self.stdout.write(f"  [{finding.start}:{finding.end}] {finding.text}  →  {finding.comparator} {number}")
        if carried:
            self.stdout.write(f"decisions carried over from the text before: {carried}")

    def measure(self, options: dict[str, Any]) -> None:
        from zhen.kernel.plan.actions.targets import measure_targets

        for measurement in measure_targets(actor(), on=options["on"]):
            shown = measurement.value if measurement.value is not None else measurement.get_reason_display()
            self.stdout.write(f"{measurement.target.text}: {shown}")

    def report(self, options: dict[str, Any]) -> None:
        from zhen.kernel.plan.actions.reports import freeze
        from zhen.kernel.plan.export import report_docx, report_pdf
        from zhen.kernel.plan.models import Document

        if not Document.objects.filter(pk=options["document"]).exists():
            raise CommandError(f"There is no plan {options['document']}. `zhen plan import` prints the numbers.")
        report = freeze(actor(), options["document"], title=options["title"] or "", on=options["on"])
        self.stdout.write(f"{report.title}: report {report.pk}, {report.lines.count()} lines, SHA-256 {report.sha256}")
        for path, write in ((options["docx"], report_docx), (options["pdf"], report_pdf)):
            if path is not None:
                path.write_bytes(write(actor(), report))
                self.stdout.write(str(path))


def actor() -> Any:
    from zhen.kernel.access.api import Actor

    return Actor.system("zhen plan")
