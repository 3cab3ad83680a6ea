"""Lists as files: CSV is streamed, XLSX is bounded; no cell is ever a formula; sensitive columns stay here."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from zhen.kernel.pages.api import Column, ListPage
from zhen.web.errors import Unprocessable
from zhen.web.pages import values

MOST_ROWS = {"csv": 200_000, "xlsx": 20_000}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the start of a formula, also in full width. Source: OWASP, CSV injection."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Plain = str | int | float | Decimal | None


def answer(page: ListPage, rows: Any, form: str) -> HttpResponse:
    if not page.export or form not in MOST_ROWS:
        raise Unprocessable(_("This list cannot be saved as “{form}”. Choose csv or xlsx.").format(form=form[:20]))
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    if total > MOST_ROWS[form]:
        raise Unprocessable(
            _("{total} rows are too many for one {form} file of {most}. Narrow the list with a filter.").format(
                total=total, form=form, most=MOST_ROWS[form]
            )
        )
    columns = [column for column in page.columns if not column.sensitive]
    lines = table(columns, rows.iterator(chunk_size=1000) if isinstance(rows, QuerySet) else rows)
    name = f"{page.id.replace('.', '-')}.{form}"
    response: HttpResponseBase
    if form == "csv":
        response = StreamingHttpResponse(csv_lines(lines), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    else:
        response = FileResponse(xlsx_file(lines), content_type=XLSX, as_attachment=True, filename=name)
    return response  # type: ignore[return-value]  # HttpResponse is what callers compose with


def table(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[list[Plain]]:
    yield [str(column.label) for column in columns]
    for row in rows:
        yield [safe(values.plain(row, column)) for column in columns]


def safe(value: Plain) -> Plain:
    """A text that a spreadsheet would run is made a text again by a quotation mark before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


class _Line:
    """What csv.writer writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(lines: Iterable[list[Plain]]) -> Iterator[str]:
    """UTF-8 with a byte order mark: without it, office programs read Chinese as something else."""
    writer = csv.writer(_Line())
    yield "\ufeff"
    for line in lines:
        yield writer.writerow(line)


def xlsx_file(lines: Iterable[list[Plain]]) -> IO[bytes]:
    # Imported at first use: it takes 40 MB in every process, for a button that few press.
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in lines:
        sheet.append(line)
    file = tempfile.TemporaryFile()  # noqa: SIM115 FileResponse closes it
    book.save(file)
    file.seek(0)
    return file
