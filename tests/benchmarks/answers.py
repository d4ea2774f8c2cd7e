"""Ours beside its peers on the same questions in one run: `python -m tests.benchmarks.answers DOCUMENTS QUESTIONS`.

The peers (bm25s, SQLite FTS5, rapidfuzz) tell their best sentence of the documents; ours may stay silent. "Right" is
what the question's patterns say of the text. Each runs in a process of its own: "load" is from files to ready, "memory"
what the process holds more after the questions than before loading, libraries not counted. Times are the processor's
for one answer in one thread, of each question the best of several rounds. Exit status 1 if ours isn't right more often
than every peer.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks import peers
from tests.benchmarks.asked import Asked, read_questions
from tests.benchmarks.measuring import ROUNDS, Times, apart, milliseconds, resident

NAMES: dict[str, Callable[[Path], peers.Answerer]] = {
    "footnote": peers.footnote,
    "bm25s": peers.bm25,
    "SQLite FTS5": peers.fts5,
    "rapidfuzz": peers.rapidfuzz,
}


@dataclass(frozen=True)
class Result:
    """What one of them did: shares of the questions, times and MiB."""

    name: str
    right: float
    told: float
    times: Times
    memory: float
    load: float


def measure(name: str, documents: Path, questions: Sequence[Asked]) -> Result:
    """Load one of them and ask it everything, in several rounds."""
    before = resident()
    begin = time.process_time()
    answerer = NAMES[name](documents)
    load = (time.process_time() - begin) * 1000
    texts = [answerer(q.turns)() for q in questions]  # also fills caches, as they are in a bot that runs
    rounds = [[milliseconds(answerer(q.turns)) for q in questions] for _ in range(ROUNDS)]
    memory = resident() - before
    n = len(questions)
    right = sum(q.right(text) for q, text in zip(questions, texts, strict=True))
    return Result(name, right / n, sum(map(bool, texts)) / n, Times.best(rounds), memory, load)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path, help="folder with the documents")
    parser.add_argument("questions", type=Path, help="file of JSON lines")
    args = parser.parse_args()
    questions = [q for q in read_questions(args.questions) if q.answerable]
    results = [apart(measure, name, args.documents, questions) for name in NAMES]
    title = f"{len(questions)} answerable questions; times of one thread, best of {ROUNDS} rounds"
    table = Table("of", *("right", "told", "p50 ms", "p99 ms", "memory MiB", "load ms"), title=title)
    for r in results:
        figures = f"{r.right:.3f}", f"{r.told:.3f}", f"{r.times.p50:.2f}", f"{r.times.p99:.2f}"
        table.add_row(r.name, *figures, f"{r.memory:.1f}", f"{r.load:.0f}")
    Console().print(table)
    ours, *others = results
    return int(ours.right <= max(r.right for r in others))


if __name__ == "__main__":
    sys.exit(main())
