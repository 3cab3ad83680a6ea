"""Applying a previewed import: whole, or not at all."""

from __future__ import annotations

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.places.creation import write_places
from zhen.kernel.places.importing.values import Preview
from zhen.kernel.places.models import Place


@action("places.import", silent=True)
def apply(actor: Actor, preview: Preview) -> list[Place]:
    """Create what the preview accepted. Raises Refused, and writes nothing, where it does not hold any more."""
    if not preview.accepted:
        return []
    places = write_places(actor, preview.accepted)
    journal.record("places.imported", by=actor, subject=places[0], data=preview.facts())
    return places
