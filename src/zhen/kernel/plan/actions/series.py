"""Series of figures: made, imported after a look at what the file holds, signed off by a second person."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, ActorKind, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.pinyin import sort_key
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.places.api import Place
from zhen.kernel.plan import series_file
from zhen.kernel.plan.models import Series, SeriesImport, SeriesPoint

IMPORT = "plan.series.import"
SIGN = "plan.series.sign_off"


@action(IMPORT)
def create_series(actor: Actor, *, code: str, name: str, kind: str, unit: str, source: str) -> Series:
    """Make a series that figures can be imported into."""
    if Series.objects.filter(code=code).exists():
        raise Refused(field=_("code"), value=code, reason=_("another series has it"), remedy=_("Choose another code"))
    series = Series.objects.create(
        code=code,
        name=name,
        name_key=sort_key(name),
        kind=kind,
        unit=unit,
        source=source,
        created_at=clock.now(),
        created_by_name=actor.name,
    )
    journal.record("plan.series.created", by=actor, subject=series, data={"name": name})
    return series


@action(IMPORT)
def import_series(actor: Actor, series_id: int, *, data: bytes, file_name: str, source: str) -> SeriesImport:
    """Store the points of a file, waiting for the sign-off. A file with a fault is refused as a whole."""
    series = actionable(actor, IMPORT, Series.objects.select_for_update()).get(pk=series_id)
    preview = series_file.read(data, file_name=file_name)
    if preview.faults:
        fault = preview.faults[0]
        raise Refused(
            field=_("row %(row)s, %(field)s") % {"row": fault.row, "field": fault.field},
            value=fault.value,
            reason=_("it cannot be used (%(count)s faults in all)") % {"count": len(preview.faults)},
            remedy=fault.remedy,
        )
    areas = _areas(preview)
    digest = hashlib.sha256(data).hexdigest()
    if SeriesImport.objects.filter(series=series, sha256=digest).exists():
        raise Refused(
            field=_("file"),
            value=file_name,
            reason=_("this very file was imported into the series before"),
            remedy=_("Look among the imports of the series"),
        )
    made = SeriesImport.objects.create(
        series=series,
        file_name=file_name[-255:],
        sha256=digest,
        source=source or series.source,
        imported_at=clock.now(),
        imported_by_id=actor.id,
        imported_by_name=actor.name,
    )
    SeriesPoint.objects.bulk_create(
        SeriesPoint(
            series=series,
            source_import=made,
            row=point.row,
            start=point.start,
            end=point.end,
            area_id=areas.get(point.area),
            value=point.value,
        )
        for point in preview.points
    )
    journal.record(
        "plan.series.imported", by=actor, subject=made, data={"name": series.name, "points": len(preview.points)}
    )
    return made


def _areas(preview: series_file.Preview) -> dict[str, int]:
    codes = {point.area: point.row for point in preview.points if point.area}
    known = dict(Place.objects.filter(code__in=codes).values_list("code", "id"))
    for code, row in codes.items():
        if code not in known:
            raise Refused(
                field=_("row %(row)s, %(field)s") % {"row": row, "field": _("area")},
                value=code,
                reason=_("no place has this code"),
                remedy=_("Write the code of the area, or leave the cell empty for the whole town"),
            )
    return known


@action(SIGN)
def sign_off(actor: Actor, import_id: int) -> SeriesImport:
    """Let the points of an import count. Whoever imported them cannot sign them off."""
    made = _waiting(actor, import_id)
    if actor.kind is not ActorKind.USER or actor.id is None:
        raise Refused(
            field=_("sign-off"),
            value=actor.name,
            reason=_("only a person can sign off figures"),
            remedy=_("Have a person sign them off"),
        )
    if actor.id == made.imported_by_id:
        raise Refused(
            field=_("sign-off"),
            value=actor.name,
            reason=_("you have imported these figures yourself"),
            remedy=_("Ask a second person to check them"),
        )
    _close(actor, made, SeriesImport.State.SIGNED, "")
    journal.record(
        "plan.series.signed", by=actor, subject=made, data={"name": made.series.name, "points": made.points.count()}
    )
    return made


@action(SIGN)
def refuse(actor: Actor, import_id: int, *, reason: str) -> SeriesImport:
    """Send an import back, with the reason. Its points stay for the record and never count."""
    made = _waiting(actor, import_id)
    if not reason.strip():
        raise Refused(
            field=_("reason"), value="", reason=_("it is empty"), remedy=_("Say what is wrong with the figures")
        )
    _close(actor, made, SeriesImport.State.REFUSED, reason.strip()[:500])
    journal.record(
        "plan.series.refused",
        by=actor,
        subject=made,
        data={"name": made.series.name, "file_name": made.file_name, "reason": made.reason},
    )
    return made


def _waiting(actor: Actor, import_id: int) -> SeriesImport:
    rows = SeriesImport.objects.select_related("series").select_for_update(of=("self",))
    made = actionable(actor, SIGN, rows).get(pk=import_id)
    if made.state != SeriesImport.State.WAITING:
        raise Refused(
            field=_("import of a series"),
            value=made.file_name,
            reason=_("it has been decided on already"),
            remedy=_("Reload the page to see by whom"),
        )
    return made


def _close(actor: Actor, made: SeriesImport, state: SeriesImport.State, reason: str) -> None:
    made.state, made.reason = state, reason
    made.decided_at, made.decided_by_id, made.decided_by_name = clock.now(), actor.id, actor.name
    made.save(update_fields=["state", "reason", "decided_at", "decided_by_id", "decided_by_name"])
