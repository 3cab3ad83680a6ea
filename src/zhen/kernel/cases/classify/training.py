"""Learning from the town's own closed cases: title and description, masked; never who reported them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.cases.classify.masking import masked
from zhen.kernel.cases.declarations import CASE_TYPES
from zhen.kernel.cases.models import Case, TextModel
from zhen.kernel.jobs.api import enqueue
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.classifying import measure
from zhen.kernel.lib.classifying.model import Model, Unreadable, load
from zhen.kernel.lib.classifying.training import TooLittle
from zhen.kernel.lib.classifying.training import train as learn
from zhen.kernel.lib.refusals import Refused

FEWEST = 200  # closed cases with a class; below, keyword rules know more
FEWEST_NEW = 60  # closed since the model in use was trained, so that the two can be compared honestly
MOST = 60_000  # the newest; older ones follow boundaries and habits of their day
HELD_BACK = 0.2


@dataclass(frozen=True)
class _Lesson:
    texts: list[str]
    codes: list[str]

    def at(self, positions: list[int]) -> _Lesson:
        return _Lesson([self.texts[one] for one in positions], [self.codes[one] for one in positions])


@dataclass(frozen=True)
class Attempt:
    """A model as it was judged, before anybody decided about it. `reached` and `before` are macro-F1."""

    scheme: str
    model: Model
    learnt: int
    judged: int
    reached: float
    before: float | None
    calibration_error: float

    @property
    def better(self) -> bool:
        return self.before is None or self.reached >= self.before


def train_all() -> None:
    """The weekly job: each scheme that case types use."""
    for scheme in schemes():
        found = attempt(scheme)
        if found is not None:
            keep(Actor.system("cases.train"), found)


def schemes() -> list[str]:
    return sorted({type_.scheme for type_ in CASE_TYPES if type_.scheme})


def attempt(scheme: str) -> Attempt | None:
    """Train and judge. `None` while too little is closed. Writes nothing and holds no transaction open.

    It and the model in use are judged on cases that neither has learnt from; one that is no worse then learns
    from those, too.
    """
    used = TextModel.objects.filter(scheme=scheme, used=True).first()
    old = _readable(used)
    lesson, new = _closed(scheme, used.trained_at if used and old else None)
    if len(lesson.texts) < FEWEST or (old and len(new) < FEWEST_NEW):
        return None
    learnt, judged = _split(lesson, new if old else list(range(len(lesson.texts))))
    try:
        trial = learn(learnt.texts, learnt.codes)
    except TooLittle:
        return None
    reached, error = _judge(trial, judged)
    found = Attempt(
        scheme=scheme,
        model=trial,
        learnt=len(learnt.texts),
        judged=len(judged.texts),
        reached=reached,
        before=_judge(old, judged)[0] if old else None,
        calibration_error=error,
    )
    return replace(found, model=learn(lesson.texts, lesson.codes), learnt=len(lesson.texts)) if found.better else found


@action("cases.rules.change")
def keep(actor: Actor, found: Attempt) -> TextModel:
    """Keep the model, and use it if it is no worse than the one in use."""
    rows = TextModel.objects.filter(scheme=found.scheme)
    newest = rows.aggregate(newest=Max("version"))["newest"] or 0
    if found.better:
        rows.filter(used=True).update(used=False)
    row = TextModel.objects.create(
        scheme=found.scheme,
        version=newest + 1,
        trained_at=clock.now(),
        learnt=found.learnt,
        judged=found.judged,
        macro_f1=found.reached,
        before_f1=found.before,
        calibration_error=found.calibration_error,
        used=found.better,
        blob=found.model.dump(),
    )
    journal.record(
        "cases.model_trained" if found.better else "cases.model_refused",
        by=actor,
        subject=row,
        data={"scheme": row.scheme, "version": row.version, "learnt": row.learnt, "f1": f"{row.macro_f1:.3f}"},
    )
    return row


@action("cases.rules.change")
def ask_for_training(actor: Actor) -> None:
    """Train now instead of in the night to Sunday."""
    enqueue("cases.train", once="cases.train")
    journal.record("cases.training_asked", by=actor, subject=("cases.textmodel", "all"), data={})


@action("cases.rules.change")
def use(actor: Actor, row: TextModel) -> None:
    """Go back to a kept model, or take one that was refused."""
    if _readable(row) is None:
        raise Refused(
            field=_("model for classes"),
            value=str(row),
            reason=_("this version of Zhen cannot read it"),
            remedy=_("Train a new one"),
        )
    TextModel.objects.filter(scheme=row.scheme, used=True).update(used=False)
    TextModel.objects.filter(pk=row.pk).update(used=True)
    journal.record("cases.model_used", by=actor, subject=row, data={"scheme": row.scheme, "version": row.version})


def _closed(scheme: str, since: datetime | None) -> tuple[_Lesson, list[int]]:
    """The closed cases of a scheme that have a class, and the positions of those closed since a moment."""
    rows = list(
        Case.objects.filter(open=False, category__scheme=scheme)
        .order_by("-closed_at", "-pk")
        .values_list("title", "text", "category__code", "closed_at")[:MOST]
    )
    lesson = _Lesson([masked(f"{title}\n{text}"[:2_000]) for title, text, _, _ in rows], [row[2] for row in rows])
    return lesson, [at for at, row in enumerate(rows) if since and row[3] and row[3] > since]


def _split(lesson: _Lesson, candidates: list[int]) -> tuple[_Lesson, _Lesson]:
    """What to learn from and what to judge by: part of the candidates, whose text nothing else has."""
    share = max(HELD_BACK, min(0.5, HELD_BACK * len(lesson.texts) / len(candidates)))
    _, chosen = measure.disjoint([lesson.texts[at] for at in candidates], share=share, seed=0)
    judged = [candidates[at] for at in chosen]
    same = {measure.same_text(lesson.texts[at]) for at in judged}
    learnt = [at for at, text in enumerate(lesson.texts) if measure.same_text(text) not in same]
    return lesson.at(learnt), lesson.at(judged)


def _judge(model: Model, lesson: _Lesson) -> tuple[float, float]:
    """Macro-F1 and calibration error."""
    chances = model.probabilities(lesson.texts)
    said = [model.categories[best] for best in chances.argmax(axis=1)]
    right = [one == other for one, other in zip(said, lesson.codes, strict=True)]
    error = measure.calibration_error([float(one) for one in chances.max(axis=1)], right)
    return measure.macro_f1(measure.confusion(lesson.codes, said)), min(1.0, error)


def _readable(row: TextModel | None) -> Model | None:
    """The model of a row; `None` where there is none or it is of another version of Zhen."""
    try:
        return load(bytes(row.blob)) if row else None
    except Unreadable:
        return None
