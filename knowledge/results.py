"""What an answer can be: told, corrected, asked back, not known, or plain talk; and its printed forms."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pydantic import TypeAdapter

Status = Literal["answered", "ambiguous", "unknown", "corrected", "chat"]


@dataclass(frozen=True)
class Source:
    """Where a fact stands; `sentences` count from 1 within the line, none means the whole paragraph."""

    document: str
    title: str
    section: str
    line: int
    sentences: tuple[int, ...]


@dataclass(frozen=True)
class Why:
    """What led to an answer."""

    slot: str | None
    intents: tuple[str, ...]
    entities: tuple[str, ...]  # names
    unknown: tuple[str, ...]  # words that nothing known explains
    score: float  # probability that the best fact answers, 0 to 1
    threshold: float
    fact: str | None
    runner_up: str | None
    runner_up_score: float
    features: tuple[tuple[str, float], ...]  # what counted, in log odds, most first


@dataclass(frozen=True)
class Choice:
    """One way to understand an ambiguous message."""

    label: str
    fact: str


@dataclass(frozen=True)
class Answered:
    """Facts that answer the question."""

    text: str
    facts: tuple[str, ...]
    sources: tuple[Source, ...]
    confidence: float
    why: Why | None = field(default=None, repr=False)
    status: Literal["answered"] = "answered"


@dataclass(frozen=True)
class Corrected:
    """A fact that contradicts what the question takes for granted."""

    text: str
    facts: tuple[str, ...]
    sources: tuple[Source, ...]
    confidence: float
    why: Why | None = field(default=None, repr=False)
    status: Literal["corrected"] = "corrected"


@dataclass(frozen=True)
class Ambiguous:
    """Asks back which of two to four readings is meant."""

    text: str
    choices: tuple[Choice, ...]
    confidence: float
    why: Why | None = field(default=None, repr=False)
    status: Literal["ambiguous"] = "ambiguous"


@dataclass(frozen=True)
class Unknown:
    """The documents don't tell; `topics` are names of what comes near."""

    text: str
    topics: tuple[str, ...]
    sources: tuple[Source, ...]  # of a gap: where the documents raise it
    confidence: float
    why: Why | None = field(default=None, repr=False)
    status: Literal["unknown"] = "unknown"


@dataclass(frozen=True)
class Chat:
    """Small talk, or a command in words."""

    text: str
    intent: str
    status: Literal["chat"] = "chat"


Answer: TypeAlias = Answered | Corrected | Ambiguous | Unknown | Chat


def as_json(answer: Answer, key: str | None = None) -> dict[str, object]:
    """The form that `footnote ask --json` prints."""
    why = getattr(answer, "why", None)
    return {
        "id": key,
        "status": answer.status,
        "text": answer.text,
        "facts": list(getattr(answer, "facts", ())),
        "sources": sources_as_json(getattr(answer, "sources", ())),
        "confidence": round(getattr(answer, "confidence", 0.0), 4),
        "choices": _CHOICES.dump_python(getattr(answer, "choices", ()), mode="json"),
        "why": _WHY.dump_python(why, mode="json") | {"features": dict(why.features)} if why else None,
    }


def sources_as_json(sources: Sequence[Source]) -> list[dict[str, object]]:
    """Sources as the commands print them."""
    return [dict(source) for source in _SOURCES.dump_python(tuple(sources), mode="json")]


def footnotes(sources: Sequence[Source]) -> tuple[str, ...]:
    """Sources in words, one for each section: title, section, paragraphs."""
    lines: dict[tuple[str, str], list[int]] = {}
    for source in sources:
        lines.setdefault((source.title, source.section), []).append(source.line)
    return tuple(_place(title, section, sorted(set(found))) for (title, section), found in lines.items())


def _place(title: str, section: str, lines: list[int]) -> str:
    named = f"{title}, “{section}”" if section and section != title else title
    if len(lines) == 1:
        return f"{named}, paragraph {lines[0]}"
    return f"{named}, paragraphs {', '.join(map(str, lines[:-1]))} and {lines[-1]}"


_SOURCES = TypeAdapter(tuple[Source, ...])
_CHOICES = TypeAdapter(tuple[Choice, ...])
_WHY = TypeAdapter(Why)
