"""What a message wants: the slot it asks for, the intents its words hint at, or plain talk."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from knowledge.lexicon import language_file, lexicon
from knowledge.text import words


@dataclass(frozen=True)
class Talk:
    """Something said without asking for a fact; `reply` is empty where the answer depends on what came before."""

    id: str
    pattern: re.Pattern[str]
    reply: str


@dataclass(frozen=True)
class Intents:
    """`language/intents.yaml`, ready for use."""

    slots: tuple[tuple[str, re.Pattern[str]], ...]
    description: re.Pattern[str]
    talks: tuple[Talk, ...]
    cues: dict[str, frozenset[str]] = field(repr=False)  # term -> intents
    phrases: dict[tuple[str, ...], str] = field(repr=False)  # several terms -> intent

    def slot(self, plain_words: str) -> str | None:
        """The kind of thing that a question asks for: `date`, `person`, `number` … or None for no question word."""
        found = [(m.start(), n) for n, (_, pattern) in enumerate(self.slots) if (m := pattern.search(plain_words))]
        return self.slots[min(found)[1]][0] if found else None

    def talk(self, plain_words: str) -> Talk | None:
        return next((t for t in self.talks if t.pattern.search(plain_words)), None)

    def hinted(self, terms: Sequence[str]) -> frozenset[str]:
        """The intents that a question's terms are cues of."""
        found = {intent for term in terms for intent in self.cues.get(term, ())}
        for phrase, intent in self.phrases.items():
            n = len(phrase)
            if phrase[0] in terms and any(tuple(terms[i : i + n]) == phrase for i in range(len(terms) - n + 1)):
                found.add(intent)
        return frozenset(found)


@lru_cache(maxsize=1)
def intents() -> Intents:
    """The intents that come with the program."""
    data = language_file("intents.yaml")
    lex = lexicon()
    cues: dict[str, set[str]] = {}
    phrases: dict[tuple[str, ...], str] = {}
    for item in _dicts(data["intents"]):
        for cue in _list(item["cues"]):
            phrase = tuple(lex.term(w) for w in words(str(cue)))
            if len(phrase) == 1:
                cues.setdefault(phrase[0], set()).add(str(item["id"]))
            else:
                phrases[phrase] = str(item["id"])
    return Intents(
        slots=tuple((str(i["slot"]), re.compile(str(i["pattern"]))) for i in _dicts(data["asked"])),
        description=re.compile(str(data["description"])),
        talks=tuple(
            Talk(str(i["id"]), re.compile(str(i["pattern"])), str(i.get("reply", ""))) for i in _dicts(data["talk"])
        ),
        cues={term: frozenset(ids) for term, ids in cues.items()},
        phrases=phrases,
    )


def _dicts(value: object) -> list[dict[str, object]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
