"""Reports as files in the layout of Chinese official papers (GB/T 9704-2012): docx and PDF.

A4; margins 37 mm above, 35 below, 28 left, 26 right; 22 lines of 28 characters; title in size 2 (22 pt), centred;
body in size 3 (16 pt), indented by two characters; page number in size 4 (14 pt) between dashes, at the outer edge.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from django.utils import translation

from zhen.kernel.access.api import Actor
from zhen.kernel.lib.typesetting import typeset
from zhen.kernel.plan.models import Report
from zhen.kernel.plan.paper import Block, paper_of
from zhen.kernel.plan.queries.reports import lines_of_report

TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
LINE_PT = (297 - TOP - BOTTOM) / 22 / 25.4 * 72
"""The pitch of 22 lines on a page, in points."""

TITLE_FONTS, BODY_FONTS = ("方正小标宋简体", "宋体"), ("仿宋_GB2312", "仿宋")
H1_FONT, H2_FONT = "黑体", "楷体_GB2312"


def blocks_of(actor: Actor, report: Report) -> list[Block]:
    """The report's paper, always in Chinese: it is an official one."""
    with translation.override("zh-hans"):
        body = report.document.issuing_body
        return paper_of(report, list(lines_of_report(actor, report)), body=body)


def report_pdf(actor: Actor, report: Report) -> bytes:
    """The report as PDF."""
    content = {
        "blocks": [{"kind": block.kind, "text": block.text} for block in blocks_of(actor, report)],
        "title": report.title,
    }
    return typeset(Path(__file__).with_name("report.typ"), content)


def report_docx(actor: Actor, report: Report) -> bytes:
    """The report as a Word document. Fonts are named, not embedded: offices have them."""
    import docx
    from docx.shared import Mm, Pt

    document = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(TOP), Mm(BOTTOM), Mm(LEFT), Mm(RIGHT)
    page.footer_distance = Mm(BOTTOM - 7 - 5)
    _body_style(document, Pt)
    document.core_properties.title = report.title
    document.core_properties.author = report.frozen_by_name
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(page.footer.paragraphs[0], right=True)
    _page_number(page.even_page_footer.paragraphs[0], right=False)
    for block in blocks_of(actor, report):
        _paragraph(document, block)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _body_style(document: Any, pt: Any) -> None:
    style = document.styles["Normal"]
    _font(style, BODY_FONTS[0], 16)
    style.paragraph_format.space_before = style.paragraph_format.space_after = pt(0)
    style.paragraph_format.line_spacing = pt(LINE_PT)


def _font(styled: Any, name: str, size: float, *, bold: bool = False) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    styled.font.name, styled.font.size, styled.font.bold = name, Pt(size), bold
    fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), name)


def _paragraph(document: Any, block: Block) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    run = paragraph.add_run(block.text)
    layout = paragraph.paragraph_format
    match block.kind:
        case "title":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _font(run, TITLE_FONTS[0], 22)
            layout.line_spacing = Pt(36)
            layout.space_after = Pt(LINE_PT)
        case "sign":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            layout.right_indent = Pt(16 * 4)
        case _:
            layout.first_line_indent = Pt(32)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            if block.kind in ("h1", "h2"):
                _font(run, H1_FONT if block.kind == "h1" else H2_FONT, 16)
                layout.keep_with_next = True


def _page_number(paragraph: Any, *, right: bool) -> None:
    """— 1 —, at the outer edge: right on odd pages, left on even ones, one character in."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    indent = Pt(14)
    paragraph.paragraph_format.right_indent = indent if right else None
    paragraph.paragraph_format.left_indent = None if right else indent
    for text, kind in (("— ", None), ("", "begin"), ("PAGE", "code"), ("", "end"), (" —", None)):
        run = paragraph.add_run(text if kind is None else "")
        _font(run, "宋体", 14)
        if kind == "code":
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = text
            run._r.append(element)
        elif kind is not None:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            run._r.append(element)
