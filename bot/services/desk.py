"""The owners' desk: each reported fact with the place where it stands, found again by its name or by a button."""

import base64
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from rapidfuzz import fuzz, process

from bot.services.feedback import Feedback, Opened
from bot.services.library import Library
from knowledge.answers import sources_of
from knowledge.results import Source, footnotes, sources_as_json

MARK_BYTES = 6  # eight characters; among 100,000 facts two share a mark once in 50,000 packs
MOST_NEAR = 3
NEAR_ENOUGH = 60.0  # of 100


@dataclass(frozen=True)
class Case:
    """A fact that is reported or put aside; `says` is None where it is no longer in a pack."""

    fact: str
    says: str | None
    passages: tuple[tuple[Source, str | None], ...]  # with the document's words where the operator has them
    reports: Opened | None  # those that are open
    is_aside: bool


class Desk:
    """Looks up what reports are about."""

    def __init__(self, library: Library, feedback: Feedback) -> None:
        self._library = library
        self._feedback = feedback

    async def cases(self) -> tuple[Case, ...]:
        """The facts with open reports, those reported last coming first; then the others that are put aside."""
        opened = {found.fact: found for found in await self._feedback.opened()}
        others = sorted(self._feedback.withheld - opened.keys())
        return tuple(self._case(fact, opened.get(fact)) for fact in (*opened, *others))

    async def case(self, fact: str) -> Case | None:
        """One fact; None where no pack has it and nobody has reported it."""
        opened = {found.fact: found for found in await self._feedback.opened()}
        is_known = fact in self._library.index.facts or fact in opened or fact in self._feedback.withheld
        return self._case(fact, opened.get(fact)) if is_known else None

    async def of_marks(self, *marks: str) -> tuple[str, ...]:
        """The facts behind marks of a button, without those that there are no longer."""
        opened = await self._feedback.opened() if marks else ()
        known = (*self._library.index.facts, *(found.fact for found in opened), *self._feedback.withheld)
        found = {mark: fact for fact in (known if marks else ()) if (mark := mark_of(fact)) in marks}
        return tuple(found[mark] for mark in marks if mark in found)

    async def near(self, wrong: str) -> tuple[str, ...]:
        """The ids of facts that look like one that isn't there, those on the desk before others."""
        cases = [case.fact for case in await self.cases()]
        facts = tuple(dict.fromkeys((*cases, *self._library.index.facts)))
        found = process.extract(wrong, facts, scorer=fuzz.WRatio, limit=MOST_NEAR, score_cutoff=NEAR_ENOUGH)
        return tuple(fact for fact, *_ in found)

    def _case(self, fact: str, opened: Opened | None) -> Case:
        index = self._library.index
        sources = sources_of(index, [fact]) if fact in index.facts else ()
        return Case(
            fact,
            index.facts[fact].says if fact in index.facts else None,
            tuple((source, self._library.passage(source)) for source in sources),
            opened,
            fact in self._feedback.withheld,
        )


def mark_of(fact: str) -> str:
    """What a button carries for a fact, whose own name may be longer than that."""
    return base64.urlsafe_b64encode(blake2b(fact.encode(), digest_size=MARK_BYTES).digest()).decode()


def as_json(cases: Iterable[Case]) -> list[dict[str, object]]:
    """The form that `footnote reports --json` prints."""
    return [
        {
            "fact": case.fact,
            "text": case.says,
            "sources": [
                sources_as_json((source,))[0] | {"place": footnotes((source,))[0], "passage": passage}
                for source, passage in case.passages
            ],
            "reporters": case.reports.reporters if case.reports else 0,
            "of_questions": case.reports.of_questions if case.reports else 0,
            "first_at": _moment(case.reports.first_at) if case.reports else None,
            "last_at": _moment(case.reports.last_at) if case.reports else None,
            "put_aside": case.is_aside,
        }
        for case in cases
    ]


def _moment(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="seconds")
