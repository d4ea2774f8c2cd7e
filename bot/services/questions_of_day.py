"""Which question comes on which day."""

import datetime as dt
from collections.abc import Collection

from bot.services.feedback import Feedback
from bot.services.library import Library
from knowledge.question_of_day import NONE, UNREPEATED_DAYS, question_of_day, reserved
from knowledge.quiz import Question, Quiz

MOST_KEPT = 30  # dates: there are three at a time on earth


class QuestionsOfDay:
    """Questions by their dates, each found once for all places, until the pack or what is put aside changes."""

    def __init__(self, library: Library, feedback: Feedback) -> None:
        self._library = library
        self._feedback = feedback
        self._found: dict[dt.date, Question | None] = {}
        self._ahead: dict[dt.date, frozenset[str]] = {}
        self._of: tuple[Quiz, frozenset[str]] = library.quiz, feedback.withheld

    def on(self, date: dt.date, avoided: Collection[str] = NONE) -> Question | None:
        """The question of a date; another one where its fact is `avoided`. None where the pack has none."""
        quiz, withheld = self._current()
        if date not in self._found:
            self._found[date] = question_of_day(quiz, date, withheld)
        found = self._found[date]
        return question_of_day(quiz, date, withheld, avoided) if found and found.fact in avoided else found

    def reserved(self, date: dt.date) -> frozenset[str]:
        """The facts that are kept for that date and the days after it, within which no question is repeated."""
        quiz, withheld = self._current()
        if date not in self._ahead:
            self._ahead[date] = reserved(quiz, date, UNREPEATED_DAYS, withheld)
        return self._ahead[date]

    def _current(self) -> tuple[Quiz, frozenset[str]]:
        now = self._library.quiz, self._feedback.withheld
        if now[0] is not self._of[0] or now[1] != self._of[1] or len(self._found) + len(self._ahead) > MOST_KEPT:
            self._found, self._ahead, self._of = {}, {}, now
        return now
