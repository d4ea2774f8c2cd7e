"""Results as Telegram shows them: HTML, keyboards, lengths. The only place that knows markup."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.services.answering import Explained, Given, Shown
from knowledge.pack import Pack
from knowledge.results import Ambiguous, Chat, Source, Unknown, footnotes

LONGEST_MESSAGE = 4096  # characters after markup is parsed
LONGEST_LABEL = 60  # characters of a button that phones show whole on two lines
LONGEST_PASSAGE = 1200  # characters of a document shown under a source
LONGEST_VALUE = 400  # characters of a line in an explanation, which may repeat what the person wrote

SOURCE, MORE, WHY, CHOICE = "s", "m", "w", "c"  # what callback data begins with; its key follows
_BUTTON = re.compile(r"(?:[smw]:[\w-]{12}|c:[\w-]{12}:[0-9])", re.ASCII)


@dataclass(frozen=True)
class Button:
    """What a button's callback data says; `key` names the answer that it stands under."""

    action: str
    key: str
    number: int = 0  # of a choice

    def data(self) -> str:
        """As callback data: at most 64 bytes."""
        return f"{self.action}:{self.key}" + (f":{self.number}" if self.action == CHOICE else "")


def button(data: str) -> Button | None:
    """Read callback data; None for any that isn't ours."""
    if not _BUTTON.fullmatch(data):
        return None
    action, key, *number = data.split(":")
    return Button(action, key, *map(int, number))


def answer(given: Given) -> tuple[str, InlineKeyboardMarkup | None]:
    """An answer as HTML, with the buttons that fit it."""
    found, key = given.answer, given.key
    if isinstance(found, Chat) or key is None:
        return escape(found.text), None
    if isinstance(found, Ambiguous):
        labels = [_short(choice.label, LONGEST_LABEL) for choice in found.choices]
        rows = [[(label, Button(CHOICE, key, n))] for n, label in enumerate(labels)]
        return escape(found.text), _keyboard(rows)
    row = [("Why", Button(WHY, key))]
    if not isinstance(found, Unknown):
        row = [("Source", Button(SOURCE, key)), ("More", Button(MORE, key)), *row]
    return _with_footnote(found.text, found.sources), _keyboard([row])


def sources(shown: Shown) -> str:
    """Where an answer stands, with the document's words where there are any."""
    parts = []
    for source, passage in shown.passages:
        part = f"<b>{escape(footnotes((source,))[0])}</b>{_sentences(source)}"
        if passage:
            part += f"\n<blockquote>{escape(_short(passage, LONGEST_PASSAGE))}</blockquote>"
        parts.append(part)
    return _fitting(parts)


def explanation(explained: Explained) -> str:
    """What led to an answer."""
    why = explained.why
    if why is None:
        return "You picked this fact yourself, or asked for more; nothing was guessed."
    rows = [
        ("Asked for", why.slot or "no particular thing"),
        ("About", ", ".join(why.entities) or "nobody and nothing that I know"),
        ("Unknown words", ", ".join(why.unknown)),
        ("Sure", f"{why.score:.0%} (I speak from {why.threshold:.0%} on)"),
        ("Runner-up", f"{why.runner_up_score:.0%}" if why.runner_up else ""),
        ("What counted", ", ".join(f"{name.replace('_', ' ')} {value:+.1f}" for name, value in why.features[:5])),
    ]
    return "\n".join(f"<b>{name}:</b> {escape(_short(value, LONGEST_VALUE))}" for name, value in rows if value)


def packs(known: Iterable[Pack]) -> str:
    """What packs hold: their titles, how many facts, and the documents."""
    parts = []
    for pack in known:
        titles = "\n".join(f"• {escape(d.title)}" for d in pack.info.documents)
        parts.append(f"<b>{escape(pack.info.title)}</b>: {len(pack.facts)} facts from\n{titles}")
    return _fitting(parts)


def _with_footnote(text: str, found: tuple[Source, ...]) -> str:
    if not found:
        return escape(text)
    notes = "; ".join(footnotes(found)[:3])
    return f"{escape(text)}\n\n<i>¹ {escape(notes)}</i>"


def _sentences(source: Source) -> str:
    if not source.sentences:
        return ""
    first, last = source.sentences[0], source.sentences[-1]
    return f", sentence {first}" if first == last else f", sentences {first} to {last}"


def _keyboard(rows: list[list[tuple[str, Button]]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=pressed.data()) for label, pressed in row] for row in rows]
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _fitting(parts: list[str]) -> str:
    """As many parts as one message holds; markup counts here too, so it errs on the short side."""
    message = ""
    for part in parts:
        if message and len(message) + len(part) + 2 > LONGEST_MESSAGE:
            break
        message = f"{message}\n\n{part}" if message else part
    return message
