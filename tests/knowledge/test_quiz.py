"""Every question has one right answer by the pack, and none of its words gives that away."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge import dates
from knowledge.index import Index, build
from knowledge.lexicon import lexicon
from knowledge.material import Material
from knowledge.pack import Fact, load_pack
from knowledge.prompts import reads_well
from knowledge.quiz import KINDS, Question, Quiz, as_json, proved_difficulty
from knowledge.text import numbers, plain, words
from tests.knowledge.conftest import write_pack

SEED = 7
FORBIDDEN = frozenset(("death", "burial", "suicide", "execution", "killing", "casualties", "famine", "repression"))
MONTHS = {month: n for n, month in enumerate(dates.MONTHS, 1)}


@pytest.fixture(scope="module")
def quiz(shipped: Index) -> Quiz:
    return Quiz.of(shipped)


@pytest.fixture(scope="module")
def asked(quiz: Quiz) -> tuple[Question, ...]:
    return quiz.questions(seed=SEED, n=400)


def right(question: Question) -> str:
    return question.options[question.correct]


def wrong(question: Question) -> list[str]:
    return [option for n, option in enumerate(question.options) if n != question.correct]


def shown_date(text: str, year: int) -> dates.When:
    """The date that an option shows; a bare month is of that year."""
    match = re.fullmatch(r"(?:(?:(\d+) )?([A-Z][a-z]+) ?)?(\d{4})?", text)
    assert match is not None, text
    parts = [f"{int(match[3] or year):04}"]
    parts += [f"{MONTHS[match[2]]:02}"] if match[2] else []
    parts += [f"{int(match[1]):02}"] if match[1] else []
    return dates.parse("-".join(parts))


def covering(index: Index, text: str, share: float) -> list[Fact]:
    """The facts that have so much of the weight of a question's words, found without the generator."""
    lex = lexicon()
    terms = {lex.term(w) for w in words(text) if w not in lex.function} - lex.scaffold
    weights = {t: index.idf.get(t, index.rarest) for t in terms}
    enough = share * sum(weights.values())
    return [
        fact for fact in index.facts.values()
        if sum(w for t, w in weights.items() if t in index.by_id[fact.id].terms) >= enough
    ]  # fmt: skip


def entity_named(index: Index, option: str) -> str:
    named = [e.id for e in index.entities.values() if plain(e.name).removeprefix("the ") == plain(option)]
    assert named, option
    return named[0]


def fact_shown(index: Index, option: str) -> Fact:
    """The fact whose sentence an option is, its date aside: the one that has all its words in order."""
    shown = words(option)
    found = [f for f in index.facts.values() if f.date and is_within(shown, words(f.says)) and f.says[:1]]
    near = [f for f in found if len(words(f.says)) - len(shown) <= 4]
    assert near, option
    return near[0]


def is_within(part: list[str], whole: list[str]) -> bool:
    rest = iter(whole)
    return all(word in rest for word in part)


def date_of(fact: Fact) -> dates.When:
    assert fact.date is not None
    return dates.parse(fact.date)


def flaws(index: Index, question: Question) -> list[str]:
    """What speaks against a question's having exactly one right option."""
    fact = index.facts[question.fact]
    found = []
    if question.kind == "when":
        when = date_of(fact)
        if not shown_date(right(question), when.first.year).overlaps(when):
            found.append("the right date isn't the fact's")
        also = [date_of(f) for f in covering(index, question.question, 0.75) if f.date] + [when]
        shown = {option: shown_date(option, when.first.year) for option in wrong(question)}
        found += [f"{o} may be right" for o, date in shown.items() if any(date.overlaps(other) for other in also)]
    elif question.kind == "how_many":
        (value,) = numbers(right(question))
        if value not in numbers(fact.says):
            found.append("the right figure isn't the fact's")
        for option in wrong(question):
            (other,) = numbers(option)
            if (
                abs(other - value) < 0.2 * max(other, value)
                or re.sub(r"[\d,.]|million", "", option).strip()
                != re.sub(r"[\d,.]|million", "", right(question)).strip()
            ):
                found.append(f"{option} is too near, or of another form")
    elif question.kind == "event":
        asked_for = shown_date(question.question.removeprefix("Which of these happened in ").removesuffix("?"), 0)
        fits = [option for option in question.options if date_of(fact_shown(index, option)).overlaps(asked_for)]
        found += [] if fits == [right(question)] else [f"{fits} fit"]
    elif question.kind == "order":
        found += order_flaws(index, question)
    else:
        entity = entity_named(index, right(question))
        if entity not in {e for of in index.by_id[fact.id].entities.values() for e in of} | {fact.according_to}:
            found.append("the right one isn't in the fact")
        told = {e for f in covering(index, question.question, 0.6) for e in (*f.about, f.according_to)}
        told |= {e for of in index.by_id[fact.id].entities.values() for e in of}
        found += [f"{o} may be right" for o in wrong(question) if entity_named(index, o) in told]
    return found


def order_flaws(index: Index, question: Question) -> list[str]:
    match = re.fullmatch(r"Which of these came (before|after) (.*)\?", question.question)
    assert match is not None
    event = next(e for e in index.entities.values() if e.name == match[2])
    when = date_of(index.facts[index.descriptions[event.id]])
    happened = {option: date_of(fact_shown(index, option)) for option in question.options}
    fits = [o for o, w in happened.items() if (w.last < when.first if match[1] == "before" else when.last < w.first)]
    unclear = [o for o, w in happened.items() if w.overlaps(when)]
    return [f"{fits} fit, {unclear} unclear"] if fits != [right(question)] or unclear else []


def test_four_hundred_questions_of_many_kinds_and_facts(asked: tuple[Question, ...]) -> None:
    assert len({q.question for q in asked}) == len(asked) == 400
    assert len({q.fact for q in asked}) >= 200
    assert sum(n >= 20 for n in Counter(q.kind for q in asked).values()) >= 5
    assert {q.kind for q in asked} <= set(KINDS)
    assert min(Counter(q.difficulty for q in asked).values()) >= 60


def test_each_has_one_right_option_by_the_pack(shipped: Index, asked: tuple[Question, ...]) -> None:
    found = {q.question: f for q in asked if (f := flaws(shipped, q))}
    assert found == {}


def test_the_checker_finds_what_is_wrong(shipped: Index, asked: tuple[Question, ...]) -> None:
    for kind in {q.kind for q in asked} - {"work", "which", "office"}:
        question = next(q for q in asked if q.kind == kind)
        swapped = replace(question, correct=(question.correct + 1) % len(question.options))
        assert flaws(shipped, swapped), kind


def test_options_are_few_different_and_within_telegrams_limits(asked: tuple[Question, ...]) -> None:
    for question in asked:
        assert 1 <= len(question.question) <= 300
        assert 3 <= len(question.options) == len({plain(o) for o in question.options}) <= 4
        assert all(1 <= len(option) <= 100 for option in question.options)
        assert 0 <= question.correct < len(question.options)


def test_no_question_gives_its_answer_away(asked: tuple[Question, ...]) -> None:
    lex = lexicon()
    for question in asked:
        shared = {lex.term(w) for w in words(right(question)) if w not in lex.function}
        shared &= {lex.term(w) for w in words(question.question)}
        assert all(shared <= {lex.term(w) for w in words(option)} for option in wrong(question)), question
        if question.kind == "when":
            assert len({re.sub(r"\d+", "0", re.sub(r"[A-Z]\w+", "M", o)) for o in question.options}) == 1, question
        assert len({o[0].isupper() or o[0].isdigit() for o in question.options}) == 1, question


def test_the_right_option_stands_in_every_place_about_equally_often(asked: tuple[Question, ...]) -> None:
    places = Counter(q.correct for q in asked)
    assert all(60 <= places[n] <= 140 for n in range(4))


def test_explanations_are_short_and_cite(shipped: Index, asked: tuple[Question, ...]) -> None:
    for question in asked:
        assert len(question.explanation) <= 200, question
        assert question.explanation.count("\n") <= 2
        told, note = question.explanation.rsplit("\n", 1)
        lines = {place.line for place in shipped.facts[question.fact].source}
        assert note.startswith("¹ "), question
        assert lines & {int(n) for n in re.findall(r"\d+", note.split("paragraph", 1)[1])}, question
        assert {s.line for s in question.sources} >= lines
        known = shipped.facts[question.fact].says + right(question)
        assert words(told.removesuffix(" …"))[-1] in words(known + question.question + told.rsplit(":", 1)[-1])


def test_nothing_solemn_disputed_or_grave_is_played_with(shipped: Index, asked: tuple[Question, ...]) -> None:
    for question in asked:
        fact = shipped.facts[question.fact]
        assert not fact.solemn
        assert not fact.disputed
        assert fact.intent not in FORBIDDEN
        assert (fact.according_to is None) == (question.kind != "said")


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_any_seed_gives_as_many(quiz: Quiz, shipped: Index, seed: int) -> None:
    asked = quiz.questions(seed=seed, n=400)
    assert len({q.question for q in asked}) == 400
    assert len({q.fact for q in asked}) >= 200
    assert {q.question: f for q in asked if (f := flaws(shipped, q))} == {}


def test_the_same_seed_gives_the_same(quiz: Quiz, shipped: Index, asked: tuple[Question, ...]) -> None:
    assert Quiz.of(shipped).questions(seed=SEED, n=400) == asked
    assert quiz.questions(seed=8, n=400) != asked


def test_a_short_round_has_several_kinds(quiz: Quiz) -> None:
    rounds = [quiz.questions(seed=seed, n=5) for seed in range(20)]
    assert sum(len({q.kind for q in asked}) for asked in rounds) / len(rounds) >= 3
    assert all(len({q.fact for q in asked}) == 5 for asked in rounds)


def test_what_is_asked_can_be_chosen(quiz: Quiz, shipped: Index) -> None:
    assert {q.kind for q in quiz.questions(seed=1, n=10, kinds=["who"])} == {"who"}
    assert {q.difficulty for q in quiz.questions(seed=1, n=10, difficulty="hard")} == {"hard"}
    assert all("lenin" in shipped.facts[q.fact].about for q in quiz.questions(seed=1, n=10, about=["lenin"]))
    assert all(1941 in shipped.by_id[q.fact].years for q in quiz.questions(seed=1, n=10, year=1941))
    first = quiz.questions(seed=1, n=20)
    rest = quiz.questions(seed=1, n=2000, exclude={q.fact for q in first})
    assert first
    assert rest
    assert not {q.fact for q in first} & {q.fact for q in rest}


def test_what_was_seen_comes_last_and_the_longest_ago_first(quiz: Quiz) -> None:
    everything = quiz.questions(seed=1, n=2000)
    seen = {question.key: float(n) for n, question in enumerate(everything[10:])}

    again = quiz.questions(seed=2, n=2000, seen=seen)

    unseen = [q.key for q in again if q.key not in seen]
    assert [q.key for q in again[: len(unseen)]] == unseen
    texts = {q.question for q in again[: len(unseen)]}  # "Which of these happened in 1942?" fits two facts, asked once
    assert all(q.key in unseen or q.question in texts for q in everything[:10])
    moments = [seen[q.key] for q in again if q.key in seen]
    assert moments == sorted(moments)


@pytest.mark.parametrize(
    ("right", "answered", "difficulty"),
    [(0, 11, None), (12, 12, "easy"), (9, 12, "easy"), (8, 12, "medium"), (5, 12, "hard"), (0, 12, "hard")],
)
def test_how_hard_a_question_is_shows_when_enough_people_have_answered(
    right: int, answered: int, difficulty: str | None
) -> None:
    assert proved_difficulty(right, answered) == difficulty


def test_a_fact_that_brings_a_question_is_asked_so(pack_of: Callable[..., Path]) -> None:
    own = {"question": "What did Ada Holm keep?", "right": "The light", "wrong": ["The bell", "The boat", "The cat"]}
    kept = {"id": "ada-kept", "says": "Ada Holm kept the light of Skarholm.", "about": ["ada-holm"], "intent": "work"}
    fact = kept | {"source": "lights.txt:7.1", "quiz": own}
    quiz = Quiz.of(build([load_pack(pack_of(facts=yaml.safe_dump([fact]), gaps=""))]))

    [question] = quiz.questions(seed=1, n=5)

    assert (question.question, question.kind) == ("What did Ada Holm keep?", "own")
    assert right(question) == "The light"
    assert sorted(question.options) == ["The bell", "The boat", "The cat", "The light"]
    assert question.explanation.startswith("Ada Holm kept the light of Skarholm.\n¹ ")


def test_the_subject_of_a_round_gives_no_answer_away(quiz: Quiz, shipped: Index) -> None:
    named = Material.of(shipped).named
    for subject in ("zhukov", "lenin"):
        asked = quiz.questions(seed=1, n=500, about=[subject])
        assert asked
        for question in asked:
            assert subject not in named(right(question)) or any(subject in named(option) for option in wrong(question))


def test_the_printed_form_has_the_agreed_keys(asked: tuple[Question, ...]) -> None:
    [printed] = as_json(asked[:1])
    assert list(printed) == "question options correct explanation fact sources kind difficulty".split()


def test_a_small_pack_asks_what_it_can(lights: Index) -> None:
    asked = Quiz.of(lights).questions(seed=1, n=50)
    assert {q.fact for q in asked} <= {f.id for f in lights.facts.values() if not f.solemn and not f.disputed}
    assert all(not flaws(lights, q) for q in asked)


def test_a_date_that_a_related_fact_tells_is_no_wrong_option(pack_of: Callable[..., Path]) -> None:
    visits = [
        {
            "id": f"visit-{year}", "says": f"Per Vik visited the Skarholm lighthouse in {year}.", "intent": "travel",
            "about": ["per-vik", "skarholm"], "date": str(year), "source": "lights.txt:7.1",
            "asks": ["When did Per Vik visit the Skarholm lighthouse?"],
        }
        for year in range(1881, 1888)
    ]  # fmt: skip
    index = build([load_pack(pack_of(facts=yaml.safe_dump(visits), gaps=""))])
    material = Material.of(index)
    assert len(material.related(material.terms("When did Per Vik visit the Skarholm lighthouse?"))) == 7
    for question in Quiz.of(index).questions(seed=1, n=50, kinds=["when"]):
        assert not {int(option) for option in wrong(question)} & set(range(1881, 1888))


NAMES = st.sampled_from(["Ada Holm", "Per Vik", "Ida Vik", "Skarholm", "Norvik", "the Great Storm", "nobody", "seven"])
SENTENCES = st.lists(
    st.one_of(NAMES, st.sampled_from("rowed to in 1890 on 4 October 1887 about 40 “ \" ? . : ; said that the".split())),
    min_size=1, max_size=14,
).map(" ".join)  # fmt: skip
WRITING = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))  # what no YAML file takes as it is
FACTS = st.lists(
    st.fixed_dictionaries(
        {
            "says": st.one_of(SENTENCES, st.text(WRITING, min_size=1, max_size=80).filter(str.strip)),
            "about": st.lists(st.sampled_from(["ada-holm", "per-vik", "skarholm", "norvik"]), min_size=1, max_size=3),
            "intent": st.sampled_from(["travel", "appointment", "description", "assessment"]),
            "asks": st.lists(
                st.one_of(
                    SENTENCES.map(lambda s: f"When did {s}?"), SENTENCES.map(lambda s: f"Who {s}?"),
                    SENTENCES.map(lambda s: f"How many {s}?"), SENTENCES.map(lambda s: f"In which town {s}?"),
                ),
                max_size=4,
            ),
        },
        optional={
            "date": st.sampled_from(["1890", "1890-10", "1887-10-04", "1880/1890", "189X", "1890~", "1920-08-XX"]),
            "place": st.sampled_from(["skarholm", "norvik"]),
            "according_to": st.sampled_from(["ada-holm", "per-vik"]),
            "solemn": st.booleans(),
        },
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FACTS, st.integers(0, 3))
def test_whatever_a_pack_says_nothing_raises(facts: list[dict[str, object]], seed: int) -> None:
    written = [{"id": f"fact-{n}", "source": "lights.txt:3.1"} | fact for n, fact in enumerate(facts)]
    with TemporaryDirectory() as folder:
        path = write_pack(Path(folder) / "pack", facts=yaml.safe_dump(written, allow_unicode=True), gaps="")
        entities = yaml.safe_load((path / "entities.yaml").read_text(encoding="utf-8"))
        (path / "entities.yaml").write_text(yaml.safe_dump(entities), encoding="utf-8")
        index = build([load_pack(path)])
    for question in Quiz.of(index).questions(seed=seed, n=20):
        assert len(question.options) in (3, 4)
        assert not index.facts[question.fact].solemn
        assert len(question.explanation) <= 200


def test_a_pack_without_facts_gives_no_questions(lights: Index) -> None:
    bare = build([replace(lights.packs[0], facts=())])
    assert Quiz.of(bare).questions(seed=1, n=5) == ()


@pytest.mark.parametrize(
    "ask",
    [
        "When was Yakov born in Tiflis?",  # Sverdlov or Dzhugashvili?
        "In which year, and to the benefit of which industry, was the initial five-year plan launched?",
        "Which novel influenced the young Stalin most?",
        "Which faction belonged to the Russian Social Democratic Labour Party?",
        "How many strikes did Stalin co-organise at the refinery?",  # which one?
        "When was the Kharkiv disaster?",
        "When did Stalin order the scorched earth policy?",
        "By whom were rivals in the Nazi Party removed in the Night of the Long Knives?",
    ],
)
def test_what_is_unclear_without_its_context_or_grave_is_not_asked(quiz: Quiz, ask: str) -> None:
    assert not reads_well(quiz.material, ask)


def test_what_lasts_is_asked_about_only_where_its_end_is_known(quiz: Quiz, shipped: Index) -> None:
    named = {
        shipped.facts[p.also].id: p.text for of in quiz.prompts.values() for p in of if p.kind == "order" and p.also
    }
    lasting = {t for fact, t in named.items() if re.search(r"\b(?:War|war|Battle|struggle|campaign)\b", t)
               and "/" not in str(shipped.facts[fact].date)}  # fmt: skip
    assert named
    assert lasting == set()


def test_wrong_places_and_works_were_known_at_the_time(quiz: Quiz, shipped: Index) -> None:
    for question in quiz.questions(seed=SEED, n=1000, kinds=["where", "which", "work"]):
        when = shipped.by_id[question.fact].when
        for option in wrong(question) if when else ():
            assert when
            told = quiz.material.years[entity_named(shipped, option)]
            assert min(abs(year - when.first.year) for year in told) <= 6, question


def test_a_newspaper_is_not_asked_for_among_magazines(quiz: Quiz) -> None:
    for question in quiz.questions(seed=SEED, n=1000, kinds=["work"]):
        if "newspaper" in question.question:
            assert not {"Time magazine", "Prosveshcheniye"} & set(question.options)
