"""The names that files are shown with."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.files.api import Kind
from zhen.kernel.files.names import LONGEST, clean_name


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("路灯 坏了.JPG", "路灯 坏了.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\photos\\IMG\u202egpj.exe", "IMGgpj.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie x.jpg"),
        (".htaccess", "jpeg.jpg"),
        ("", "jpeg.jpg"),
        ('<img src="x">.png', "img src= x.jpg"),
    ],
)
def test_a_name_loses_what_could_do_harm(given_name: str, shown: str) -> None:
    assert clean_name(given_name, Kind.JPEG) == shown


@given(st.text())
def test_no_name_is_long_empty_or_holds_what_a_path_or_a_header_would_read(given_name: str) -> None:
    shown = clean_name(given_name, Kind.PDF)
    assert shown.endswith(".pdf")
    assert 4 < len(shown) <= LONGEST + 4
    assert not set(shown) & set('/\\:*?"<>|\r\n')
    assert all(unicodedata.category(letter)[0] != "C" for letter in shown)
