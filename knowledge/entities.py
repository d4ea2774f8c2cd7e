"""Finding entities by name: exact phrases first, spelling mended word by word."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from knowledge.pack import Entity
from knowledge.text import words

ARTICLES = frozenset(("the", "a", "an"))
MOST_NEAR = 5  # words that one slip may stand for
SWAPPED = 0.08  # of likeness, that a word gains where only letters have changed places
UNTOLD = 0.1  # and that one loses of which nothing is told
OFTEN = 100  # times told, from which on a word is likelier meant than one of English that isn't told at all
TOLD = 0.02  # of likeness, that a word gains as often as it is told e times more often
KEPT = (1, 2)  # letters at either end of a word that one slip leaves alone, by which known words are looked up


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
        self._short = tuple(sorted(w for w in self._everyday if len(w) <= 4))
        # One slip leaves the first or the last letters as they are, so that few words need comparing (see `_once`).
        self._heads: dict[tuple[str, int], list[str]] = defaultdict(list)  # by first letters and length
        self._tails: dict[tuple[str, int], list[str]] = defaultdict(list)  # by last letters and length
        self._initials: dict[tuple[str, int], list[str]] = defaultdict(list)  # by first letter and length
        for word in sorted(set(frequencies) | self._everyday):
            self._initials[word[0], len(word)].append(word)
            for kept in KEPT:
                self._heads[word[:kept], len(word)].append(word)
                self._tails[word[-kept:], len(word)].append(word)
        self._cache: dict[str, tuple[str, ...]] = {}

    @property
    def told(self) -> Mapping[str, int]:
        """How often each word stands in what is known."""
        return self._frequencies

    def __contains__(self, word: str) -> bool:
        return word in self._frequencies or word in self._everyday or word in self._correct

    def mend(self, word: str) -> str | None:
        """The likeliest known word that this one misspells, or None."""
        return next(iter(self.near(word)), None)

    def meant(self, word: str) -> str:
        """What a word stands for where it is right as it stands, but nothing is told of it: `Stain`, for Stalin."""
        if word in self._frequencies or word in self._everyday:
            return word
        return next((known for known in self.near(word)[:1] if self._frequencies.get(known, 0) >= OFTEN), word)

    def near(self, word: str) -> tuple[str, ...]:
        """The known words that this one may misspell, all equally few slips away, the likeliest first."""
        if word not in self._cache:
            if len(self._cache) > 20_000:
                self._cache.clear()
            self._cache[word] = self._near(word)
        return self._cache[word]

    def _near(self, word: str) -> tuple[str, ...]:
        if len(word) < 3 or len(word) > 40 or any(c.isdigit() for c in word):
            return ()
        if len(word) == 3:
            return self._nearest(word, self._short, 1)
        once = self._nearest(word, self._once(word), 1)
        if once or len(word) < 6:
            return once
        lengths = range(len(word) - 2, len(word) + 3)
        return self._nearest(word, [w for n in lengths for w in self._initials.get((word[0], n), ())], 2)

    def _once(self, word: str) -> list[str]:
        """The known words that share their first or their last letters with a word and are at most one letter longer.

        All that are one slip away are among them: a slip at the third letter or later keeps the first two, one before
        it keeps what stands behind the third. In words of four letters that is one letter.
        """
        kept = 1 if len(word) < 5 else 2
        found = dict[str, None]()
        for n in (len(word) - 1, len(word), len(word) + 1):
            found |= dict.fromkeys(self._heads.get((word[:kept], n), ()))
            found |= dict.fromkeys(self._tails.get((word[-kept:], n), ()))
        return list(found)

    def _nearest(self, word: str, choices: Collection[str], slips: int) -> tuple[str, ...]:
        near = process.extract(word, choices, scorer=OSA.distance, score_cutoff=slips, limit=None)
        least = min((distance for _, distance, _ in near), default=0)

        def likeliness(known: str) -> tuple[float, str]:
            alike = JaroWinkler.similarity(word, known) + SWAPPED * (sorted(known) == sorted(word))
            told = self._frequencies.get(known, 0)
            return -(alike + TOLD * math.log1p(told) - UNTOLD * (not told)), known

        return tuple(sorted((known for known, distance, _ in near if distance == least), key=likeliness)[:MOST_NEAR])


def _without_article(phrase: list[str]) -> tuple[str, ...]:
    return tuple(phrase[1:] if len(phrase) > 1 and phrase[0] in ARTICLES else phrase)
