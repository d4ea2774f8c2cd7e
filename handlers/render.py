"""Results as Telegram shows them: HTML, keyboards, lengths. The only place that knows markup."""

from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.services.answering import Explained, Given, Shown
from knowledge.answers import Ambiguous, Chat, Source, Unknown, footnote

LONGEST_MESSAGE = 4096  # characters after markup is parsed
LONGEST_LABEL = 60  # characters of a button that phones show whole on two lines

SOURCE, MORE, WHY, CHOICE = "s", "m", "w", "c"  # what callback data begins with; its key follows


def answer(given: Given) -> tuple[str, InlineKeyboardMarkup | None]:
    """An answer as HTML, with the buttons that fit it."""
    found = given.answer
    if isinstance(found, Chat):
        return escape(found.text), None
    if isinstance(found, Ambiguous):
        rows = [
            [InlineKeyboardButton(_short(c.label, LONGEST_LABEL), callback_data=f"{CHOICE}:{given.key}:{n}")]
            for n, c in enumerate(found.choices)
        ]
        return escape(found.text), InlineKeyboardMarkup(rows)
    if isinstance(found, Unknown):
        return _with_footnote(found.text, found.sources), _buttons((WHY, "Why"), key=given.key)
    return _with_footnote(found.text, found.sources), _buttons(
        (SOURCE, "Source"), (MORE, "More"), (WHY, "Why"), key=given.key
    )


def sources(shown: Shown) -> str:
    """Where an answer stands, with the document's words where there are any."""
    parts = []
    for source, passage in shown.passages:
        place = f"<b>{escape(footnote(source))}</b>{_sentences(source)}"
        parts.append(f"{place}\n<blockquote>{escape(_short(passage, 1200))}</blockquote>" if passage else place)
    return _fitting(parts) or "That answer has no source: it is not from the documents."


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
    return "\n".join(f"<b>{name}:</b> {escape(value)}" for name, value in rows if value)


def _with_footnote(text: str, found: tuple[Source, ...]) -> str:
    if not found:
        return escape(text)
    notes = "; ".join(dict.fromkeys(footnote(s) for s in found[:3]))
    return f"{escape(text)}\n\n<i>¹ {escape(notes)}</i>"


def _sentences(source: Source) -> str:
    if not source.sentences:
        return ""
    first, last = source.sentences[0], source.sentences[-1]
    return f", sentence {first}" if first == last else f", sentences {first} to {last}"


def _buttons(*actions: tuple[str, str], key: str | None) -> InlineKeyboardMarkup | None:
    if key is None:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=f"{action}:{key}") for action, label in actions]]
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _fitting(parts: list[str]) -> str:
    """As many parts as one message holds; markup counts here too, so it errs on the short side."""
    message = ""
    for part in parts:
        if len(message) + len(part) + 2 > LONGEST_MESSAGE:
            break
        message = f"{message}\n\n{part}" if message else part
    return message
