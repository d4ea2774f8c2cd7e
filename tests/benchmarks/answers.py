"""Ours beside plain BM25 over the documents' sentences: `python -m tests.benchmarks.answers DOCUMENTS QUESTIONS`.

Both get the same answerable questions in one run. BM25 (bm25s, English stems) always tells its best sentence; ours may
stay silent. "Right" is what the question's patterns say of the text. Times are of one answer, in milliseconds.
"""

import json
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import bm25s
import Stemmer
from rich.console import Console
from rich.table import Table

from knowledge.answers import answer
from knowledge.documents import read_documents
from knowledge.index import build
from knowledge.pack import load_pack
from knowledge.questions import Context
from knowledge.results import Answered

PACK = Path("knowledge/packs/stalin")


@dataclass(frozen=True)
class Result:
    name: str
    right: float
    told: float
    p50: float
    p99: float


def bm25(folder: Path) -> Callable[[list[str]], str]:
    sentences = [s for d in read_documents(folder).values() for p in d.paragraphs.values() for s in p.sentences]
    stemmer = Stemmer.Stemmer("english")
    retriever = bm25s.BM25()
    retriever.index(bm25s.tokenize(sentences, stemmer=stemmer, show_progress=False), show_progress=False)

    def best(turns: list[str]) -> str:
        tokens = bm25s.tokenize(" ".join(turns), stemmer=stemmer, show_progress=False)
        found, _ = retriever.retrieve(tokens, k=1, show_progress=False)
        return sentences[int(found[0, 0])]

    return best


def ours(pack: Path) -> Callable[[list[str]], str]:
    index = build([load_pack(pack)])

    def best(turns: list[str]) -> str:
        context = Context()
        for turn in turns[:-1]:
            context = answer(index, turn, context).context
        found = answer(index, turns[-1], context).answer
        return found.text if isinstance(found, Answered) else ""

    return best


def measure(name: str, reply: Callable[[list[str]], str], questions: list[dict[str, list[str]]]) -> Result:
    right = told = 0
    times = []
    for question in questions:
        begin = time.perf_counter()
        text = reply(question["turns"])
        times.append((time.perf_counter() - begin) * 1000)
        told += bool(text)
        right += all(re.search(p, text, re.IGNORECASE) for p in question["must"]) and bool(text)
    times.sort()
    n = len(questions)
    return Result(name, right / n, told / n, times[n // 2], times[int(n * 0.99)])


def main() -> int:
    folder, file = Path(sys.argv[1]), Path(sys.argv[2])
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    questions = [r for r in records if r["expect"] == "answer"]
    results = [measure("footnote", ours(PACK), questions), measure("BM25", bm25(folder), questions)]
    table = Table("of", "right", "told", "p50 ms", "p99 ms", title=f"{len(questions)} answerable questions")
    for r in results:
        table.add_row(r.name, f"{r.right:.3f}", f"{r.told:.3f}", f"{r.p50:.2f}", f"{r.p99:.2f}")
    Console().print(table)
    return int(results[0].right <= results[1].right)


if __name__ == "__main__":
    sys.exit(main())
