"""The kinds of devices of fire safety: detectors, water, electricity and gas, and what a transmission device tells."""

from zhen.packs.fire.profiles import detectors, supplies, transmission

PROFILES = (*detectors.PROFILES, *supplies.PROFILES, *transmission.PROFILES)
CODES = frozenset(profile.code for profile in PROFILES)

__all__ = ["CODES", "PROFILES"]
