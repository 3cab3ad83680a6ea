"""What other modules may import of files."""

from zhen.kernel.files.actions import REDACT, VIEW_ORIGINAL, discard, open_original, redact, store
from zhen.kernel.files.fields import RedactionField, UploadField
from zhen.kernel.files.kinds import ALL, DOCUMENTS, IMAGES, SOUND, Kind
from zhen.kernel.files.links import (
    LARGE,
    LINK_SECONDS,
    SMALL,
    Opened,
    kept,
    kept_token,
    opened,
    original_url,
    redeemed,
    ticket,
    url,
)
from zhen.kernel.files.models import File
from zhen.kernel.files.pieces import MOST_PIECE, Arrived, Piece, arrived, take_piece
from zhen.kernel.files.preparing import MEGABYTE, MOST_BYTES, Prepared, prepare
from zhen.kernel.files.queries import content, shown_of
from zhen.kernel.files.redaction import Box

__all__ = [
    "ALL",
    "DOCUMENTS",
    "IMAGES",
    "LARGE",
    "LINK_SECONDS",
    "MEGABYTE",
    "MOST_BYTES",
    "MOST_PIECE",
    "REDACT",
    "SMALL",
    "SOUND",
    "VIEW_ORIGINAL",
    "Arrived",
    "Box",
    "File",
    "Kind",
    "Opened",
    "Piece",
    "Prepared",
    "RedactionField",
    "UploadField",
    "arrived",
    "content",
    "discard",
    "kept",
    "kept_token",
    "open_original",
    "opened",
    "original_url",
    "prepare",
    "redact",
    "redeemed",
    "shown_of",
    "store",
    "take_piece",
    "ticket",
    "url",
]
