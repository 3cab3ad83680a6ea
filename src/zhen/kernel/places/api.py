"""What other modules may import of places."""

from zhen.kernel.places.actions import amend, close, move, rename
from zhen.kernel.places.addresses import Whereabouts, named, whereabouts
from zhen.kernel.places.addresses import found as addresses
from zhen.kernel.places.creation import create, create_many
from zhen.kernel.places.errors import Refused
from zhen.kernel.places.kinds import AREAS, NESTING, Kind
from zhen.kernel.places.location import Nearby, area_of_point, areas_of, near
from zhen.kernel.places.models import Place, PlaceVersion, Succession
from zhen.kernel.places.queries import (
    ancestors,
    by_code,
    children,
    descendants,
    edition,
    history,
    history_of_kind,
    names_at,
    place_at,
    places_at,
    readable,
    scope_ids,
    scopes_of,
    successions,
    valid_on,
    versions_on,
)
from zhen.kernel.places.redistricting import Part, merge, split
from zhen.kernel.places.rollup import Fact, areas_of_facts, roll_up
from zhen.kernel.places.synthetic import Outline, build_town
from zhen.kernel.places.values import NewPlace

__all__ = [
    "AREAS",
    "NESTING",
    "Fact",
    "Kind",
    "Nearby",
    "NewPlace",
    "Outline",
    "Part",
    "Place",
    "PlaceVersion",
    "Refused",
    "Succession",
    "Whereabouts",
    "addresses",
    "amend",
    "ancestors",
    "area_of_point",
    "areas_of",
    "areas_of_facts",
    "build_town",
    "by_code",
    "children",
    "close",
    "create",
    "create_many",
    "descendants",
    "edition",
    "history",
    "history_of_kind",
    "merge",
    "move",
    "named",
    "names_at",
    "near",
    "place_at",
    "places_at",
    "readable",
    "rename",
    "roll_up",
    "scope_ids",
    "scopes_of",
    "split",
    "successions",
    "valid_on",
    "versions_on",
    "whereabouts",
]
