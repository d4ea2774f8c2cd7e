"""What a message wants: the slot it asks for, the intents its words hint at, or plain talk."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from knowledge.lexicon import language_file, lexicon
from knowledge.text import words

COUNTS = re.compile(r"\bhow (?:many|much)((?: [a-z]+){1,3})")
PICKS = re.compile(
    r"\b(?:what|which)(?! (?:(?:was|is|were|are) the names?|the|his|her|their|its)\b)((?: [a-z]+){1,3})|"
    r"\bnames? of((?: [a-z]+){1,4})"
)
ASKING_VERBS = frozenset("did was were is are does do has have had".split())
_AUXILIARIES = frozenset("is was were are did do does has had have will would could can made happened".split())
_BEFORE_NOUNS = frozenset("of the his her its their these those this that other such kind sort".split())
_DETERMINERS = frozenset("the a an his her its their this that those these other own".split())
HEADS = re.compile(
    r"\b(?:whos|whats|(?:who|what|which) (?:is|was|were|are))((?: [a-z0-9]+){1,6})|"
    r"\b(?:who|whom)(?! (?:is|was|were|are|did|does|do|had|has)\b)((?: [a-z]+){1,2})"
)


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


def focus_noun(plain_words: str, pattern: re.Pattern[str]) -> str | None:
    """The noun that a question counts (`COUNTS`) or picks one of (`PICKS`).

    None where a verb or a name stands in its place.
    """
    picked = pattern.search(plain_words)
    if picked is None:
        return None
    lex = lexicon()
    nouns: list[str] = []
    for word in next(group for group in picked.groups() if group).split():
        if word in _AUXILIARIES or (word in lex.function and (nouns or word not in _BEFORE_NOUNS)):
            break
        if word not in lex.function:
            nouns.append(word)
    kinds = [n for n in nouns if lex.kinds_of(n)]  # of "church leader" the leader, of "general led" the general
    return next(iter(kinds[-1:] or nouns), None)


def head_noun(plain_words: str) -> str | None:
    """The term of what a question with `who` or `what` asks for: `captain` in "who was the captain of", or the deed."""
    asked = HEADS.search(plain_words)
    if asked is None:
        return None
    lex = lexicon()
    if asked[2]:
        deed = next((w for w in asked[2].split() if w not in lex.function), None)
        return lex.term(deed) if deed else None
    head = None
    for word in asked[1].split():
        if word in lex.function:
            if head is None and word in _DETERMINERS:
                continue
            break
        if lex.term(word) not in lex.scaffold:
            head = lex.term(word)
    return head


def _dicts(value: object) -> list[dict[str, object]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
