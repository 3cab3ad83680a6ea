"""The kinds of devices of fire safety: detectors, water, electricity and gas, and what a transmission device tells."""

from zhen.packs.fire.profiles import detectors, supplies, transmission

PROFILES = (*detectors.PROFILES, *supplies.PROFILES, *transmission.PROFILES)

__all__ = ["PROFILES"]
