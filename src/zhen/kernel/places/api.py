"""What other modules may import of places."""

from zhen.kernel.places.models import Place

__all__ = ["Place"]
