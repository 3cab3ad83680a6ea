"""Learning a model from texts whose category is known.

A linear support vector machine and a complement naive Bayes are added up: the first is right more often,
the second knows rare categories better, and their sum is again one table of weights. Confidence is made
honest on texts that the judging half has not seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from zhen.kernel.lib.classifying.model import Model, placed, softmax
from zhen.kernel.lib.classifying.pieces import Cut, cut

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FEWEST_PER_CATEGORY = 4  # with fewer nothing can be held back to learn how sure to be
MOST_PIECES = 60_000  # the commonest; keeps a model of sixty categories within 10 MB
MOST_TEXTS = 200_000
FOLDS = 3
BAYES_SHARE = 0.5
SHARPNESS = np.geomspace(0.25, 16, 120)


class TooLittle(Exception):
    """Fewer than two categories with enough texts: go on with rules, try again when more cases are closed."""


@dataclass(frozen=True, slots=True)
class _Linear:
    weights: np.ndarray
    bias: np.ndarray


def train(texts: Sequence[str], categories: Sequence[str], *, seed: int = 0) -> Model:
    """A model of all categories with at least FEWEST_PER_CATEGORY texts. Imports scikit-learn: for jobs only."""
    counts = Counter(categories)
    kept = [at for at, name in enumerate(categories) if counts[name] >= FEWEST_PER_CATEGORY][-MOST_TEXTS:]
    names = tuple(sorted({categories[at] for at in kept}))
    if len(names) < 2:
        raise TooLittle
    wanted = np.array([names.index(categories[at]) for at in kept])
    pieces = cut([texts[at] for at in kept])
    slots, idf = _vocabulary(pieces)
    table = _table(pieces, slots, idf)
    fitted = _fit(table, wanted, len(names), seed)
    return Model(
        categories=names,
        slots=slots,
        idf=idf,
        weights=fitted.weights,
        bias=fitted.bias,
        sharpness=_sharpness(table, wanted, len(names), seed),
    )


def _vocabulary(pieces: Cut) -> tuple[np.ndarray, np.ndarray]:
    """The slots in order, and how rare each is: log((1 + texts) / (1 + texts with it)) + 1."""
    slots, times = np.unique(pieces.slots, return_counts=True)
    if len(slots) > MOST_PIECES:
        commonest = np.sort(np.argsort(-times, kind="stable")[:MOST_PIECES])
        slots, times = slots[commonest], times[commonest]
    return slots, (np.log((1 + pieces.total) / (1 + times)) + 1).astype(np.float32)


def _table(pieces: Cut, slots: np.ndarray, idf: np.ndarray) -> csr_matrix:
    from scipy.sparse import csr_matrix

    rows, values, known = placed(pieces, slots, idf)
    return csr_matrix((values, (pieces.texts[known], rows)), shape=(pieces.total, len(slots)))


def _fit(table: csr_matrix, wanted: np.ndarray, width: int, seed: int) -> _Linear:
    from sklearn.naive_bayes import ComplementNB
    from sklearn.svm import LinearSVC

    machine = LinearSVC(C=0.4, class_weight="balanced", random_state=seed).fit(table, wanted)
    bayes = ComplementNB(alpha=0.1).fit(table, wanted)
    edge, level = machine.coef_, machine.intercept_
    if width == 2:  # scikit-learn keeps one column for two categories
        edge, level = np.vstack([-edge, edge]), np.hstack([-level, level])
    first = _centred(edge.T, level, table)
    second = _centred(bayes.feature_log_prob_.T, np.zeros(width), table)
    return _Linear(
        weights=(first.weights + BAYES_SHARE * second.weights).astype(np.float32),
        bias=(first.bias + BAYES_SHARE * second.bias).astype(np.float32),
    )


def _centred(weights: np.ndarray, bias: np.ndarray, table: csr_matrix) -> _Linear:
    """Against the average category, in units of the spread of the scores: only so can two models be added."""
    weights, bias = weights - weights.mean(axis=1, keepdims=True), bias - bias.mean()
    spread = float((table @ weights + bias).std()) or 1.0
    return _Linear(weights / spread, bias / spread)


def _sharpness(table: csr_matrix, wanted: np.ndarray, width: int, seed: int) -> float:
    """The factor that makes probabilities of texts not learnt from true (temperature scaling, Guo et al. 2017)."""
    from sklearn.model_selection import StratifiedKFold

    scores = np.zeros((len(wanted), width))
    folds: Any = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    for learn, judge in folds.split(table, wanted):
        part = _fit(table[learn], wanted[learn], width, seed)
        scores[judge] = table[judge] @ part.weights + part.bias
    right = np.arange(len(wanted)), wanted
    losses = [-np.log(np.maximum(softmax(sharp * scores)[right], 1e-12)).mean() for sharp in SHARPNESS]
    return float(SHARPNESS[int(np.argmin(losses))])
