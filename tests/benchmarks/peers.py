"""Ours and what else could answer: each is made from files, then tells one text for a conversation.

The peers rank the documents' sentences and always tell the best one; all turns of a conversation are their query.
"""

import re
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import bm25s
import Stemmer
from rapidfuzz import fuzz, process, utils

from knowledge.answers import answer
from knowledge.documents import read_documents
from knowledge.index import build
from knowledge.pack import load_pack
from tests.benchmarks.asked import context_of, told
from tests.benchmarks.measuring import forget_slips

PACK = Path("knowledge/packs/stalin")

Answerer: TypeAlias = Callable[[Sequence[str]], Callable[[], str]]  # a conversation -> the work on its last turn, timed


def footnote(_: Path) -> Answerer:
    """Ours, which knows the pack made from the documents, and may stay silent."""
    index = build([load_pack(PACK)])
    answer(index, "Who was that?")  # reads the weights, which belongs to loading

    def begin(turns: Sequence[str]) -> Callable[[], str]:
        context = context_of(index, turns[:-1])
        forget_slips(index)
        return lambda: told(index, turns[-1], context)

    return begin


def bm25(documents: Path) -> Answerer:
    """bm25s: BM25 over English stems, stop words left out."""
    sentences = _sentences(documents)
    stemmer = Stemmer.Stemmer("english")
    retriever = bm25s.BM25()
    retriever.index(bm25s.tokenize(sentences, stemmer=stemmer, show_progress=False), show_progress=False)

    def tell(query: str) -> str:
        tokens = bm25s.tokenize(query, stemmer=stemmer, show_progress=False)
        found, _ = retriever.retrieve(tokens, k=1, show_progress=False)
        return sentences[int(found[0, 0])]

    return lambda turns: lambda: tell(" ".join(turns))


def fts5(documents: Path) -> Answerer:
    """SQLite's full-text search in memory: Porter stems, bm25() for rank, any word of the question."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE sentences USING fts5(text, tokenize = 'porter unicode61')")
    base.executemany("INSERT INTO sentences VALUES (?)", [(s,) for s in _sentences(documents)])
    base.execute("INSERT INTO sentences(sentences) VALUES ('optimize')")

    def tell(query: str) -> str:
        terms = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", query))  # in quotes, AND and NEAR are words too
        best = "SELECT text FROM sentences WHERE sentences MATCH ? ORDER BY bm25(sentences) LIMIT 1"
        row = base.execute(best, (terms,)).fetchone() if terms else None
        return str(row[0]) if row else ""

    return lambda turns: lambda: tell(" ".join(turns))


def rapidfuzz(documents: Path) -> Answerer:
    """rapidfuzz: the sentence whose set of words is most like the question's."""
    sentences = _sentences(documents)
    compared = [utils.default_process(s) for s in sentences]

    def tell(query: str) -> str:
        _, _, place = process.extractOne(utils.default_process(query), compared, scorer=fuzz.token_set_ratio)
        return sentences[place]

    return lambda turns: lambda: tell(" ".join(turns))


def _sentences(documents: Path) -> list[str]:
    return [s for d in read_documents(documents).values() for p in d.paragraphs.values() for s in p.sentences]
