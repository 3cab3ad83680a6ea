"""Reading files: the text with offsets, or a refusal that says what to do."""

import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.lib.refusals import Refused
from zhen.kernel.plan.readers import MAX_BYTES, SourceText, read

WORDS = "完成7个小区改造。\r\n区级税收增长6%。"


def holds(source: SourceText) -> bool:
    return all(source.text[block.start : block.end].strip() for block in source.blocks)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_plain_text_is_read_in_the_encodings_of_chinese_offices(encoding: str) -> None:
    source = read(WORDS.encode(encoding), file_name="plan.txt")
    assert source.text == WORDS
    assert source.media_type == "text/plain"
    assert [source.text[b.start : b.end] for b in source.blocks] == ["完成7个小区改造。", "区级税收增长6%。"]


def test_line_ends_stay_so_that_offsets_hold() -> None:
    assert "\r\n" in read(WORDS.encode(), file_name="plan.txt").text


def test_a_web_page_gives_its_paragraphs_and_nothing_else() -> None:
    page = """<!doctype html><html><head><meta charset="gb2312"><title>x</title><style>p{}</style>
    <body><nav>首页</nav><p>完成7个<b>小区</b>改造&#12290;</p><script>var a = "<p>不是</p>"</script>
    <div>第二段<br>第三段</div>"""
    source = read(page.encode("gb18030"), file_name="plan.html")
    assert source.text == "完成7个小区改造。\n第二段\n第三段"
    assert holds(source)


def a_docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("完成7个小区改造。")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "区级税收增长6%", "财政所"
    document.add_paragraph("最后一段")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_word_document_keeps_the_order_of_paragraphs_and_tables() -> None:
    source = read(a_docx(), file_name="plan.docx")
    assert source.text == "完成7个小区改造。\n区级税收增长6%\t财政所\n最后一段"
    assert [block.where for block in source.blocks] == ["paragraph 1", "table 1, row 1", "paragraph 2"]


def test_numbers_that_word_draws_by_itself_are_written_out() -> None:
    document = docx.Document()
    for text in ("总体要求", "重点任务"):
        document.add_paragraph(text, style="List Number")
    numbering = document.part.numbering_part.element
    for level in numbering.iter(qn("w:lvl")):
        for name, value in (("w:numFmt", "chineseCounting"), ("w:lvlText", "%1、")):
            level.find(qn(name)).set(qn("w:val"), value)
    for paragraph in document.paragraphs:
        number = document.styles["List Number"].element.pPr.numPr.numId.val
        paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = number
    out = io.BytesIO()
    document.save(out)
    assert read(out.getvalue(), file_name="plan.docx").text == "一、总体要求\n二、重点任务"


def test_the_content_decides_not_the_name() -> None:
    assert read(a_docx(), file_name="plan.txt").media_type.endswith("wordprocessingml.document")


def an_archive(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 50, "it is an old binary document (.doc or .wps)"),
        (an_archive("picture.png"), "it is an archive but not a Word document"),
        (a_docx()[:400], "the Word document is damaged"),
        (b"%PDF-1.7 broken", "the PDF is damaged or of an unknown kind"),
        (b"\x00\x01\x02" * 100, "it is neither text nor a document that can be read"),
        (b"   \n  ", "it holds no text; it may be a scan"),
        (b"a" * (MAX_BYTES + 1), "it is larger than 20 MB"),
    ],
    ids=["empty", "doc", "archive", "damaged docx", "damaged pdf", "binary", "blank", "large"],
)
def test_what_cannot_be_read_says_why_and_what_to_do(data: bytes, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        read(data, file_name="plan.bin")
    assert str(refused.value.reason) == reason
    assert str(refused.value.remedy)


@given(
    st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=200).map(lambda b: b"%PDF-1.4\n" + b),
        st.binary(max_size=200).map(lambda b: b"PK\x03\x04" + b),
        st.text(max_size=200).map(str.encode),
    )
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        assert holds(read(data, file_name="x"))
    except Refused as refused:
        remedy = str(refused.remedy)
    else:
        return
    assert remedy
