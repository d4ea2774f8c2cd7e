"""Buttons that carry presses, and keyboards of them."""

from collections.abc import Iterable

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.presses.callback_data import Press


def button(label: str, press: Press) -> InlineKeyboardButton:
    """A button with what its handler needs."""
    return InlineKeyboardButton(label, callback_data=press.data())


def keyboard(*rows: Iterable[tuple[str, Press]]) -> InlineKeyboardMarkup:
    """Buttons row by row, each a label and what it carries."""
    return InlineKeyboardMarkup([[button(label, press) for label, press in row] for row in rows])
