"""What the engine's own parts do in the transaction of a case: index its text, keep a suggestion.

Parts of this module add a function here; packs use events and `Transition.effect`.
"""

from __future__ import annotations

from collections.abc import Callable

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.classify.keeping import keep_suggestion
from zhen.kernel.cases.declarations import CaseType
from zhen.kernel.cases.duplicates.hearing import tell_hearers
from zhen.kernel.cases.models import Case
from zhen.kernel.cases.search.indexing import index

Hook = Callable[[Actor, Case, CaseType], None]

RECEIVED: tuple[Hook, ...] = (
    keep_suggestion,
    index,
)
EDITED: tuple[Hook, ...] = (index,)
CLOSED: tuple[Hook, ...] = (tell_hearers,)


def received(actor: Actor, case: Case, type_: CaseType) -> None:
    for hook in RECEIVED:
        hook(actor, case, type_)


def edited(actor: Actor, case: Case, type_: CaseType) -> None:
    for hook in EDITED:
        hook(actor, case, type_)


def closed(actor: Actor, case: Case, type_: CaseType) -> None:
    for hook in CLOSED:
        hook(actor, case, type_)
