"""Questions with what their answers must and must not say, as the benchmarks read them."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.answers import answer
from knowledge.index import Index
from knowledge.questions import Context
from knowledge.results import Answered


@dataclass(frozen=True)
class Asked:
    """A conversation; its last turn is the question."""

    turns: tuple[str, ...]
    answerable: bool
    must: tuple[str, ...]  # regular expressions over the answer, whatever their case
    must_not: tuple[str, ...]

    def right(self, text: str) -> bool:
        """Whether a text holds all that the answer must say and nothing that it must not."""
        found = (bool(re.search(p, text, re.IGNORECASE)) for p in self.must)
        return bool(text) and all(found) and not any(re.search(p, text, re.IGNORECASE) for p in self.must_not)


def read_questions(file: Path) -> list[Asked]:
    """The questions of a file of JSON lines."""
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Asked(tuple(r["turns"]), r["expect"] == "answer", tuple(r["must"]), tuple(r.get("must_not", ())))
        for r in records
    ]


def context_of(index: Index, turns: Sequence[str]) -> Context:
    """The conversation as it stands after some messages."""
    context = Context()
    for turn in turns:
        context = answer(index, turn, context).context
    return context


def told(index: Index, message: str, context: Context) -> str:
    """What is told as an answer; empty where nothing is known, or something is asked back."""
    found = answer(index, message, context).answer
    return found.text if isinstance(found, Answered) else ""
