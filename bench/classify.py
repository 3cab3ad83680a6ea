"""Classification: `--train A.csv --test B.csv` (columns title, label), or `--data ALL.csv --seeds 5 --share 0.2`.

With `--data` the file is split here, so that no text stands on both sides, once per seed. Without either, sentences
made here show only how fast it is. Wanted: macro-F1 0.90, 2,000 texts a second, training within 60 s.
"""

from __future__ import annotations

import csv
import resource
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from statistics import mean, pstdev
from typing import NamedTuple

from bench.harness import figures, timed
from zhen.kernel.lib.classifying import measure
from zhen.kernel.lib.classifying.model import Model, load
from zhen.kernel.lib.classifying.training import train

WANTED_F1, WANTED_PER_S, LIMIT_TRAIN_S = 0.90, 2_000, 60.0
SURE = 0.5  # below, no suggestion would be shown as such


class Texts(NamedTuple):
    texts: list[str]
    labels: list[str]

    def at(self, positions: Sequence[int]) -> Texts:
        return Texts([self.texts[one] for one in positions], [self.labels[one] for one in positions])


def run(options: Mapping[str, object]) -> dict[str, object]:
    rounds = [_measure(*sides) for sides in _sides(options)]
    found = {key: round(mean(each[key] for each in rounds), 4) for key in rounds[0]}
    return {
        **found,
        "rounds": len(rounds),
        "macro_f1_spread": round(pstdev(each["macro_f1"] for each in rounds), 4),
        "ratio_to_wanted_f1": round(found["macro_f1"] / WANTED_F1, 3),
        "ratio_to_wanted_speed": round(found["predict_per_s"] / WANTED_PER_S, 2),
        "ratio_to_train_limit": round(found["train_s"] / LIMIT_TRAIN_S, 3),
        "peak_memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _sides(options: Mapping[str, object]) -> list[tuple[Texts, Texts]]:
    if "train" in options:
        return [(_read(str(options["train"])), _read(str(options["test"])))]
    every = _read(str(options["data"])) if "data" in options else _made(300 if options["small"] else 3_000)
    share = float(str(options.get("share", 0.2)))
    sides = []
    for seed in range(int(str(options.get("seeds", 1)))):
        learn, judge = measure.disjoint(every.texts, share=share, seed=seed)
        sides.append((every.at(learn), every.at(judge)))
    return sides


def _measure(learn: Texts, judge: Texts) -> dict[str, float]:
    start = time.perf_counter()
    model = train(learn.texts, learn.labels)
    train_s = time.perf_counter() - start
    file = model.dump()
    start = time.perf_counter()
    model = load(file)
    load_s = time.perf_counter() - start
    model.read(judge.texts[0])  # the dictionaries are read once per process
    start, spent = time.perf_counter(), time.process_time()
    chances = model.probabilities(judge.texts)
    predict_s, predict_cpu_s = time.perf_counter() - start, time.process_time() - spent
    said = [model.categories[best] for best in chances.argmax(axis=1)]
    confidence = [float(one) for one in chances.max(axis=1)]
    right = [one == other for one, other in zip(said, judge.labels, strict=True)]
    sure = [hit for hit, how in zip(right, confidence, strict=True) if how >= SURE]
    pairs = measure.confusion(judge.labels, said)
    _print(model, pairs)
    return {
        "macro_f1": measure.macro_f1(pairs),
        "accuracy": mean(right),
        "calibration_error": measure.calibration_error(confidence, right),
        "sure_share": len(sure) / len(right),
        "sure_accuracy": mean(sure) if sure else 0.0,
        "train_s": train_s,
        "predict_per_s": len(judge.texts) / predict_s,
        "predict_per_cpu_s": len(judge.texts) / predict_cpu_s,
        "load_ms": load_s * 1000,
        "file_mib": len(file) / 2**20,
        "train_texts": len(learn.texts),
        "test_texts": len(judge.texts),
        **figures("read_one", _single(model, judge.texts)),
    }


def _single(model: Model, texts: list[str]) -> list[float]:
    """One text at a time with its reasons, as the intake of a case does."""
    waiting = iter(texts)
    return timed(lambda: model.read(next(waiting)), runs=min(500, len(texts) - 3))


def _print(model: Model, pairs: Mapping[tuple[str, str], int]) -> None:
    print("chosen \\ suggested: " + ", ".join(model.categories))
    for name, score in measure.scores(pairs).items():
        row = " ".join(f"{pairs.get((name, other), 0):>5}" for other in model.categories)
        print(f"{row}  F1 {score.f1:.3f}  {name}")
    sys.stdout.flush()


def _read(path: str) -> Texts:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["title"], row["label"]) for row in csv.DictReader(file)]
    return Texts([title for title, _ in rows], [label for _, label in rows])


_MADE = {
    "路面": ("路面坑洼", "井盖破损", "人行道砖松动", "水泥路开裂", "护栏倒塌"),
    "噪声": ("夜间施工噪声", "广场舞音响太吵", "空调外机轰鸣", "凌晨装修敲打", "喇叭叫卖扰民"),
    "停车": ("车辆占道停放", "停车位被锁", "电动车堵楼道", "货车停在消防通道", "共享单车乱停"),
    "垃圾": ("垃圾无人清运", "建筑垃圾倾倒", "垃圾桶满溢", "绿地里有大件垃圾", "餐厨垃圾发臭"),
}


def _made(count: int) -> Texts:
    random = Random(1)
    made = Texts([], [])
    for number in range(count):
        label = random.choice(sorted(_MADE))
        street = "".join(random.sample("新城怒江金沙梅川真光桃浦曹杨", 2))
        made.texts.append(f"{street}路{number}弄{random.choice(_MADE[label])}，{random.choice(('请处理', '盼解决'))}")
        made.labels.append(label)
    return made
