"""What somebody wishes to be asked: `10 hard 1941`, `easy Zhukov`, `3`, in any order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.index import Index
from knowledge.material import is_grave, is_playable
from knowledge.questions import Context, understand
from knowledge.quiz import Difficulty, Question, Quiz
from knowledge.text import plain

USUAL = 5  # questions of a round
MOST = 30
FEWEST = 3  # questions about a subject, or it makes no round
LONGEST_NAME = 60  # characters of a person's words that are said back

_YEAR = re.compile(r"\b(1\d{3}|20\d{2})\b")
_NUMBER = re.compile(r"(?<![\w'’])(\d{1,9})(?: (?:questions?|rounds?))?\b")
_DIFFICULTIES: dict[str, Difficulty] = {
    "easy": "easy",
    "simple": "easy",
    "medium": "medium",
    "normal": "medium",
    "hard": "hard",
    "difficult": "hard",
}
_FILLING = re.compile(
    r"(?i)^(?:(?:(?:quiz|test|ask|give|let) (?:me|us)|let['’]?s|(?:can|could|will|would) (?:you|we)|"
    r"quiz|trivia|questions?|rounds?|play|start|begin|have|do|an?|another|some|few|"
    r"on|about|of|in|from|the year|with|for|ok|okay|please|now)(?![\w'’])[\s,]*)+|(?:[\s,.;:!?]|\bplease\b)+$"
)


@dataclass(frozen=True)
class Wish:
    """How many questions, how hard, of what year and about whom or what; None and () where all the same."""

    n: int = USUAL
    difficulty: Difficulty | None = None
    year: int | None = None
    about: tuple[str, ...] = ()  # entities

    @property
    def is_open(self) -> bool:
        """Whether any question will do."""
        return self.difficulty is None and self.year is None and not self.about

    def questions(self, quiz: Quiz, *, seed: int | str, **more: object) -> tuple[Question, ...]:
        """What the quiz has for it; `more` is handed on to `Quiz.questions`."""
        return quiz.questions(
            seed=seed,
            n=self.n,
            difficulty=self.difficulty,
            year=self.year,
            about=self.about or None,
            **more,  # type: ignore[arg-type]
        )


@dataclass(frozen=True)
class NoWish:
    """What was written can't be asked; `why` is a sentence for the person."""

    why: str


def read_wish(index: Index, text: str) -> Wish | NoWish:
    """Read what stands behind /quiz. Nothing at all is a wish too; never raises."""
    rest = " ".join(text.split())
    year = _YEAR.search(plain(rest))
    if year:
        rest = f"{rest[: year.start()]} {rest[year.end() :]}"
    number = _NUMBER.search(rest)
    if number:
        rest = f"{rest[: number.start()]} {rest[number.end() :]}"
    words = rest.split()
    levels = [_DIFFICULTIES[word.lower()] for word in words if word.lower() in _DIFFICULTIES]
    name = _FILLING.sub("", " ".join(word for word in words if word.lower() not in _DIFFICULTIES)).strip()
    about = understand(index, name, Context()).entities if name else ()
    if name and not about and is_grave(name):
        return NoWish(f"Suffering and death are not for a game, so I have no questions about “{name[:LONGEST_NAME]}”.")
    if name and not about:
        return NoWish(f"I know no subject for a quiz called “{name[:LONGEST_NAME]}”.")
    if number and not 1 <= int(number[1]) <= MOST:
        return NoWish(f"A round has 1 to {MOST} questions.")
    return Wish(
        int(number[1]) if number else USUAL, levels[0] if levels else None, int(year[1]) if year else None, about
    )


def subject(index: Index, quiz: Quiz, facts: Iterable[str]) -> str | None:
    """Whom or what a quiz after these facts could be about; None where they are grave, or where it has too little."""
    told = [index.facts[fact] for fact in facts if fact in index.facts]
    if not told or not told[0].about or any(fact.solemn or is_grave(fact.says) for fact in told):
        return None
    about = told[0].about[0]
    found = Wish(FEWEST, about=(about,)).questions(quiz, seed=0)
    return about if len(found) == FEWEST else None


def is_only_grave(index: Index, quiz: Quiz, wish: Wish) -> bool:
    """Whether there is nothing at all to ask about what is wished, since it is about suffering or death."""
    told = [index.facts[fact] for entity in wish.about for fact in index.about.get(entity, ()) if fact in index.facts]
    grave = [fact for fact in told if not is_playable(fact)]
    return bool(grave) and not Wish(1, about=wish.about).questions(quiz, seed=0)


def title(index: Index, wish: Wish) -> str:
    """What a wish is about, in a few words: `hard, Georgy Zhukov, 1941`; nothing where it is open."""
    names = [index.entities[entity].name for entity in wish.about if entity in index.entities]
    year = [str(wish.year)] if wish.year else []
    return ", ".join([*([wish.difficulty] if wish.difficulty else []), *names, *year])
