"""Words, stems and numbers of a text, the same way for facts, questions and documents."""

import re
import unicodedata
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<digits>\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?!\d)|\d+)(?:\.(?P<decimals>\d+))?"
    r"(?P<scale>\s?(?:k|m|bn|thousand|million|billion)\b)?",
    re.IGNORECASE,
)
_YEARS = re.compile(r"\b(?P<century>1\d|20)(?P<first>\d\d)\s?[-–—/]\s?(?P<second>\d\d)(?!\d)")
_SCALES = {"k": 10**3, "thousand": 10**3, "m": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9, "hundred": 100}
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {w: n for n, w in enumerate(_UNITS)} | {w: 10 * n for n, w in enumerate(_TENS, 2)} | {"dozen": 12}

_stemmer = Stemmer.Stemmer("english")


def plain(text: str) -> str:
    """Lower case, without accents, with straight apostrophes: how texts are compared."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return bare.replace("’", "'").replace("ʼ", "'").replace("‘", "'")


def words(text: str) -> list[str]:
    """The words of a text in plain form, possessive endings removed."""
    return [w.removesuffix("'s").replace("'", "") for w in _WORD.findall(plain(text))]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The Snowball (Porter 2) stem of a plain word."""
    return str(_stemmer.stemWord(word))


def numbers(text: str) -> list[float]:
    """The numbers of a text in order, in figures or words: `600,000`, `1.2 million`, `twenty-six`, `1932–33`.

    An abbreviated second year counts in full (1932 and 1933). Ordinals and `one` don't count as numbers.
    """
    found = [(m.start(), _value(m)) for m in _NUMBER.finditer(text)]
    found += [(m.start("second"), float(m["century"] + m["second"])) for m in _YEARS.finditer(text)]
    found += _in_words(plain(text))
    return [value for _, value in sorted(found)]


def _value(match: re.Match[str]) -> float:
    digits = re.sub(r"\D", "", match["digits"])
    value = float(f"{digits}.{match['decimals'] or 0}")
    return value * _SCALES[match["scale"].strip().lower()] if match["scale"] else value


def _in_words(text: str) -> list[tuple[int, float]]:
    """Runs of number words: hundreds, tens and units added, scales multiplied."""
    found: list[tuple[int, float]] = []
    total, current, start, end = 0.0, 0.0, -1, -1
    for m in re.finditer(r"[a-z]+", text):
        word, gap = m.group(), text[end : m.start()] if start >= 0 else ""
        goes_on = start >= 0 and gap in (" ", "-", " and ")
        if word in _SMALL and (word != "one" or goes_on):
            if not goes_on:
                if start >= 0:
                    found.append((start, total + current))
                total, current, start = 0.0, 0.0, m.start()
            current += _SMALL[word]
            end = m.end()
        elif word in _SCALES and len(word) > 2 and goes_on:
            scale = _SCALES[word]
            if scale == 100:
                current *= 100
            else:
                total, current = total + current * scale, 0.0
            end = m.end()
        elif word == "and" and start >= 0 and text[end : m.start()] == " " and current >= 100:
            continue
        elif start >= 0:
            found.append((start, total + current))
            total, current, start = 0.0, 0.0, -1
    if start >= 0:
        found.append((start, total + current))
    return found
