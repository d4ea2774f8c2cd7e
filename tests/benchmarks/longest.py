"""The worst that a message can cost: `python -m tests.benchmarks.longest [--show N]`.

Messages of 4,096 characters, the most that Telegram carries, each made to hurt in its own way. Times are the
processor's for one answer in one thread, of each message the best of several rounds. What takes longer than 50 ms is
named with its input, and makes the exit status 1.
"""

import argparse
import random
import string
import sys
from collections.abc import Iterator
from functools import partial
from itertools import cycle, islice

from rich.console import Console
from rich.table import Table
from rich.text import Text

from knowledge.answers import answer
from knowledge.index import Index, build
from knowledge.lexicon import english
from knowledge.pack import load_pack
from tests.benchmarks.measuring import ROUNDS, Times, forget_slips, milliseconds
from tests.benchmarks.peers import PACK
from tests.benchmarks.typos import misspelt

LONGEST = 4096  # characters
SLOW = 50.0  # ms
SHOWN = 70  # characters of a slow input


def filled(*parts: str, between: str = " ") -> str:
    """Parts over and over, up to the longest message."""
    most = LONGEST // (min(map(len, parts)) + len(between)) + len(parts)
    return between.join(islice(cycle(parts), most))[:LONGEST]


def messages(index: Index) -> Iterator[tuple[str, str]]:
    """Messages and what they are."""
    rng = random.Random(1)  # noqa: S311 – the same messages in every run
    asks = [ask for fact in index.facts.values() for ask in fact.asks]
    names = sorted({name for e in index.entities.values() for name in (e.name, *e.aliases)})
    everyday = sorted(w for w in english() if w.isalpha())
    rng.shuffle(asks)
    rng.shuffle(names)
    rng.shuffle(everyday)
    yield "questions joined", filled(*asks[:300])
    yield "questions without marks", filled(*(a.rstrip("?") for a in asks[:300]))
    yield "questions misspelt", misspelt(filled(*asks[:300]), rng)[:LONGEST]
    yield "names", filled(*names[:600])
    yield "names misspelt", misspelt(filled(*names[:600]), rng)[:LONGEST]
    yield "names, then a question", filled(*names[:600])[:-60] + ". " + asks[0]
    yield "one name", filled(max(names, key=len))
    yield "facts told back", filled(*(f.says for f in index.facts.values()))
    yield "English words", filled(*everyday[:2000])
    yield "English words misspelt", misspelt(filled(*everyday[:2000]), rng)[:LONGEST]
    yield "long words misspelt", misspelt(filled(*(w for w in everyday if len(w) > 9)), rng)[:LONGEST]
    yield from ((f"one word: {word}", filled(word)) for word in ("Stalin", "who", "was", "not", "Stalun", "ussr", "a"))
    yield from (
        (f"phrase: {p}", filled(p)) for p in ("is quickly", "how many", "which name of", "before the", "no one")
    )
    yield "letters without a space", "".join(rng.choices(string.ascii_lowercase, k=LONGEST))
    yield "one letter without a space", "a" * LONGEST
    yield "words of 40 letters", filled(*("".join(rng.choices(string.ascii_lowercase, k=40)) for _ in range(100)))
    yield "words of 9 letters", filled(*("".join(rng.choices(string.ascii_lowercase, k=9)) for _ in range(500)))
    yield "words of 3 letters", filled(*("".join(rng.choices(string.ascii_lowercase, k=3)) for _ in range(2000)))
    yield "letters, then “by”", "was " + "ed" * 2040 + " by"
    yield "digits without a space", "".join(rng.choices(string.digits, k=LONGEST))
    yield "digits with commas", filled("123", between=",")
    yield "years", filled(*map(str, range(1000, 2100)))
    yield "years with dashes", filled("1932–33", "1914-1918", between="-")
    yield "days", filled("5 March 1953", "22 June", "03/05/1953", "1917-11-07")
    yield "months", filled("in may", "june", "sept.")
    yield "numbers in words", filled("two hundred and five thousand", "nineteen seventeen", "twenty-six million")
    yield "ordinals", filled("first", "second", "twentieth", "3rd")
    yield "quotes in quotes", ("“‘\"'«(" * 300 + "Stalin" + ")»'\"’”" * 400)[:LONGEST]
    yield "brackets", "(" * 2048 + ")" * 2048
    yield "full stops", filled("A.", "b?", "C!")
    yield "question marks", "?" * LONGEST
    yield "apostrophes", filled("rock'n'roll's'", between="'")
    yield "hyphens", filled("well", "known", between="-")
    yield "spaces", "Stalin" + " " * 4084 + "Lenin?"
    yield "line breaks", filled("Who\n\n", "Stalin\r\n", between="\u2028")
    yield "markup", filled("<b><i>", "&amp;", "[x](y)", "*_`")
    yield "emoji", filled("👩‍👩‍👧‍👦", "🇬🇪", "👍🏽", between="")
    yield "accents piled up", filled("e" + "\u0301\u0323\u0308" * 10)
    yield "ligatures that unfold into many letters", "\ufdfa" * LONGEST
    yield "capitals that unfold", "ẞİŉΐ" * (LONGEST // 4)
    yield "Cyrillic", filled("Когда", "родился", "Сталин", "в", "Гори?")
    yield "Georgian", filled("სად", "დაიბადა", "სტალინი?")
    yield "Chinese", filled("斯大林是什么时候出生的", "？", between="")
    yield "Arabic", filled("متى", "ولد", "ستالين؟")
    yield (
        "scripts mixed",
        "".join(chr(c) for c in rng.choices([*range(0x20, 0xD800), *range(0xE000, 0x30000)], k=LONGEST)),
    )
    yield "control characters", "".join(map(chr, rng.choices(range(1, 160), k=LONGEST)))
    yield "halves of characters", "\ud83d" * LONGEST


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", type=int, default=12, help="of the slowest messages (default: %(default)s)")
    args = parser.parse_args()
    index = build([load_pack(PACK)])
    answer(index, "Who was that?")  # reads the weights
    timed = []
    for name, message in messages(index):
        rounds = []
        for _ in range(ROUNDS):
            forget_slips(index)
            rounds.append([milliseconds(partial(answer, index, message))])
        timed.append((Times.best(rounds).p50, name, message))
    timed.sort(key=lambda t: (-t[0], t[1]))
    table = Table("message", "ms", title=f"the slowest of {len(timed)} messages of up to {LONGEST:,} characters")
    for ms, name, _ in timed[: args.show]:
        table.add_row(name, f"{ms:.1f}")
    console = Console()
    console.print(table)
    slow = [t for t in timed if t[0] > SLOW]
    for ms, name, message in slow:
        console.print(Text(f"{ms:.0f} ms, {name}: {message[:SHOWN]!r}"))
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main())
