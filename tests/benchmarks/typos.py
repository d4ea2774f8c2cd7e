"""What slips of the pen cost: `python -m tests.benchmarks.typos QUESTIONS [--seeds 5]`.

Every question is asked as it is, then with one random edit (a letter inserted, deleted, replaced, or two neighbours
swapped) in each of its words of five letters or more, once for each seed. "Right" and "wrong" are shares of the
answerable questions, "kept silent" of the others. Exit status 1 if right falls by more than 0.06 on average.
"""

import argparse
import random
import re
import string
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from rich.console import Console
from rich.table import Table

from knowledge.index import Index, build
from knowledge.pack import load_pack
from tests.benchmarks.asked import Asked, context_of, read_questions, told
from tests.benchmarks.peers import PACK

MOST = 0.06  # by which right may fall
_WORD = re.compile(r"[^\W\d_]{5,}")


@dataclass(frozen=True)
class Score:
    right: float
    wrong: float
    silent: float


def misspelt(text: str, rng: random.Random) -> str:
    """A text with one edit in each of its longer words."""
    return _WORD.sub(lambda m: edited(m.group(), rng), text)


def edited(word: str, rng: random.Random) -> str:
    """A word with a letter inserted, deleted or replaced, or two neighbours swapped; never the word itself."""
    made = word
    while made == word:
        n, letter = rng.randrange(len(word)), rng.choice(string.ascii_lowercase)
        head, here, tail = word[:n], word[n], word[n + 1 :]
        made = rng.choice(
            (
                head + letter + here + tail,
                head + tail,
                head + letter + tail,
                head + tail[:1] + here + tail[1:],
            )
        )
    return made


def score(index: Index, questions: Sequence[Asked]) -> Score:
    """Ask everything."""
    texts = [told(index, q.turns[-1], context_of(index, q.turns[:-1])) for q in questions]
    pairs = list(zip(questions, texts, strict=True))
    due = [(q.right(text), bool(text)) for q, text in pairs if q.answerable]
    absent = [not text for q, text in pairs if not q.answerable]
    right = fmean(r for r, _ in due)
    return Score(right, fmean(t for _, t in due) - right, fmean(absent) if absent else 1.0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path, help="file of JSON lines")
    parser.add_argument("--seeds", type=int, default=5, help="times that everything is misspelt (default: %(default)s)")
    args = parser.parse_args()
    questions = read_questions(args.questions)
    index = build([load_pack(PACK)])
    plain = score(index, questions)
    with_slips = []
    for seed in range(args.seeds):
        rng = random.Random(seed)  # noqa: S311 – the same slips in every run
        with_slips.append(score(index, [replace(q, turns=tuple(misspelt(t, rng) for t in q.turns)) for q in questions]))
    table = Table("questions", "right", "wrong", "kept silent", title=f"{len(questions)} questions")
    mean = Score(*(fmean(getattr(s, k) for s in with_slips) for k in ("right", "wrong", "silent")))
    rows = [("as they are", plain), *((f"misspelt, seed {n}", s) for n, s in enumerate(with_slips))]
    for name, s in [*rows, ("misspelt, on average", mean)]:
        table.add_row(name, f"{s.right:.3f}", f"{s.wrong:.3f}", f"{s.silent:.3f}")
    console = Console()
    console.print(table)
    fall = plain.right - mean.right
    console.print(f"right falls by {fall:.3f}; at most {MOST} is fine")
    return int(fall > MOST)


if __name__ == "__main__":
    sys.exit(main())
