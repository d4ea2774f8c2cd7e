"""What is known of English itself: function words, irregular forms, synonyms."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from itertools import product

from knowledge.text import stem, words
from knowledge.yamlfile import Plain, YamlFile


@dataclass(frozen=True)
class Lexicon:
    """Words in plain form; terms are stems, irregular forms brought to those of their base word."""

    words: frozenset[str] = field(repr=False)  # every word that the lexicon knows
    function: frozenset[str]
    scaffold: frozenset[str]  # terms
    kinds: dict[str, frozenset[str]] = field(repr=False)  # noun -> the kinds of entities that answer it
    mutual: frozenset[str] = field(repr=False)  # terms of what two do to one another
    opposites: dict[str, frozenset[str]] = field(repr=False)  # term -> terms that say the opposite
    irrealis: frozenset[str] = field(repr=False)  # words behind which stands what was only wished, tried, refused
    unreal: frozenset[str] = field(repr=False)  # those, and other words by which a question speaks of such a thing
    catenative: frozenset[str] = field(repr=False)  # before `to` and what somebody did
    chat: dict[str, str] = field(repr=False)  # how people write a word in chats -> the word
    base: dict[str, str] = field(repr=False)  # irregular word -> base word
    synonyms: dict[str, frozenset[str]] = field(repr=False)  # term -> terms
    phrases: dict[tuple[str, ...], frozenset[str]] = field(repr=False)  # several words -> terms they may stand for

    def term(self, word: str) -> str:
        """The term of a plain word: the stem of its base form."""
        return stem(self.base.get(word, word))

    def kinds_of(self, noun: str) -> frozenset[str]:
        """The kinds of entities, one of which a noun asks for, in the singular or in the plural."""
        ends = (noun.removesuffix("s"), noun.removesuffix("es"), noun.removesuffix("ies") + "y")
        forms = (noun, *ends, self.base.get(noun, noun))
        return next((self.kinds[form] for form in forms if form in self.kinds), frozenset())

    def content(self, text: str) -> list[str]:
        """The terms of a text that carry its topic, in order."""
        return [self.term(w) for w in words(text) if w not in self.function]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lexicon that comes with the program (`language/lexicon.yaml`)."""
    data = language_file("lexicon.yaml")
    function = frozenset(_text(data["function"]).split())
    base = {form: _text(line).split()[0] for line in _items(data["irregular"]) for form in _text(line).split()}
    synonyms: dict[str, set[str]] = defaultdict(set)
    phrases: dict[tuple[str, ...], set[str]] = defaultdict(set)

    def term(word: str) -> str:
        return stem(base.get(word, word))

    for line in _items(data["synonyms"]):
        group = [tuple(words(phrase.replace("_", " "))) for phrase in _text(line).split()]
        single = {term(phrase[0]) for phrase in group if len(phrase) == 1}
        for phrase in group:
            if function.issuperset(phrase):
                continue  # too common to mean anything by themselves: "do in"
            if len(phrase) == 1:
                synonyms[term(phrase[0])] |= single - {term(phrase[0])}
            else:
                phrases[tuple(term(w) for w in phrase)] |= single
    scaffold = frozenset(term(w) for w in _text(data["scaffold"]).split())
    kinds: dict[str, set[str]] = defaultdict(set)
    nouns = data["kinds"] if isinstance(data["kinds"], dict) else {}
    for kind, line in nouns.items():
        for word in _text(line).split():
            kinds[word].add(kind)
    opposites: dict[str, set[str]] = defaultdict(set)
    for line in _items(data["opposites"]):
        one, other = ([term(w) for w in side.split()] for side in _text(line).split("|"))
        for a, b in product(one, other):
            opposites[a].add(b)
            opposites[b].add(a)
    known = {w for line in _items(data["synonyms"]) for w in words(_text(line).replace("_", " "))}
    chat = {form: _text(line).split()[0] for line in _items(data["chat"]) for form in _text(line).split()[1:]}
    return Lexicon(
        frozenset(function | known | set(base) | set(base.values()) | set(_text(data["scaffold"]).split())),
        function,
        scaffold,
        {noun: frozenset(of) for noun, of in kinds.items()},
        frozenset(term(w) for w in _text(data["mutual"]).split()),
        {t: frozenset(others) for t, others in opposites.items()},
        _forms(data["irrealis"]),
        _forms(data["irrealis"]) | _forms(data["hypothetical"]),
        frozenset(_text(data["catenative"]).split()),
        chat,
        base,
        {t: frozenset(s) for t, s in synonyms.items()},
        {p: frozenset(t) for p, t in phrases.items()},
    )


@lru_cache(maxsize=1)
def english() -> frozenset[str]:
    """Some 80,000 words of English (symspellpy's frequency list): what is among them is no slip of the pen."""
    path = resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    return frozenset(line.split(" ", 1)[0] for line in path.read_text(encoding="utf-8-sig").splitlines())


def language_file(name: str) -> dict[str, Plain]:
    """A file of `knowledge/language`, as plain data."""
    with resources.as_file(resources.files("knowledge") / "language" / name) as path:
        data = YamlFile(path).data
    if not isinstance(data, dict):
        raise TypeError(f"{name}: must have keys at its top")
    return data


def places(forms: frozenset[str], tokens: Sequence[str]) -> Iterator[int]:
    """Where forms of one word or two end in a text."""
    for n, word in enumerate(tokens):
        if word in forms or (n and f"{tokens[n - 1]} {word}" in forms):
            yield n


def _forms(value: Plain) -> frozenset[str]:
    return frozenset(form.replace("_", " ") for form in _text(value).split())


def _items(value: Plain) -> list[Plain]:
    return value if isinstance(value, list) else []


def _text(value: Plain) -> str:
    return value if isinstance(value, str) else ""
