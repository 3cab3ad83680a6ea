"""What may happen to a bench."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tests.dummy_pack.models import Bench
from zhen.kernel.lib.states import Machine

BENCH = Machine(
    id="dummy_pack.bench",
    name=_("Bench"),
    initial=Bench.State.WHOLE,
    transitions={
        Bench.State.WHOLE: frozenset({Bench.State.BROKEN}),
        Bench.State.BROKEN: frozenset({Bench.State.WHOLE, Bench.State.GONE}),
        Bench.State.GONE: frozenset(),
    },
    ends=frozenset({Bench.State.GONE}),
)
