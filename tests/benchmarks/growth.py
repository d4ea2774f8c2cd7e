"""What a bigger pack costs: `python -m tests.benchmarks.growth [--sizes 1000 10000 100000]`.

Made-up packs, with an entity to every three facts, are asked questions of three kinds: asks with one word changed,
nonsense, and what happened in a year, month or on a day. Each size runs in a process of its own; times are the
processor's for one answer in one thread, of each question the best of several rounds, with misspelt words mended anew
each time. Beside them stand the time to find candidates and, for the same questions, that of a plain scan of all facts
with rapidfuzz. Exit status 1 if p99 grows by more than 10 times from the smallest size to the largest.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from rapidfuzz import fuzz, process, utils
from rich.console import Console
from rich.table import Table

from knowledge.answers import answer
from knowledge.dates import MONTHS
from knowledge.index import Index, build
from knowledge.matching import candidates
from knowledge.pack import Pack
from knowledge.questions import Context, understand
from tests.benchmarks.made_up import YEARS, made_up_pack, vocabulary
from tests.benchmarks.measuring import ROUNDS, Times, apart, forget_slips, milliseconds, resident

MOST = 10.0  # times that p99 may grow
SCANS = 12  # questions that are scanned for: each takes a second in a big pack


@dataclass(frozen=True)
class Result:
    """What one size costs: seconds to build, MiB, and times by kind of question."""

    facts: int
    build: float
    memory: float
    times: Times
    by_kind: dict[str, Times]
    candidates: Times
    scan: Times


def questions(pack: Pack, each: int = 100) -> dict[str, list[str]]:
    """So many questions of each kind."""
    rng = random.Random(1)  # noqa: S311 – the same questions in every run
    content = vocabulary()

    def changed(ask: str) -> str:
        tokens = ask.split(" ")
        tokens[rng.randrange(2, len(tokens) - 1)] = content.draw(rng, 1)[0]
        return " ".join(tokens)

    def nonsense() -> str:
        made = ("".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(4, 10))) for _ in range(3))
        return f"Why {' '.join((*made, *rng.choices(content.things, k=3)))}?"

    def dated() -> str:
        year, month, day = rng.choice(YEARS), rng.choice(MONTHS), rng.randint(1, 28)
        return rng.choice(
            (f"What happened in {year}?", f"What happened in {month} {year}?", f"What happened on {day} {month}?")
        )

    asks = [ask for fact in rng.choices(pack.facts, k=each) for ask in fact.asks[:1]]
    return {
        "reworded": [changed(a) for a in asks],
        "nonsense": [nonsense() for _ in range(each)],
        "dated": [dated() for _ in range(each)],
    }


def measure(size: int) -> Result:
    """Make up a pack of a size, build its index and ask it everything."""
    pack = made_up_pack(size)
    asked = questions(pack)
    build([made_up_pack(10)])  # reads the lexicon, which every pack shares
    before = resident()
    begin = time.process_time()
    index = build([pack])
    took = time.process_time() - begin

    by_kind = {kind: timed(index, lambda q: answer(index, q), some) for kind, some in asked.items()}
    memory = resident() - before  # with what the questions left in its caches
    compared = [utils.default_process(fact.says) for fact in pack.facts]
    scanned = asked["reworded"][:SCANS]
    understood = {q: understand(index, q, Context()) for q in scanned}
    return Result(
        facts=len(pack.facts),
        build=took,
        memory=memory,
        times=Times(tuple(sorted(ms for times in by_kind.values() for ms in times.ms))),
        by_kind=by_kind,
        candidates=timed(index, lambda q: candidates(index, understood[q]), scanned),
        scan=timed(index, lambda q: scan(q, compared), scanned),
    )


def timed(index: Index, job: Callable[[str], object], messages: Sequence[str]) -> Times:
    """The times that a job takes on messages; the first round also fills what caches there are."""
    rounds = []
    for _ in range(ROUNDS):
        forget_slips(index)
        rounds.append([milliseconds(partial(job, message)) for message in messages])
    return Times.best(rounds)


def scan(question: str, compared: Sequence[str]) -> object:
    """The fact whose set of words is most like the question's, found by looking at all of them."""
    return process.extractOne(utils.default_process(question), compared, scorer=fuzz.token_set_ratio)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000], help="facts of the packs")
    args = parser.parse_args()
    results = [apart(measure, size) for size in sorted(args.sizes)]
    kinds = list(results[0].by_kind)
    table = Table("facts", "build s", "MiB", "p50", "p99", *kinds)
    table.title = f"answers; ms of one thread, best of {ROUNDS} rounds; by kind: p99"
    beside = Table("facts", "candidates, p50 ms", "scan, p50 ms", "times as fast")
    beside.title = "finding candidates, beside a scan by rapidfuzz"
    for r in results:
        sizes = f"{r.facts:,}", f"{r.build:.1f}", f"{r.memory:.0f}"
        figures = f"{r.times.p50:.2f}", f"{r.times.p99:.2f}", *(f"{r.by_kind[k].p99:.2f}" for k in kinds)
        table.add_row(*sizes, *figures)
        found, scan = r.candidates.p50, r.scan.p50
        beside.add_row(f"{r.facts:,}", f"{found:.2f}", f"{scan:.2f}", f"{scan / found:.0f}")
    console = Console()
    console.print(table)
    console.print(beside)
    smallest, largest = results[0], results[-1]
    ratio = largest.times.p99 / smallest.times.p99
    console.print(
        f"p99 grows {ratio:.1f} times from {smallest.facts:,} to {largest.facts:,} facts; at most {MOST:.0f} is fine"
    )
    return int(ratio > MOST)


if __name__ == "__main__":
    sys.exit(main())
