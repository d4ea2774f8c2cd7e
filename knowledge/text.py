"""Words, stems and numbers of a text, the same way for facts, questions and documents."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

import Stemmer

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<digits>\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?!\d)|\d+)(?:\.(?P<decimals>\d+))?"
    r"(?P<scale>\s?(?:k|m|bn|thousand|million|billion)\b)?",
    re.IGNORECASE,
)
_YEARS = re.compile(r"\b(?P<century>1\d|20)(?P<first>\d\d)\s?[-–—/]\s?(?P<second>\d\d)(?!\d)")
_SCALES = {"k": 10**3, "thousand": 10**3, "m": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9}
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {w: n for n, w in enumerate(_UNITS)} | {w: 10 * n for n, w in enumerate(_TENS, 2)} | {"dozen": 12}
_SCALES_IN_WORDS = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_FIRST_TO_TWENTIETH = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_ORDINALS = frozenset(_FIRST_TO_TWENTIETH) | frozenset(
    "thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth hundredth thousandth millionth".split()
)
_LETTERS = re.compile(r"[a-z]+", re.IGNORECASE | re.ASCII)

ORDINALS = {word: n for n, word in enumerate(_FIRST_TO_TWENTIETH, 1)} | {
    f"{n}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(n, 'th') }": n for n in range(1, 21)
}
NEGATION = re.compile(
    r"\b(not|never|no|nobody|none|neither|nor|without|refus\w+|declin\w+|unsuccessful\w*)\b|n't\b|\bcannot\b"
)
_BE = r"(?:is|are|was|were|be|been|being|got|get)"
_PARTICIPLE = r"\w+(?:ed|en|wn|ld|nt|pt|ft|de|ne|un|ot)"
PASSIVE = re.compile(rf"\b{_BE}(?: \w+){{0,4}}? {_PARTICIPLE}(?: \w+)? by\b")

_stemmer = Stemmer.Stemmer("english")


def plain(text: str) -> str:
    """Lower case, without accents, with straight apostrophes: how texts are compared."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return bare.replace("’", "'").replace("ʼ", "'").replace("‘", "'")


def words(text: str) -> list[str]:
    """The words of a text in plain form, possessive endings removed."""
    return [w.removesuffix("'s").replace("'", "") for w in _WORD.findall(plain(text))]


def first_words(text: str, most: int) -> str:
    """A text up to where the word after its first so many begins."""
    behind = next(islice(_WORD.finditer(text), most, None), None)
    return text[: behind.start()] if behind else text


def written(text: str) -> list[str]:
    """The same words as `words` finds, as they are written."""
    found = _WORD.findall(text)
    compared = words(text)
    return found if len(found) == len(compared) else compared


def owners(spelled: Sequence[str]) -> frozenset[int]:
    """The places of words, as `written` gives them, that stand in the possessive: `Stalin's`."""
    return frozenset(n for n, word in enumerate(spelled) if word.endswith(("'s", "’s", "ʼs")))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The Snowball (Porter 2) stem of a plain word."""
    return str(_stemmer.stemWord(word))


def numbers(text: str) -> list[float]:
    """The numbers of a text in order, in figures or words: `600,000`, `1.2 million`, `twenty-six`, `1932–33`.

    An abbreviated second year counts in full (1932 and 1933). Ordinals in words and a mere `one` don't count.
    """
    found = [(m.start(), _value(m)) for m in _NUMBER.finditer(text)]
    found += [
        (m.start("second"), float(m["century"] + m["second"]))
        for m in _YEARS.finditer(text)
        if m["second"] > m["first"]
    ]
    found += _in_words(text)
    return [value for _, value in sorted(found)]


def _value(match: re.Match[str]) -> float:
    digits = re.sub(r"\D", "", match["digits"])
    value = float(f"{digits}.{match['decimals'] or 0}")
    return value * _SCALES[match["scale"].strip().lower()] if match["scale"] else value


def _in_words(text: str) -> Iterator[tuple[int, float]]:
    """Numbers written out, such as `two hundred and five` or `twenty-six million`, and where they begin."""
    number: _Written | None = None
    after_and, end = False, 0
    for match in _LETTERS.finditer(text):
        word = match.group().lower()
        joined = text[end : match.start()] in (" ", "-")
        end = match.end()
        if number and joined and word == "and" and number.last >= 100 and not after_and:
            after_and = True
            continue
        if number and joined and (word in _SMALL or not after_and) and number.take(word):
            after_and = False
            continue
        if number and number.counts and not (joined and word in _ORDINALS):
            yield number.start, number.total + number.current
        number, after_and = (_Written(match.start(), word), False) if word in _SMALL else (None, False)
    if number and number.counts:
        yield number.start, number.total + number.current


class _Written:
    """A number in words, taken word by word: scaled groups in `total`, the group at hand in `current`."""

    def __init__(self, start: int, word: str) -> None:
        self.start = start
        self.total = 0.0
        self.current = float(_SMALL[word])
        self.last = 0.0 if word == "dozen" else self.current  # the value of the last word that others may follow

    @property
    def counts(self) -> bool:
        """Whether it is more than a mere `one`."""
        return self.total + self.current != 1

    def take(self, word: str) -> bool:
        """Add a word, or return False where it is no part of this number."""
        if word in _SCALES_IN_WORDS:
            return self._scale(_SCALES_IN_WORDS[word])
        value = _SMALL.get(word)
        if value is None:
            return False
        if self.last >= 100 or (self.last >= 20 and value < 10):
            self.current += value
        elif not self.total and self.current == self.last and 10 <= self.last <= 20 <= value + 10:
            self.current = self.current * 100 + value  # a year: nineteen seventeen
        else:
            return False
        self.last = value
        return True

    def _scale(self, scale: int) -> bool:
        if not self.current or (scale < 1000 <= self.current * 10):
            return False
        if scale < 1000:
            self.current *= scale
        else:
            self.total, self.current = self.total + self.current * scale, 0.0
        self.last = scale
        return True
