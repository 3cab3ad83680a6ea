"""What other modules may import of parties."""

__all__: list[str] = []
