"""Dispatchers who work at one inbox over HTTP, each with a browser's session, form by form as their pages give them."""

from __future__ import annotations

import http
import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin
from uuid import uuid4

import httpx

OPEN = "/desk/cases/?queue=open"
WRITTEN = http.HTTPStatus.FOUND
OUTDATED = http.HTTPStatus.CONFLICT
MOST_TRIES = 1000
_ROW = re.compile(r'<li class="case-row".*?</li>', re.DOTALL)
_NUMBER = re.compile(r'<a class="row-link" href="/desk/cases/([0-9A-Z-]+)/"')
_PERSON = '<span class="name">'
_NEXT = re.compile(r'<a class="button" href="([^"]+)" rel="next">')
_TOLD = re.compile(r"\b[A-Z]{2}-\d{4}-\d{6}\b")


class _Forms(HTMLParser):
    """The forms of a page: address → what a browser would send if nobody typed anything."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self._form = self.forms.setdefault(given.get("action", "").partition("#")[0], {})
        if self._form is None:
            return
        name = given.get("name", "")
        match tag:
            case "input" if given.get("type") in {"radio", "checkbox"}:
                if "checked" in given:
                    self._form[name] = given.get("value", "on")
            case "input" if given.get("type") != "file":
                self._form[name] = given.get("value", "")
            case "textarea":
                self._area, self._form[name] = name, ""
            case "select":
                self._select = name
            case "option" if "selected" in given:
                self._form[self._select] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area:
            self._form[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # a browser leaves out the line feed that the page puts first
            assert self._form is not None
            self._form[self._area] = self._form[self._area].removeprefix("\r\n").removeprefix("\n")
            self._area = ""
        elif tag == "form":
            self._form = None


def forms_of(page: str) -> dict[str, dict[str, str]]:
    reader = _Forms()
    reader.feed(page)
    return reader.forms


@dataclass
class Dispatcher:
    """One of the crowd. What came of his work is kept: what he took, wrote and registered, and when he was too late."""

    user_id: int
    word: str
    browser: httpx.Client
    took: list[str] = field(default_factory=list)
    registered: list[str] = field(default_factory=list)
    late: int = 0
    wrote: bool = False

    def take_all_he_can(self) -> None:
        """As long as something lies in the inbox that nobody has, take the first of it, as everybody does."""
        while free := self._free():
            form = self._forms(free[0])[f"/desk/cases/{free[0]}/assign/"]
            if form["person"]:  # somebody took it between two looks, and the page says so
                self.late += 1
                continue
            status, _page = self._send(free[0], "assign", form, person=str(self.user_id))
            if status == WRITTEN:
                self.took.append(free[0])
            else:
                assert status == OUTDATED, status
                self.late += 1

    def write_on(self, number: str) -> None:
        """Add one word to a description that everybody adds to, and look again whenever somebody was faster."""
        for _ in range(MOST_TRIES):
            form = self._forms(number)[f"/desk/cases/{number}/edit/"]
            text = f"{form['text']} {self.word}".strip()
            status, page = self._send(number, "edit", form, text=text)
            if status == WRITTEN:
                self.wrote = True
                return
            assert status == OUTDATED, status
            # what he wrote is still there, beside what has happened since
            assert forms_of(page)[f"/desk/cases/{number}/edit/"]["text"] == text
            self.late += 1
        raise AssertionError(f"{self.word} was never written")

    def register(self, words: str) -> None:
        """Register what a caller says."""
        form = self._open("/desk/cases/new/")["/desk/cases/new/"]
        given = {**form, "source": "telephone", "title": words, "address": "a street", "confirmed": "1"}
        given.setdefault("key", str(uuid4()))
        answer = self.browser.post("/desk/cases/new/", data=given)
        assert answer.status_code == http.HTTPStatus.OK, answer.status_code
        self.registered.append(_TOLD.findall(answer.text)[0])

    def _free(self) -> list[str]:
        """Numbers of the inbox that nobody has yet, from the top of the first page with any."""
        address = OPEN
        while True:
            answer = self.browser.get(address)
            assert answer.status_code == http.HTTPStatus.OK, answer.status_code
            rows = [row for row in _ROW.findall(answer.text) if _PERSON not in row]
            following = _NEXT.search(answer.text)
            if rows or following is None:
                return [match[1] for row in rows if (match := _NUMBER.search(row))]
            address = urljoin(address, unescape(following[1]))

    def _send(self, number: str, deed: str, form: dict[str, str], **typed: str) -> tuple[int, str]:
        answer = self.browser.post(f"/desk/cases/{number}/{deed}/", data={**form, **typed})
        return answer.status_code, answer.text

    def _forms(self, number: str) -> dict[str, dict[str, str]]:
        return self._open(f"/desk/cases/{number}/")

    def _open(self, address: str) -> dict[str, dict[str, str]]:
        answer = self.browser.get(address)
        assert answer.status_code == http.HTTPStatus.OK, answer.status_code
        return forms_of(answer.text)
