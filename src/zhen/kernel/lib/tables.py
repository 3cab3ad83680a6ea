"""Tables that people send: CSV in any of the usual encodings, or the first sheet of a workbook. Bounded."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib.refusals import Refused, Text

MEGABYTE = 1024 * 1024
MOST_COLUMNS = 50
UNPACKED = 20
"""A workbook is at most so many times as large unpacked: a bomb is larger."""


def read(data: bytes, *, file_name: str, most_bytes: int = 5 * MEGABYTE, most_rows: int = 10_000) -> list[list[Any]]:
    """The rows of a table, heading and all. Raises `Refused` where it is none, or too large."""
    if len(data) > most_bytes:
        reason = _("it is larger than %(most)s MB") % {"most": most_bytes // MEGABYTE}
        raise _refused(file_name, reason, _("Send it in several files"))
    packed = data.startswith(b"PK\x03\x04")
    rows = _xlsx(data, file_name, most_bytes, most_rows) if packed else _csv(data, file_name)
    if len(rows) > most_rows:
        raise _refused(
            file_name, _("it has more than %(most)s rows") % {"most": most_rows}, _("Send it in several files")
        )
    return rows


def _refused(file_name: str, reason: Text, remedy: Text) -> Refused:
    return Refused(field=_("file"), value=file_name, reason=reason, remedy=remedy)


def _csv(data: bytes, file_name: str) -> list[list[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _refused(
            file_name, _("its characters are in an unknown encoding or damaged"), _("Save it as CSV in UTF-8")
        )
    if "\x00" in text:
        raise _refused(file_name, _("it is no table"), _("Save it as .xlsx or .csv"))
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as fault:
        raise _refused(file_name, _("it is no table"), _("Save it as .xlsx or .csv")) from fault


def _xlsx(data: bytes, file_name: str, most_bytes: int, most_rows: int) -> list[list[Any]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > UNPACKED * most_bytes:
                raise _refused(file_name, _("it is too large when unpacked"), _("Save the table alone"))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = [list(row) for row in sheet.iter_rows(max_row=most_rows + 2, max_col=MOST_COLUMNS, values_only=True)]
        book.close()
    except Refused:
        raise
    except Exception as fault:
        raise _refused(file_name, _("the workbook is damaged"), _("Open it and save it again as .xlsx")) from fault
    return rows
