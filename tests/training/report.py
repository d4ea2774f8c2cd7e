"""What the learned weights are worth: on questions never seen, by category, and on sections left out."""

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.table import Table

from knowledge.answers import answer, thresholds
from knowledge.index import Index
from knowledge.questions import Context
from knowledge.results import Answered
from tests.training.cases import Case, is_right
from tests.training.fitting import First, Learned, firsts, fit

FOLDS = 6  # of sections
WRONG = 3.0  # what a wrong answer costs, in silent ones


def reliability(title: str, cases: Sequence[Case], learned: Learned) -> Table:
    """What was foretold of the first items against what was so, and the threshold of least cost."""
    found = list(firsts(cases, learned.ranking))
    chance = np.array([f.chance(learned.confidence) for f in found])
    right = np.array([f.right for f in found])
    least, _ = thresholds()
    table = Table("foretold", "so", "of", title=f"{title}: {_figures(found, chance, least)}", title_justify="left")
    for low in np.arange(0, 1, 0.1):
        inside = (chance >= low) & (chance < low + 0.1 + 1e-9 * (low > 0.85))
        if inside.any():
            table.add_row(f"{low:.1f}–{low + 0.1:.1f}", f"{right[inside].mean():.2f}", str(inside.sum()))
    cheapest = cheapest_threshold(found, chance)
    error = float(np.mean((chance - right) ** 2))
    table.caption = f"Brier score {error:.3f}; least cost at {cheapest:.2f}: {_figures(found, chance, cheapest)}"
    return table


def across_sections(people: Sequence[Case], practice: Sequence[Case]) -> Table:
    """Cross-validation: each section's questions answered with weights learned without that section."""
    table = Table("sections left out", "questions", "first right", "right", "wrong", "abstained")
    least, _ = thresholds()
    everything: list[tuple[First, float]] = []
    for fold in range(FOLDS):
        train = [c for c in people if _fold(c) != fold]
        learned = fit(train, [c for c in practice if _fold(c) != fold])
        found = list(firsts([c for c in people if _fold(c) == fold], learned.ranking))
        everything += [(f, f.chance(learned.confidence)) for f in found]
    found, chance = [f for f, _ in everything], np.array([c for _, c in everything])
    table.add_row("all, in turn", str(len(found)), *_figures(found, chance, least).split()[1::2])
    table.title = f"{FOLDS}-fold by section ({len({c.section for c in people})} sections)"
    return table


def by_category(index: Index, folder: Path) -> Table:
    """What the bot itself answers to the questions of a folder."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            context = Context()
            for turn in record["turns"]:
                reply = answer(index, turn, context)
                context = reply.context
            told = reply.answer.text if isinstance(reply.answer, Answered) else None
            for row in (record["category"], "all answerable" if record["expect"] == "answer" else "all others"):
                counts[row]["of"] += 1
                if record["expect"] != "answer":
                    counts[row]["abstained" if told is None else "wrong"] += 1
                else:
                    counts[row]["silent" if told is None else "right" if is_right(told, record) else "wrong"] += 1
    columns = ("right", "silent", "wrong", "abstained")
    table = Table("category", "of", *columns, title=f"answers to {folder.name}")
    for row, count in sorted(counts.items(), key=lambda c: (c[0].startswith("all"), c[0])):
        table.add_row(row, str(count["of"]), *(f"{count[c] / count['of']:.3f}" if count[c] else "" for c in columns))
    return table


def cheapest_threshold(found: Sequence[First], chance: np.ndarray) -> float:
    """The threshold of least cost where a wrong answer costs as much as `WRONG` silent ones."""
    right = np.array([f.right for f in found])
    tried = np.arange(0.2, 0.95, 0.01)
    gains = [right[chance >= t].sum() - WRONG * (~right)[chance >= t].sum() for t in tried]
    return float(tried[int(np.argmax(gains))])


def _figures(found: Sequence[First], chance: np.ndarray, least: float) -> str:
    right = np.array([f.right for f in found])
    answerable = np.array([f.case.answerable for f in found])
    told = chance >= least
    return (
        f"first {right[answerable].mean():.3f} right {(told & right)[answerable].mean():.3f} "
        f"wrong {(told & ~right)[answerable].mean():.3f} abstained {(~told)[~answerable].mean():.3f}"
    )


def _fold(case: Case) -> int:
    """Questions about one section go together; those that nothing answers are spread by their key."""
    return zlib.crc32((case.section or case.key).encode()) % FOLDS
