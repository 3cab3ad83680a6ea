"""Sealing fields, keyed hashes, and the keys for both.

`ring` holds the keys, `envelope` seals and opens single values, `keyed` makes hashes for look-up and
for proofs, `keeping` keeps the ring of this installation in its file.
"""

from zhen.kernel.lib.crypto.envelope import Cipher, Malformed, Tampered, Where, header_of, open_sealed, seal
from zhen.kernel.lib.crypto.keeping import Keeper, KeyFileFault, keeper
from zhen.kernel.lib.crypto.keyed import Mac, candidates, keyed_hash
from zhen.kernel.lib.crypto.ring import Key, KeyRing, RingFault, UnknownKey, Use

__all__ = [
    "Cipher",
    "Keeper",
    "Key",
    "KeyFileFault",
    "KeyRing",
    "Mac",
    "Malformed",
    "RingFault",
    "Tampered",
    "UnknownKey",
    "Use",
    "Where",
    "candidates",
    "header_of",
    "keeper",
    "keyed_hash",
    "open_sealed",
    "seal",
]
