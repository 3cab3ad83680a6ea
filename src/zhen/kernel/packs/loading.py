"""Reading packs, and handing every declaration to the registry of its kind: all or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from django.conf import settings

from zhen.kernel.lib.problems import DeclarationError, Problem
from zhen.kernel.lib.registry import Bundle, Registry
from zhen.kernel.packs.declarations import Pack

KERNEL_MODULES = (
    "jobs",
    "journal",
    "access",
    "oversight",
    "files",
    "places",
    "identity",
    "parties",
    "notify",
    "cases",
    "telemetry",
    "ledger",
    "rounds",
    "plan",
    "packs",
)


def read(package: str) -> Pack:
    """The PACK value of a pack's package."""
    pack = getattr(import_module(f"{package}.pack"), "PACK", None)
    if not isinstance(pack, Pack):
        raise DeclarationError(
            [Problem(where=package, what="pack.py holds no PACK", remedy="Assign PACK = Pack(id=…, name=…)")]
        )
    return pack


def kernel_bundles() -> Iterable[Bundle]:
    """What the kernel's own modules declare, each in `contributes.py`."""
    for name in KERNEL_MODULES:
        module = import_module(f"zhen.kernel.{name}.contributes")
        yield module.BUNDLE


def gateway_bundles() -> Iterable[Bundle]:
    """What gateways declare, each in `contributes.py`: those that settings.ZHEN_GATEWAYS names."""
    for gateway in settings.ZHEN_GATEWAYS:
        yield import_module(f"{gateway}.contributes").BUNDLE


class Packs:
    """The packs in use; filled by `load`."""

    loaded: tuple[Pack, ...] = ()


def load(packages: Iterable[str]) -> tuple[Pack, ...]:
    """Load the declarations of the kernel, of gateways and of packs into the registries.

    Raises DeclarationError with every fault found; the registries then keep what they held.
    """
    packs = tuple(read(package) for package in packages)
    bundles = (*kernel_bundles(), *gateway_bundles(), *(pack.bundle() for pack in packs))
    problems = [*_unowned(bundles), *_same_id(packs)]
    for registry in Registry.all:
        problems.extend(registry.gather(bundles))
    for registry in Registry.all:
        problems.extend(registry.validate())
    if problems:
        raise DeclarationError(problems)
    for registry in Registry.all:
        registry.commit()
    Packs.loaded = packs
    return packs


def _same_id(packs: tuple[Pack, ...]) -> Iterable[Problem]:
    seen: set[str] = set()
    for pack in packs:
        if pack.id in seen:
            yield Problem(where=f"pack {pack.id}", what="duplicate pack id", remedy="Rename one of the two")
        seen.add(pack.id)


def _unowned(bundles: tuple[Bundle, ...]) -> Iterable[Problem]:
    for bundle in bundles:
        for item in bundle.items:
            if not any(isinstance(item, registry.kind) for registry in Registry.all):
                yield Problem(
                    where=f"{bundle.owner}: {type(item).__name__}",
                    what="no kernel module owns declarations of this kind",
                    remedy="Use one of the kernel's declaration types",
                )
