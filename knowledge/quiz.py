"""Questions for a quiz, made of facts: each with one right option by the pack, wrong ones, and its footnote."""

import math
import random
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, get_args

from pydantic import TypeAdapter

from knowledge import dates
from knowledge.answers import sources_of
from knowledge.distractors import wrong_options
from knowledge.index import Index
from knowledge.material import Material
from knowledge.pack import LONGEST_OPTION, LONGEST_QUESTION, Fact
from knowledge.prompts import Kind, Prompt, prompts
from knowledge.results import Source
from knowledge.sequences import Happening, dated_events, event_prompts, happenings, order_prompts

Difficulty: TypeAlias = Literal["easy", "medium", "hard"]
Key: TypeAlias = tuple[str, Kind]  # a question's fact and kind

KINDS: tuple[Kind, ...] = get_args(Kind)

LONGEST_EXPLANATION = 200  # characters, Telegram's limit for a quiz poll
BEST_ASKS = 3  # of a fact and kind, among which the seed chooses
MOST_TRIES = 8  # to find options for a question; of 610 questions of the shipped pack 9 need more than one
MOST_EVENTS = 12  # nearest in time to a happening, to ask what came first; more would be much work in a large pack
LONGEST_TITLE = 60  # characters of a document's title in a footnote
EASY, HARD = 0.68, 0.88  # closeness of the options plus remoteness of the topic; thirds of what the shipped pack gives


EASY_SHARE, HARD_SHARE = 0.75, 0.45  # of right answers; who guesses among four has 0.25
LEAST_ANSWERS = 12  # with fewer the share is off by more than 0.13 (one standard error) where it is in the middle


@dataclass(frozen=True)
class Question:
    """A question with one right option; the explanation ends with where it stands."""

    question: str
    options: tuple[str, ...]
    correct: int  # the right option's place, from 0
    explanation: str
    fact: str
    sources: tuple[Source, ...]
    kind: Kind
    difficulty: Difficulty

    @property
    def key(self) -> Key:
        """What makes it the same question when it comes again, in whatever words and with whatever options."""
        return self.fact, self.kind


@dataclass(frozen=True)
class Quiz:
    """What a pack's facts can be asked as; built once, safe to share."""

    material: Material
    happenings: tuple[Happening, ...] = field(repr=False)
    prompts: Mapping[Key, tuple[Prompt, ...]] = field(repr=False)  # best first

    @classmethod
    def of(cls, index: Index) -> "Quiz":
        material = Material.of(index)
        known = happenings(material)
        found: dict[Key, list[Prompt]] = defaultdict(list)
        for prompt in _all_prompts(material, known):
            found[prompt.fact, prompt.kind].append(prompt)
        return cls(material, known, {key: tuple(of) for key, of in found.items()})

    def questions(
        self,
        *,
        seed: int | str,
        n: int,
        kinds: Collection[Kind] | None = None,
        difficulty: Difficulty | None = None,
        about: Collection[str] | None = None,
        year: int | None = None,
        exclude: Collection[str] = frozenset(),
        seen: Mapping[Key, float] | None = None,
        proved: Mapping[Key, Difficulty] | None = None,
    ) -> tuple[Question, ...]:
        """Up to `n` different questions; the same for the same seed.

        `about` are entities of which a fact names one, and which are no answers; `exclude` are facts not to ask. No
        fact is asked twice while another is left, and kinds take turns. What was `seen` (with the moment of the last
        time) comes after all else: first other questions of the same facts, then the same questions, the longest ago
        first. How hard questions `proved` counts for more than how hard they look.
        """
        rng = random.Random(f"quiz {seed}")  # noqa: S311 - for play
        wanted = [
            key
            for key in self.prompts
            if (kinds is None or key[1] in kinds) and key[0] not in exclude and self._fits(key[0], about, year)
        ]
        chosen: list[Question] = []
        texts: set[str] = set()
        for key in _unseen_first(_taking_turns(wanted, rng), seen or {}):
            if len(chosen) >= n:
                break
            question = self._question(key, rng, texts, about or ())
            if question and key in (proved or {}):
                question = replace(question, difficulty=(proved or {})[key])
            if question and difficulty in (None, question.difficulty):
                chosen.append(question)
                texts.add(question.question)
        return tuple(chosen)

    def of_fact(self, fact: str, *, seed: int | str) -> Iterator[Question]:
        """What a fact can be asked as, one question of each kind; the same for the same seed."""
        kinds = [kind for kind in KINDS if (fact, kind) in self.prompts]
        for kind in random.Random(f"kinds {seed} {fact}").sample(kinds, len(kinds)):  # noqa: S311 - for play
            if question := self.again((fact, kind), seed=seed):
                yield question

    def again(self, key: Key, *, seed: int | str) -> Question | None:
        """The same question once more, maybe in other words and with other options; None where there is none of it."""
        rng = random.Random(f"again {seed} {key}")  # noqa: S311 - for play
        made = (self._question(key, rng, ()) for _ in range(MOST_TRIES) if key in self.prompts)
        return next((question for question in made if question), None)

    def _fits(self, fact: str, about: Collection[str] | None, year: int | None) -> bool:
        item = self.material.index.by_id[fact]
        return (about is None or any(e in item.about for e in about)) and (year is None or year in item.years)

    def _question(
        self, key: Key, rng: random.Random, told: Collection[str], known: Collection[str] = ()
    ) -> Question | None:
        """A question of a fact, or None where none of them finds enough wrong options.

        None of those `told` comes, and none whose right option alone names what is `known` to be the subject.
        """
        best = self.prompts[key][:BEST_ASKS] if key[1] != "order" else self.prompts[key]
        for prompt in rng.sample(best, len(best)):
            if prompt.text in told or len(prompt.text) > LONGEST_QUESTION:
                continue
            wrong = prompt.wrong or wrong_options(self.material, self.happenings, prompt, rng)
            if wrong is None or max(map(len, (prompt.right, *wrong.texts))) > LONGEST_OPTION:
                continue
            if self._names(prompt.right, known) and not any(self._names(text, known) for text in wrong.texts):
                continue
            options = rng.sample((prompt.right, *wrong.texts), len(wrong.texts) + 1)
            index = self.material.index
            sources = sources_of(index, [prompt.fact, *([prompt.also] if prompt.also else [])])
            return Question(
                prompt.text,
                tuple(options),
                options.index(prompt.right),
                self._explanation(prompt, sources),
                prompt.fact,
                sources,
                prompt.kind,
                self._difficulty(prompt, wrong.closeness),
            )
        return None

    def _names(self, option: str, entities: Collection[str]) -> bool:
        return bool(entities) and not self.material.named(option).isdisjoint(entities)

    def _explanation(self, prompt: Prompt, sources: Sequence[Source]) -> str:
        """What the fact says, as far as there is room, and on the next line where it stands."""
        fact, index = self.material.index.facts[prompt.fact], self.material.index
        room = LONGEST_EXPLANATION - 1
        if prompt.also and fact.date and prompt.when:
            event = re.search(r"(?:before|after) (.*)\?", prompt.text)
            name = event[1] if event else "the other"
            note = _note(dict.fromkeys((sources[0], *sources_of(index, [prompt.also])[:1])))
            told = f"{prompt.right}: {dates.say(fact.date)}; {name}: {dates.say(prompt.when.edtf)}."
            shorter = f"That was {dates.say(fact.date)}; {name}: {dates.say(prompt.when.edtf)}."
            shortest = f"That was {dates.say(fact.date)}."
            fit = [text for text in (told, shorter) if len(text) + len(note) <= room]
            return f"{[*fit, shortest][0]}\n{note}"
        note = _note(sources[:1])
        return f"{_told_in(fact.says, prompt.right, room - len(note))}\n{note}"

    def _difficulty(self, prompt: Prompt, closeness: float) -> Difficulty:
        index = self.material.index
        topics = [e for e in index.facts[prompt.fact].about if e != index.main_person]
        known = sum(math.log1p(len(index.about[e])) for e in topics) / len(topics) if topics else math.log1p(20)
        hardness = closeness + 1 - min(known / math.log1p(60), 1)
        return "easy" if hardness < EASY else "hard" if hardness > HARD else "medium"


def proved_difficulty(right: int, answered: int) -> Difficulty | None:
    """How hard a question proved, of which so many answers were right; None while there are too few of them."""
    if answered < LEAST_ANSWERS:
        return None
    share = right / answered
    return "easy" if share >= EASY_SHARE else "hard" if share <= HARD_SHARE else "medium"


def as_json(asked: Iterable[Question]) -> list[dict[str, object]]:
    """The form that `footnote quiz --json` prints."""
    return [dict(question) for question in _QUESTIONS.dump_python(tuple(asked), mode="json")]


def _note(sources: Iterable[Source]) -> str:
    """Where something stands, in few words; more places of one document are told together."""
    lines: dict[str, list[int]] = {}
    for source in sources:
        lines.setdefault(source.title, []).append(source.line)
    places = []
    for title, found in lines.items():
        at = sorted(set(found))
        if len(title) > LONGEST_TITLE:
            title = title[:LONGEST_TITLE].rsplit(" ", 1)[0] + " …"
        places.append(f"{title}, paragraph{'s' if len(at) > 1 else ''} {' and '.join(map(str, at))}")
    return "¹ " + "; ".join(places)


def _told_in(says: str, right: str, room: int) -> str:
    """A fact within so many characters: whole, its first part with the answer, or the answer alone."""
    if len(says) <= room:
        return says
    parts = [says[: m.start()] for m in re.finditer(r"[;,](?= )", says)]
    fit = [part for part in parts if 40 <= len(part) < room]
    if fit and ";" in says and says.index(";") == len(fit[-1]):
        return f"{fit[-1]}."
    cut = says[: room - 1].rsplit(" ", 1)[0].rstrip(",;:–(")
    if not right or right.split()[-1].lower() in cut.lower():
        return f"{cut} …"[:room] if len(cut) + 2 <= room else f"{cut.rsplit(' ', 1)[0]} …"
    return f"Answer: {right}."


def _all_prompts(material: Material, known: Sequence[Happening]) -> Iterator[Prompt]:
    for item in material.index.items:
        if isinstance(item.entry, Fact):
            yield from prompts(material, item)
    events = list(dated_events(material))
    for happening in known:
        yield from event_prompts(happening)
        first = happening.when.first
        for event in sorted(events, key=lambda e: (abs((e[2].first - first).days), e[1]))[:MOST_EVENTS]:
            yield from order_prompts(material, happening, event)


def _taking_turns(keys: Sequence[Key], rng: random.Random) -> list[Key]:
    """Facts with their kinds in chance order, so that kinds take turns and no fact returns before all were there."""
    of_kind: dict[Kind, list[Key]] = defaultdict(list)
    for key in rng.sample(keys, len(keys)):
        of_kind[key[1]].append(key)
    # A kind with few questions comes less often than one with many, but more often than its share.
    ranked = [((n + rng.random()) / math.sqrt(len(of)), key) for of in of_kind.values() for n, key in enumerate(of)]
    first: dict[str, Key] = {}
    again: list[Key] = []
    for _, key in sorted(ranked):
        if first.setdefault(key[0], key) is not key:
            again.append(key)
    return [*first.values(), *again]


def _unseen_first(keys: Iterable[Key], seen: Mapping[Key, float]) -> list[Key]:
    facts: dict[str, float] = {}
    for (fact, _), moment in seen.items():
        facts[fact] = max(moment, facts.get(fact, moment))

    def staleness(key: Key) -> tuple[int, float]:
        if key in seen:
            return 2, seen[key]
        return (1, facts[key[0]]) if key[0] in facts else (0, 0.0)

    return sorted(keys, key=staleness)


_QUESTIONS = TypeAdapter(tuple[Question, ...])
