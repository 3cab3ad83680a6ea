"""A trained model: one table of weights, read with numpy alone, kept in a file that cannot run code."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from zipfile import BadZipFile

import numpy as np

from zhen.kernel.lib.classifying.pieces import CHARACTERS, FIELDS, KINDS, PIECES, Cut, cut, pieces_of, prepared

MAGIC = b"ZHENCLS1"  # the version of the file
LARGEST_FILE = 64 * 2**20  # bytes
FIELD_SHARE = 0.35  # how much the fields of meaning count beside characters and words
REASONS = 4  # how many words are named
AT_ONCE = 500  # texts weighed together


class Unreadable(Exception):
    """The file is no model of this version, or was changed: train a new one."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A word of the text and how much it spoke for the category (log-odds against the average category)."""

    word: str
    weight: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text is about. `confidence` is a probability: of readings with 0.8, four in five are right.

    `chances` holds all categories, the most probable first.
    """

    category: str
    confidence: float
    chances: tuple[tuple[str, float], ...]
    because: tuple[Weighed, ...] = ()


@dataclass(frozen=True, eq=False)
class Model:
    """`weights[i, k]` is what the piece with hash `slots[i]` says for `categories[k]`, `idf[i]` how rare it is.

    Holds hashes instead of words: what somebody wrote cannot be read back from it.
    """

    categories: tuple[str, ...]
    slots: np.ndarray = field(repr=False)
    idf: np.ndarray = field(repr=False)
    weights: np.ndarray = field(repr=False)
    bias: np.ndarray = field(repr=False)
    sharpness: float = 1.0

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """One row per text, one column per category; each row sums to 1."""
        rows = [self._scores(cut(texts[at : at + AT_ONCE])) for at in range(0, len(texts), AT_ONCE)]
        return softmax(self.sharpness * np.concatenate(rows)) if rows else np.zeros((0, len(self.categories)))

    def categories_of(self, texts: Sequence[str]) -> list[str]:
        """The most probable category of each text."""
        return [self.categories[best] for best in self.probabilities(texts).argmax(axis=1)]

    def read(self, text: str) -> Reading:
        one = cut([text])
        chances = softmax(self.sharpness * self._scores(one))[0]
        order = np.argsort(-chances)
        ranked = tuple((self.categories[at], float(chances[at])) for at in order)
        return Reading(*ranked[0], chances=ranked, because=self._because(text, one, int(order[0])))

    def _scores(self, texts: Cut) -> np.ndarray:
        rows, values, known = placed(texts, self.slots, self.idf)
        found = np.tile(self.bias, (texts.total, 1))
        owners = texts.texts[known]
        if len(owners):
            starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
            found[owners[starts]] += np.add.reduceat(self.weights[rows] * values[:, None], starts, axis=0)
        return found

    def _because(self, text: str, one: Cut, category: int) -> tuple[Weighed, ...]:
        """The words that spoke most for the category, each with what its characters say; none within another."""
        rows, values, known = placed(one, self.slots, self.idf)
        said = dict(zip(one.slots[known].tolist(), (self.weights[rows, category] * values).tolist(), strict=True))
        words: dict[str, float] = {}
        pairs: dict[str, float] = {}
        for piece in dict.fromkeys(pieces_of(prepared(text))):
            if len(piece.shown) > 1 and piece.shown.isalnum():
                into = pairs if piece.kind == CHARACTERS else words
                into[piece.shown] = into.get(piece.shown, 0.0) + said.get(piece.slot, 0.0)
        for word in words:
            words[word] += sum(weight for pair, weight in pairs.items() if pair in word)
        return tuple(_apart(sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))))

    def dump(self) -> bytes:
        """MAGIC, SHA-256 of the rest, the arrays as npz."""
        meta = {"pieces": PIECES, "categories": self.categories, "sharpness": self.sharpness}
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            meta=np.frombuffer(json.dumps(meta, ensure_ascii=False).encode(), dtype=np.uint8),
            slots=self.slots,
            idf=self.idf.astype(np.float16),
            weights=self.weights.astype(np.float16),
            bias=self.bias,
        )
        return MAGIC + sha256(buffer.getvalue()).digest() + buffer.getvalue()


def load(data: bytes) -> Model:
    """The model of a file; Unreadable where anything about it is not as `dump` wrote it."""
    head, body = data[: len(MAGIC) + 32], data[len(MAGIC) + 32 :]
    if len(data) > LARGEST_FILE or head[: len(MAGIC)] != MAGIC:
        raise Unreadable("not a model of this version")
    if sha256(body).digest() != head[len(MAGIC) :]:
        raise Unreadable("changed since it was written")
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as file:
            arrays = {name: file[name] for name in ("meta", "slots", "idf", "weights", "bias")}
        meta = json.loads(arrays["meta"].tobytes())
        categories, pieces, sharpness = tuple(meta["categories"]), meta["pieces"], float(meta["sharpness"])
    except (BadZipFile, KeyError, ValueError, TypeError, EOFError) as fault:
        raise Unreadable("not a model of this version") from fault
    if pieces != PIECES:
        raise Unreadable("made for other pieces of text")
    size, width = len(arrays["slots"]), len(categories)
    shapes = (arrays["idf"].shape, arrays["weights"].shape, arrays["bias"].shape)
    if shapes != ((size,), (size, width), (width,)) or width < 2:
        raise Unreadable("its tables do not fit each other")
    floats = {name: arrays[name].astype(np.float32) for name in ("idf", "weights", "bias")}
    if not all(np.isfinite(table).all() for table in floats.values()):
        raise Unreadable("its tables hold no numbers")
    return Model(categories=categories, slots=arrays["slots"], sharpness=sharpness, **floats)


def placed(texts: Cut, slots: np.ndarray, idf: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each known piece: its row in the table and its value; and the mask of the known ones.

    Values are scaled so that characters, words and fields of one text each have length 1 (FIELD_SHARE for fields).
    """
    at = np.minimum(np.searchsorted(slots, texts.slots), len(slots) - 1)
    known = slots[at] == texts.slots
    rows = at[known]
    fields = texts.kinds[known] == FIELDS
    values = texts.values[known] * np.where(fields, 1.0, idf[rows])
    group = texts.texts[known] * KINDS + texts.kinds[known]
    length = np.sqrt(np.bincount(group, weights=values**2, minlength=1))
    return rows, (values / length[group] * np.where(fields, FIELD_SHARE, 1.0)).astype(np.float32), known


def softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _apart(ranked: Sequence[tuple[str, float]]) -> Iterator[Weighed]:
    taken: list[str] = []
    for word, weight in ranked:
        if weight <= 0 or len(taken) == REASONS:
            return
        if not any(word in other or other in word for other in taken):
            taken.append(word)
            yield Weighed(word, round(weight, 3))
