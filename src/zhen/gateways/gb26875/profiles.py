"""What the registry calls a device of this protocol, where no pack has a better profile for it.

`PartProfile` rows give the parts of a component type another profile, such as one that opens a pack's cases.
"""

from zhen.kernel.telemetry.api import PLAIN_PART as COMPONENT
from zhen.kernel.telemetry.api import PLAIN_SYSTEM as SYSTEM
from zhen.kernel.telemetry.api import PLAIN_TRANSMITTER as DEVICE

PROFILES = (COMPONENT, SYSTEM, DEVICE)

__all__ = ["COMPONENT", "DEVICE", "PROFILES", "SYSTEM"]
