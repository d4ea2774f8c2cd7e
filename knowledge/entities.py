"""Finding entities by name: exact phrases first, spelling mended word by word."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from knowledge.pack import Entity
from knowledge.text import words

ARTICLES = frozenset(("the", "a", "an"))


@dataclass(frozen=True)
class Mention:
    """Where a message names entities: words `start` to `stop`; more than one id where the name is shared."""

    start: int
    stop: int
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Names:
    """All names of all entities, for looking up phrases."""

    phrases: dict[tuple[str, ...], tuple[str, ...]] = field(repr=False)
    longest: dict[str, int] = field(repr=False)  # first word -> most words of a name that begins with it

    @classmethod
    def of(cls, entities: Iterable[Entity]) -> "Names":
        phrases: dict[tuple[str, ...], list[str]] = defaultdict(list)
        longest: dict[str, int] = defaultdict(int)
        for entity in entities:
            for name in (entity.name, *entity.aliases):
                phrase = _without_article(words(name))
                if phrase and entity.id not in phrases[phrase]:
                    phrases[phrase].append(entity.id)
                    longest[phrase[0]] = max(longest[phrase[0]], len(phrase))
        return cls({p: tuple(ids) for p, ids in phrases.items() if ids}, dict(longest))

    def find(self, tokens: Sequence[str]) -> list[Mention]:
        """The names among words, longest first from the left, none overlapping."""
        found, i = [], 0
        while i < len(tokens):
            longest = self.longest.get(tokens[i])
            for n in range(min(longest, len(tokens) - i), 0, -1) if longest else ():
                if ids := self.phrases.get(tuple(tokens[i : i + n])):
                    found.append(Mention(i, i + n, ids))
                    i += n
                    break
            else:
                i += 1
        return found


class Spelling:
    """Mends misspelt words by a vocabulary.

    Tolerance grows with length (optimal string alignment, so that swapped neighbours count once): one slip in words
    of four or five letters, two from six on if the first letter is right. Three-letter words are mended only into
    `everyday` ones. Words that
    are right as they stand (`correct`) are left alone, whether or not anything is known about them.
    """

    def __init__(self, frequencies: dict[str, int], everyday: Iterable[str], correct: frozenset[str]) -> None:
        self._frequencies = frequencies
        self._correct = correct
        self._everyday = frozenset(w for w in everyday if len(w) > 1)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in sorted(set(frequencies) | self._everyday):
            self._by_length[len(word)].append(word)
        self._cache: dict[str, str | None] = {}

    @property
    def told(self) -> Mapping[str, int]:
        """How often each word stands in what is known."""
        return self._frequencies

    def __contains__(self, word: str) -> bool:
        return word in self._frequencies or word in self._everyday or word in self._correct

    def mend(self, word: str) -> str | None:
        """The likeliest known word that this one misspells, or None."""
        if word not in self._cache:
            if len(self._cache) > 20_000:
                self._cache.clear()
            self._cache[word] = self._mend(word)
        return self._cache[word]

    def _mend(self, word: str) -> str | None:
        if len(word) < 3 or len(word) > 40 or any(c.isdigit() for c in word):
            return None
        if len(word) == 3:
            return self._nearest(word, self._everyday, 1)
        once = self._nearest(word, self._of_length(len(word), 1), 1)
        if once or len(word) < 6:
            return once
        alike = [w for w in self._of_length(len(word), 2) if w[0] == word[0]]
        return self._nearest(word, alike, 2)

    def _of_length(self, length: int, slips: int) -> list[str]:
        return [w for n in range(length - slips, length + slips + 1) for w in self._by_length.get(n, ())]

    def _nearest(self, word: str, choices: Collection[str], slips: int) -> str | None:
        near = process.extract(word, choices, scorer=OSA.distance, score_cutoff=slips, limit=10)

        def likeliness(match: tuple[str, float, int]) -> tuple[float, bool, bool, float, str]:
            known, distance, _ = match
            swapped = sorted(known) == sorted(word)
            return distance, not swapped, known not in self._frequencies, -JaroWinkler.similarity(word, known), known

        return min(near, key=likeliness)[0] if near else None


def _without_article(phrase: list[str]) -> tuple[str, ...]:
    return tuple(phrase[1:] if len(phrase) > 1 and phrase[0] in ARTICLES else phrase)
