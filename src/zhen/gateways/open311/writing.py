"""A request that somebody sends becomes a case."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _

from zhen.gateways.open311 import services
from zhen.gateways.open311.troubles import Trouble
from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import CaseType, NewCase, NewReporter, receive
from zhen.kernel.files import api as files
from zhen.kernel.forms.api import from_texts, properties_of

LONGEST = 4000
"""The standard: fewer than 4,000 characters."""
MOST_ATTRIBUTES = 100
MOST_PICTURES = 5


def report(actor: Actor, sent: QueryDict, media: Sequence[UploadedFile[Any]] = ()) -> list[dict[str, Any]]:
    """Receive a request. The notice of the answer holds the secret with which the reporter follows it."""
    code = sent.get("service_code", "").strip()
    if not code:
        raise Trouble(400, _("service_code was not provided. See services for the codes."))
    type_, category = services.service(code)
    text = _text(sent, "description", LONGEST)
    point = _point(sent)
    address = _text(sent, "address_string", 200) or _text(sent, "address", 200)
    if point is None and not address:
        raise Trouble(400, _("lat and long, or address_string, must be given."))
    url = _media_url(sent)
    attributes = _attributes(sent, type_)
    secret = secrets.token_urlsafe(24)
    case = receive(
        actor,
        type_.id,
        NewCase(
            title=_title(text, services.name_of(category)),
            text="\n".join(part for part in (text, url) if part),
            category=category,
            point=point,
            address=address,
            source="open311",
            given=attributes,
            files=_pictures(actor, media),
            reporter=_reporter(sent, secret),
        ),
    )
    notice = _("Received. To follow it or to rate it, keep its number and this secret: %(secret)s") % {"secret": secret}
    return [{"service_request_id": case.number, "service_notice": notice, "account_id": ""}]


def _title(text: str, name: str) -> str:
    first = text.strip().splitlines()[0].strip() if text.strip() else ""
    return first[:60] or name


def _text(sent: QueryDict, name: str, most: int) -> str:
    text = sent.get(name, "").strip()
    if len(text) > most:
        raise Trouble(400, _("%(name)s is longer than %(most)s characters. Shorten it.") % {"name": name, "most": most})
    return text


def _point(sent: QueryDict) -> tuple[float, float] | None:
    lat, lon = sent.get("lat", "").strip(), sent.get("long", "").strip()
    if not lat and not lon:
        return None
    try:
        point = float(lon), float(lat)
        if not (-180 <= point[0] <= 180 and -90 <= point[1] <= 90):
            raise ValueError(lat)
    except ValueError:
        raise Trouble(
            400, _("lat and long “%(lat)s, %(long)s”: give degrees in WGS-84.") % {"lat": lat[:20], "long": lon[:20]}
        ) from None
    return point


def _attributes(sent: QueryDict, type_: CaseType) -> Mapping[str, Any]:
    """attribute[CODE]=…, and attribute[CODE][] for lists, as the service's definition names them."""
    known = {one.name for one in properties_of(type_.form)}
    found: dict[str, list[str]] = {}
    for name in sent:
        if not name.startswith("attribute["):
            continue
        code = name[len("attribute[") :].removesuffix("[]").removesuffix("]")
        if code not in known or len(found) > MOST_ATTRIBUTES:
            raise Trouble(400, _("%(name)s: the service has no such attribute.") % {"name": name[:60]})
        values = [value.strip()[:1000] for value in sent.getlist(name) if value.strip()]
        if values:
            found[code] = values
    return from_texts(type_.form, found)


def _media_url(sent: QueryDict) -> str:
    """An address of a picture is kept among the words as it is given; the town does not fetch it."""
    url = _text(sent, "media_url", 1000)
    if url:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise Trouble(400, _("media_url “%(url)s”: give an address that begins with https://.") % {"url": url[:80]})
    return url


def _pictures(actor: Actor, media: Sequence[UploadedFile[Any]]) -> tuple[files.File, ...]:
    """Pictures that come along as files, bounded, sniffed and without their EXIF data."""
    if len(media) > MOST_PICTURES:
        raise Trouble(400, _("media: at most %(most)s pictures at once.") % {"most": MOST_PICTURES})
    return tuple(files.store(actor, one, kinds=files.IMAGES) for one in media)


def _reporter(sent: QueryDict, secret: str) -> NewReporter:
    name = " ".join(part for part in (_text(sent, "last_name", 50), _text(sent, "first_name", 50)) if part)
    return NewReporter(secret=secret, name=name, phone=_text(sent, "phone", 40), email=_text(sent, "email", 200))
