"""Finding packs by name, before any of them is imported (Django's settings need the list)."""

import pkgutil
from importlib import import_module


def discover(namespace: str = "zhen.packs") -> tuple[str, ...]:
    """The packages of all packs that lie in the namespace, by name."""
    package = import_module(namespace)
    return tuple(sorted(f"{namespace}.{found.name}" for found in pkgutil.iter_modules(package.__path__) if found.ispkg))
