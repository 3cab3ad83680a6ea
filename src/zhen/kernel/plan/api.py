"""What other modules may import of plan."""

from zhen.kernel.plan.declarations import INDICATORS, Indicator, IndicatorKind, Period

__all__ = ["INDICATORS", "Indicator", "IndicatorKind", "Period"]
