"""Receiving a case: checked, numbered, placed, routed, its clocks started, in one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, Denied, action
from zhen.kernel.cases import clocks
from zhen.kernel.cases.actions import attaching
from zhen.kernel.cases.actions.common import tell
from zhen.kernel.cases.declarations import CASE_TYPES, CaseType, Visibility
from zhen.kernel.cases.hooks import received as hooks
from zhen.kernel.cases.models import Case, CaseAttachment, CaseUnit, Reporter
from zhen.kernel.cases.rulebook import Rulebook, areas_around, rulebook
from zhen.kernel.cases.secret import secret_hash
from zhen.kernel.cases.values import NewCase, NewReporter
from zhen.kernel.forms.api import validate
from zhen.kernel.lib import clock
from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.places import api as places

LONGEST_TITLE, LONGEST_TEXT = 200, 5000


@action(None, silent=True, asks="create")
def receive(actor: Actor, type_id: str, new: NewCase) -> Case:
    """Receive a case. Received again from the same source under the same number, it is the same case.

    Raises Denied where the actor may not create cases of the type, Refused for what cannot be used.
    """
    type_ = CASE_TYPES[type_id]
    if not (actor.may(type_.powers.create) or type_.public_intake):
        raise Denied(type_.powers.create, actor)
    _check(type_, new)
    if new.source_ref:
        known = Case.objects.filter(source=new.source, source_ref=new.source_ref).first()
        if known is not None:
            return known
    now = clock.now()
    book = rulebook()
    case = _build(type_, new, book, now)
    rows = clocks.started(type_, case, clocks.at_start(type_, new.reporter), book, case.received_at, new.limits)
    clocks.settle(case, rows)
    case.number = _number(type_, case.received_at)
    case.save(force_insert=True)
    clocks.save(rows)
    if case.unit_id is not None:
        CaseUnit.objects.create(case=case, unit_id=case.unit_id, since=now, how="received")
    if new.reporter is not None:
        _keep_reporter(case, new.reporter)
    attaching.put(actor, case, new.files, kind=CaseAttachment.Kind.REPORT, public=True)
    hooks(actor, case, type_)
    tell(
        "cases.received",
        actor,
        case,
        at=case.received_at.isoformat(),
        h3=case.h3_9,
        parent=case.parent_id,
        due=case.due_at and case.due_at.isoformat(),
    )
    return case


def _check(type_: CaseType, new: NewCase) -> None:
    title = new.title.strip()
    if not title:
        raise Refused(field=_("title"), value="", reason=_("it is empty"), remedy=_("Say in a few words what it is"))
    for field, value, most in ((_("title"), title, LONGEST_TITLE), (_("description"), new.text, LONGEST_TEXT)):
        if len(value) > most:
            raise Refused(
                field=field,
                value=value,
                reason=_("it is longer than %(most)s characters") % {"most": most},
                remedy=_("Shorten it; the rest can follow as a comment"),
            )
        if "\x00" in value:
            raise Refused(field=field, value=value, reason=_("it holds a null character"), remedy=_("Remove it"))
    if new.category is not None and (new.category.scheme != type_.scheme or not new.category.leaf):
        raise Refused(
            field=_("class"),
            value=new.category.name,
            reason=_("cases of this kind cannot have it"),
            remedy=_("Choose one of the list"),
        )
    if new.point is not None:
        lon, lat = new.point
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise Refused(
                field=_("point"),
                value=f"{lon}, {lat}",
                reason=_("it is nowhere on the earth"),
                remedy=_("Give longitude and latitude in degrees"),
            )


def _build(type_: CaseType, new: NewCase, book: Rulebook, now: datetime) -> Case:
    received_at = new.received_at or now
    day = received_at.astimezone(clock.TOWN_ZONE).date()
    area_id, lon, lat, h3_11, h3_9 = new.area_id, None, None, None, None
    if new.point is not None:
        lon, lat = new.point
        h3_11 = geometry.cell(lon, lat)
        h3_9 = geometry.parent(h3_11, 9)
        if area_id is None:
            area_id = places.area_of_point(lon, lat, day, places.Kind.CELL) or places.area_of_point(lon, lat, day)
    category_id = new.category.pk if new.category else None
    unit_id, shared = new.unit_id, []
    if unit_id is None:
        route = book.route(type_.id, category_id, areas_around(area_id, day), received_at)
        if route is not None:
            unit_id, shared = route.unit_id, list(route.cooperating)
    visible = type_.visibility is Visibility.PUBLIC if new.visible is None else new.visible
    return Case(
        type=type_.id,
        state=type_.initial.id,
        title=new.title.strip(),
        text=new.text.strip(),
        given=validate(type_.form, new.given) if type_.form else dict(new.given),
        form_version=type_.form_version,
        category_id=category_id,
        area_id=area_id,
        place_id=new.place_id,
        address=new.address.strip()[:200],
        lon=lon,
        lat=lat,
        h3_11=h3_11,
        h3_9=h3_9,
        source=new.source,
        source_ref=new.source_ref,
        urgent=new.urgent,
        visible=visible and type_.visibility is Visibility.PUBLIC,
        unit_id=unit_id,
        shared_units=shared,
        person_id=new.person_id,
        parent_id=new.parent_id,
        received_at=received_at,
        changed_at=now,
    )


_NEXT = """
INSERT INTO cases_serial (type, year, last) VALUES (%s, %s, 1)
ON CONFLICT (type, year) DO UPDATE SET last = cases_serial.last + 1 RETURNING last
"""


def _number(type_: CaseType, at: datetime) -> str:
    """The next number of the type and year. It rolls back with the case, so no number is skipped."""
    year = at.astimezone(clock.TOWN_ZONE).year
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [type_.id, year])
        (serial,) = cursor.fetchone()
    return f"{type_.prefix}-{year}-{serial:06d}"


def _keep_reporter(case: Case, new: NewReporter) -> None:
    reporter = Reporter(
        case=case,
        anonymous=new.anonymous,
        user_id=new.user_id,
        language=new.language,
        wants_answer=new.wants_answer,
        secret_hash=secret_hash(new.secret),
    )
    reporter.name, reporter.phone, reporter.email = new.name or None, new.phone or None, new.email or None
    reporter.save(force_insert=True)
