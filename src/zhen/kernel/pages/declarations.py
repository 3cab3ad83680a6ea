"""Pages as modules and packs declare them.

A page says what it shows, from where, and who may see it; `web` decides how that looks. Sources are
functions of the reader and the request's parameters and return already restricted querysets or
plain values. Nothing here knows Django's templates, HTTP or a concrete model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, Protocol

from django.utils.functional import Promise

from zhen.kernel.lib.problems import Problem
from zhen.kernel.lib.registry import Entry, Registry

Text = str | Promise


class Reader(Protocol):
    """Who looks at the page; access.Actor has this shape."""

    def may(self, permission: str, /) -> bool: ...


Params = Mapping[str, str]
Source = Callable[[Any, Params], Any]
"""(actor, parameters) → a restricted queryset, or the value that a panel needs."""


class Face(StrEnum):
    PORTAL = "portal"
    DESK = "desk"
    FIELD = "field"
    COCKPIT = "cockpit"


class Tone(StrEnum):
    """The four steps of meaning, and the neutral one; drawn as shape, word and colour."""

    NEUTRAL = "neutral"
    ON_TRACK = "on_track"
    DUE_SOON = "due_soon"
    BEHIND = "behind"
    OVERDUE = "overdue"


class Kind(StrEnum):
    """How a value is written."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    CHIP = "chip"
    PERSON = "person"
    PLACE = "place"
    LINK = "link"
    PROSE = "prose"


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A short word with a meaning: drawn with a shape beside the colour."""

    text: Text
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number as people need it: value, unit, period, trend and evidence, always together.

    `value` is `None` while it is not yet measurable; `why` then says so. `trend` is the change
    against the period before, in the same unit. `evidence` is an address.
    """

    label: Text
    value: float | int | None
    unit: Text = ""
    period: Text = ""
    trend: float | None = None
    evidence: str = ""
    tone: Tone = Tone.NEUTRAL
    why: Text = ""
    target: Text = ""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One line of a panel of facts."""

    label: Text
    value: Any
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, kw_only=True)
class Link:
    """A way to somewhere, in a panel of links or in a cell."""

    text: Text
    url: str
    detail: Text = ""
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file beside a record. `preview` and `url` are links for this reader; `actions` are what he may do with it."""

    name: str
    url: str
    preview: str = ""
    detail: Text = ""
    chips: Sequence[Chip] = ()
    actions: Sequence[Link] = ()


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One line of a timeline: who did what, when."""

    at: datetime
    who: Text
    text: Text
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, kw_only=True)
class Slip:
    """A blue, yellow or red slip: what needs somebody, by when, and who answers for it."""

    text: Text
    tone: Tone
    url: str
    due: date | None = None
    owner: Text = ""
    detail: Text = ""


@dataclass(frozen=True, kw_only=True)
class Series:
    """A line or a row of bars. `None` is a gap: not measured."""

    name: Text
    values: Sequence[float | int | None]
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A drawing of numbers: `says` is the sentence above it; the table behind it is made from the same values.

    `form`: "line" for time, "bar" for comparison.
    """

    says: Text
    labels: Sequence[Text]
    series: tuple[Series, ...]
    form: Literal["line", "bar"] = "line"
    unit: Text = ""
    target: float | None = None


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month of a calendar: `first` is its first day, `marks` are the days that say something."""

    first: date
    marks: Mapping[date, Chip]


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch of days in a schedule. `thin`: drawn as a line under the others, such as a first plan."""

    first: date
    last: date
    text: Text
    tone: Tone = Tone.NEUTRAL
    thin: bool = False


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A day in a schedule that says something. `done`: drawn filled."""

    on: date
    text: Text
    tone: Tone = Tone.NEUTRAL
    done: bool = False


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A line of a schedule: what it is about, its spans and its marks."""

    label: Text
    spans: Sequence[Span] = ()
    marks: Sequence[Mark] = ()
    url: str = ""
    chip: Chip | None = None


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """Works over time (a Gantt chart). `says` is the sentence above it; the table behind it has the same days."""

    says: Text
    lanes: Sequence[Lane]
    today: date


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One of two pictures of the same spot. `url` is a link for this reader; `on` is when it was taken."""

    url: str
    on: date


@dataclass(frozen=True, kw_only=True)
class BeforeAfter:
    """The same spot before and after, one over the other, with a slider between them."""

    title: Text
    before: Shot
    after: Shot


@dataclass(frozen=True, kw_only=True)
class Pin:
    """Something on a picture: `x` from the left and `y` from the top, as parts of it from 0 to 1.

    `strong`: it is what the page is about, or needs somebody; its state is written beside it.
    """

    label: Text
    url: str
    x: float
    y: float
    state: Chip
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A picture with pins on it, such as a floor plan; `width` and `height` in pixels. `alt` says what it shows."""

    title: Text
    image: str
    width: int
    height: int
    alt: Text
    pins: Sequence[Pin]
    links: Sequence[Link] = ()


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a list. `value` is an attribute path or a function of the row."""

    id: str
    label: Text
    value: str | Callable[[Any], Any]
    kind: Kind = Kind.TEXT
    sort: str | None = None
    width: str = ""
    sensitive: bool = False


@dataclass(frozen=True, kw_only=True)
class Choice:
    value: str
    label: Text


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A filter in the address. `apply` narrows a queryset; `choices` may depend on the reader.

    With a `default` one of the choices always holds: nothing chosen means that one, and "all" is not offered.
    """

    id: str
    label: Text
    apply: Callable[[Any, str], Any]
    choices: Callable[[Any], Sequence[Choice]] | tuple[Choice, ...] = ()
    default: str = ""


@dataclass(frozen=True, kw_only=True)
class Button:
    """An action offered on a page.

    `run(actor, subject, data)` calls an action of the module; for lists it gets the chosen rows.
    `form` names the FormPage that asks for more first. `confirm` is the sentence that says what will happen.
    """

    id: str
    label: Text
    permission: str
    run: Callable[..., Any] | None = None
    form: str = ""
    confirm: Text = ""
    key: str = ""
    shown: Callable[[Any, Any], bool] | None = None


PANEL_FORMS = frozenset(
    {
        "facts",
        "table",
        "timeline",
        "figures",
        "slips",
        "prose",
        "map",
        "chart",
        "links",
        "files",
        "calendar",
        "schedule",
        "before_after",
        "plan",
    }
)


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A part of a detail page or dashboard. `source(actor, subject)` gives its content.

    `form` says how the content is drawn: facts (`Fact`s or pairs), table (rows for `columns`), timeline
    (`Happening`s or journal events), figures (`Figure`s), slips (`Slip`s), prose (text), map (GeoJSON
    FeatureCollection), chart (`Chart`), links (`Link`s), files (`Attached`), calendar (`Month`s), schedule
    (`Schedule`), before_after (`BeforeAfter`s), plan (`Drawing`s). `detail` names the page that a table's rows open.
    `columns` may depend on the subject.
    """

    id: str
    title: Text
    form: str
    source: Callable[[Any, Any], Any]
    columns: tuple[Column, ...] | Callable[[Any], tuple[Column, ...]] = ()
    detail: str = ""
    permission: str = ""
    wide: bool = False
    empty: Text = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """What all pages have. `id` gives the address: plan.targets → /desk/plan/targets/ (the portal has no prefix).

    A `DetailPage` stands below the first page of its face that names it as `detail`:
    /desk/plan/targets/17/. Pages with `menu` are in the menus of those who may open them.

    `permission` is `None` for pages that need none; `signed_in` then asks whoever comes to sign in first,
    because the page is about himself. `group` is the part of the menu it stands in, where a pack has several;
    without one it stands under the pack's name.
    """

    id: str
    title: Text
    face: Face = Face.DESK
    permission: str | None
    signed_in: bool = False
    menu: Text = ""
    group: Text = ""
    icon: str = ""
    order: int = 100
    intro: Text = ""


@dataclass(frozen=True, kw_only=True)
class ListPage(Page):
    rows: Source
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    search: Callable[[Any, str], Any] | None = None
    order_by: tuple[str, ...] = ("-id",)
    detail: str = ""
    buttons: tuple[Button, ...] = ()
    bulk: tuple[Button, ...] = ()
    empty: Text = ""
    export: bool = True
    live: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class DetailPage(Page):
    """One thing. `subject(actor, key)` fetches it restricted and raises `Missing` where it is not there.

    `follows`: as for a board; then the page is looked at `every` so many seconds as well, for what no event tells of.
    """

    subject: Callable[[Any, str], Any]
    heading: Callable[[Any], Text]
    panels: tuple[Panel, ...]
    chips: Callable[[Any], Sequence[Chip]] | None = None
    buttons: tuple[Button, ...] = ()
    live: frozenset[str] = frozenset()
    follows: bool = False
    every: int = 60


@dataclass(frozen=True, kw_only=True)
class FormPage(Page):
    """A form. `form(actor, subject, data, files)` builds a Django form.

    `save(actor, subject, form)` runs the action and returns the address to go to.
    """

    form: Callable[..., Any]
    save: Callable[[Any, Any, Any], str]
    subject: Callable[[Any, str], Any] | None = None
    submit: Text = ""
    draft: bool = True


@dataclass(frozen=True, kw_only=True)
class Made:
    """A file that was made for a reader: its name, its media type and its bytes."""

    name: str
    media: str
    data: bytes


@dataclass(frozen=True, kw_only=True)
class FilePage(Page):
    """A file about one thing, made when it is asked for: a statement as PDF. A button opens it as it opens a form.

    `make(actor, subject)` may refuse. PDF opens in the browser, anything else is saved.
    """

    subject: Callable[[Any, str], Any]
    make: Callable[[Any, Any], Made]


@dataclass(frozen=True, kw_only=True)
class BoardPage(Page):
    """Columns of cards, by state. `follows`: what happened is shown by itself, not on demand."""

    columns: Callable[[Any, Params], Sequence[tuple[Chip, Any]]]
    card: tuple[Column, ...]
    detail: str = ""
    move: Button | None = None
    filters: tuple[Filter, ...] = ()
    live: frozenset[str] = frozenset()
    follows: bool = False


@dataclass(frozen=True, kw_only=True)
class MapPage(Page):
    """A map with the list that says the same. `features` gives a GeoJSON FeatureCollection."""

    features: Source
    columns: tuple[Column, ...]
    rows: Source
    detail: str = ""
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DashboardPage(Page):
    """Panels about no one thing. `follows`: as for a board; for walls that nobody stands before."""

    panels: tuple[Panel, ...]
    filters: tuple[Filter, ...] = ()
    live: frozenset[str] = frozenset()
    follows: bool = False


@dataclass(frozen=True, kw_only=True)
class HomePanel:
    """A panel on the first screen of a face: what is mine, late or new here; what happens near me.

    `source(actor, params)` gives the content for `form`, as for `Panel`; nothing to show means no panel, unless
    `empty` says why it is empty. On the portal, `params` may hold the chosen neighbourhood as `near` (a place's code).
    """

    id: str
    title: Text
    face: Face
    permission: str | None
    form: str
    source: Source
    columns: tuple[Column, ...] = ()
    detail: str = ""
    order: int = 100
    wide: bool = False
    empty: Text = ""


@dataclass(frozen=True, kw_only=True)
class SearchSource:
    """What the global search can find. `find(actor, terms, limit)` yields hits, best first."""

    id: str
    label: Text
    permission: str | None
    find: Callable[[Any, Sequence[str], int], Iterable[Hit]]


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A search result with the reason why it was found."""

    title: str
    url: str
    kind: Text
    score: float
    why: Text
    detail: str = ""


class Missing(Exception):
    """There is no such thing, or not for this reader (404). Remedy: check the address or ask for access."""


def _check_pages(pages: Mapping[str, Entry[Page]]) -> Iterable[Problem]:
    for entry in pages.values():
        page = entry.value
        where = f"{entry.owner}: page {page.id}"
        detail = getattr(page, "detail", "")
        if detail and detail not in pages:
            yield Problem(where=where, what=f"opens the unknown page {detail}", remedy="Declare that page or remove it")
        for panel in getattr(page, "panels", ()):
            if panel.detail and panel.detail not in pages:
                yield Problem(
                    where=where,
                    what=f"the panel {panel.id} opens the unknown page {panel.detail}",
                    remedy="Declare that page or remove it",
                )
            if panel.form not in PANEL_FORMS:
                yield Problem(
                    where=where,
                    what=f"the panel {panel.id} has the unknown form {panel.form}",
                    remedy=f"Use one of {', '.join(sorted(PANEL_FORMS))}",
                )
        for button in (*getattr(page, "buttons", ()), *getattr(page, "bulk", ())):
            if button.form and button.form not in pages:
                yield Problem(
                    where=where,
                    what=f"the button {button.id} asks with the unknown form {button.form}",
                    remedy="Declare that FormPage or remove it",
                )
            if not button.form and button.run is None:
                yield Problem(where=where, what=f"the button {button.id} does nothing", remedy="Give it run or form")


PAGES: Registry[Page] = Registry(Page, label="page", check=_check_pages)


def _check_home_panels(panels: Mapping[str, Entry[HomePanel]]) -> Iterable[Problem]:
    for entry in panels.values():
        if entry.value.form not in PANEL_FORMS:
            yield Problem(
                where=f"{entry.owner}: home panel {entry.value.id}",
                what=f"has the unknown form {entry.value.form}",
                remedy=f"Use one of {', '.join(sorted(PANEL_FORMS))}",
            )


HOME_PANELS: Registry[HomePanel] = Registry(HomePanel, label="home panel", check=_check_home_panels)
SEARCH_SOURCES: Registry[SearchSource] = Registry(SearchSource, label="search source")
