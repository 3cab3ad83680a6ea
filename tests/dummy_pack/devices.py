"""A kind of device: a bench that weighs what stands on it and feels whether it is wet."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from zhen.kernel.telemetry.api import Above, AlarmRule, Command, DeviceProfile, Metric, Severity, Silent

SEAT = DeviceProfile(
    code="dummy_pack.seat",
    name=_("Weighing bench"),
    metrics=(
        Metric(code="load", name=_("load"), unit="kg", low=0, high=2000, resolution=1),
        Metric(code="wet", name=_("wet"), low=0, high=1, resolution=1),
    ),
    rules=(
        AlarmRule(
            code="too_heavy",
            name=_("Too much on the bench"),
            severity=Severity.MAJOR,
            when=Above("load", 500, clear=400),
            lasting=timedelta(minutes=5),
        ),
        AlarmRule(code="silent", name=_("Not heard"), severity=Severity.NOTICE, when=Silent()),
    ),
    interval=timedelta(minutes=10),
    commands=(Command(code="dry", name=_("Dry the seat")),),
    case_type="dummy_pack.repair",
    causes=("real", "test", "fault"),
    stands_in_for="park_gateway.thing",
)
