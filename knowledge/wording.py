"""Our own words: find runs of words that stand in a document too."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

RUN = 8  # words in a row
CONTENT = 4  # of them neither names nor mere grammar, so that long titles of offices may be told as they are
LONGEST_QUOTATION = 15  # words between quotation marks

_QUOTATION = re.compile(r"“[^”]{1,160}”|\"[^\"\n]{1,160}\"")
_WORD = re.compile(r"\x00|[^\W_]+(?:['’-][^\W_]+)*")
_GRAMMAR = frozenset(
    (
        "a an and as at by for from had has have he her his in into is it its of on or that the their then they this "
        "to was were when which while who with would be been but not also after before during over under than both "
        "all more"
    ).split()
)


class Runs:
    """Every run of words of some texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._seen: set[tuple[str, ...]] = set()
        for text in texts:
            tokens = [w.lower() for w in _WORD.findall(text)]
            self._seen.update(zip(*(tokens[n:] for n in range(RUN)), strict=False))

    def copied(self, text: str) -> Iterator[str]:
        """The longest runs of a text that stand in those texts too; short quotations don't count."""
        tokens = _WORD.findall(_QUOTATION.sub(_blank, text))
        low = [t.lower() for t in tokens]
        known = [tuple(low[i : i + RUN]) in self._seen for i in range(len(low) - RUN + 1)]
        for is_copied, places in groupby(range(len(known)), key=known.__getitem__):
            if is_copied:
                first, *rest = places
                run = tokens[first : first + len(rest) + RUN]
                if sum(w.islower() and w not in _GRAMMAR for w in run) >= CONTENT:
                    yield " ".join(run)


def _blank(quotation: re.Match[str]) -> str:
    short = len(quotation.group().split()) <= LONGEST_QUOTATION
    return " \x00 " if short else quotation.group()
