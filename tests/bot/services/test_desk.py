import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.desk import Desk, as_json, mark_of
from bot.services.feedback import Feedback
from bot.services.library import Library
from tests.fakes import Clock

ANN, BOB = 100, 101


@pytest.fixture
def feedback(engine: AsyncEngine, clock: Clock) -> Feedback:
    return Feedback(engine, clock=clock)


@pytest.fixture
def desk(library: Library, feedback: Feedback) -> Desk:
    return Desk(library, feedback)


async def test_what_was_reported_last_lies_on_top(desk: Desk, feedback: Feedback, clock: Clock) -> None:
    await feedback.report("ada-birth", ANN, "answer")
    clock.now += 60
    await feedback.report("ada-death", ANN, "answer")
    await feedback.settle("tom-death", "right")

    cases = await desk.cases()

    assert [case.fact for case in cases] == ["ada-death", "ada-birth", "tom-death"]
    assert [case.is_aside for case in cases] == [False, False, True]
    assert cases[2].reports is None


async def test_a_case_has_the_place_and_the_documents_words(desk: Desk, feedback: Feedback) -> None:
    await feedback.report("ada-birth", ANN, "question")
    await feedback.report("ada-birth", BOB, "answer")

    [case] = as_json(await desk.cases())

    sources = case.pop("sources")
    assert isinstance(sources, list)
    [source] = sources
    assert case == {
        "fact": "ada-birth",
        "text": "Ada Merrow was born in Wick in 1862.",
        "reporters": 2,
        "of_questions": 1,
        "first_at": "2025-06-15T15:06:40+00:00",
        "last_at": "2025-06-15T15:06:40+00:00",
        "put_aside": False,
    }
    assert (source["document"], source["line"], source["sentences"]) == ("lighthouse.txt", 5, [2])
    assert source["place"] == "The Lighthouse on Skerry, “The keepers”, paragraph 5"
    assert source["passage"].startswith("She was born in Wick in 1862")


async def test_a_fact_that_the_pack_no_longer_has_is_named_as_such(desk: Desk, feedback: Feedback) -> None:
    await feedback.report("lost-fact", ANN, "answer")

    [case] = await desk.cases()

    assert (case.fact, case.says, case.passages) == ("lost-fact", None, ())
    assert await desk.of_marks(mark_of("lost-fact")) == ("lost-fact",)


async def test_a_button_finds_its_fact(desk: Desk) -> None:
    assert await desk.of_marks(mark_of("tom-death"), "AAAAAAAA", mark_of("ada-birth")) == ("tom-death", "ada-birth")
    assert await desk.of_marks() == ()


async def test_an_id_that_is_not_there_is_met_with_those_near_it(desk: Desk) -> None:
    assert await desk.case("ada-brith") is None
    assert (await desk.near("ada-brith"))[0] == "ada-birth"
    assert await desk.near("0000") == ()


def test_no_two_facts_that_ship_share_a_mark(shipped: Library) -> None:
    facts = shipped.index.facts

    assert len({mark_of(fact) for fact in facts}) == len(facts)
