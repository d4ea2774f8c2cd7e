from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.answering import BUTTON_SECONDS, CONTEXT_SECONDS, Answering, Given
from bot.services.library import Library
from bot.storage.conversations import Conversation
from bot.storage.tables import answers as kept_answers
from bot.storage.tables import conversations
from knowledge.results import Ambiguous, Answered, Chat
from tests.fakes import Clock

ANN = Conversation(chat_id=7, thread_id=0, user_id=7)
BORN, DIED = "When was Ada Merrow born?", "and when did she die?"


def facts(given: Given | None) -> tuple[str, ...]:
    assert given
    assert isinstance(given.answer, Answered)
    return given.answer.facts


def key(given: Given) -> str:
    assert given.key
    return given.key


def smaller_pack(lighthouse: Path, folder: Path, *dropped: str) -> list[Path]:
    """The small pack without some of its facts, as a newer version may be."""
    pack = folder / "pack"
    for file in lighthouse.rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        entries = [e for e in text.split("\n\n") if not e.lstrip().startswith(tuple(f"- id: {d}\n" for d in dropped))]
        text = "\n\n".join(entries)
        for fact in dropped:
            text = text.replace(f"\n  description: {fact}", "")
        copy = pack / file.relative_to(lighthouse)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, encoding="utf-8")
    return [pack]


async def test_a_follow_up_is_understood(answering: Answering) -> None:
    assert facts(await answering.ask(ANN, BORN)) == ("ada-birth",)
    assert facts(await answering.ask(ANN, DIED)) == ("ada-death",)


async def test_a_follow_up_is_understood_after_a_restart(
    answering: Answering, library: Library, engine: AsyncEngine, clock: Clock
) -> None:
    await answering.ask(ANN, BORN)

    assert facts(await Answering(library, engine, clock).ask(ANN, DIED)) == ("ada-death",)


async def test_a_follow_up_is_understood_for_half_an_hour(answering: Answering, clock: Clock) -> None:
    await answering.ask(ANN, BORN)
    clock.now += CONTEXT_SECONDS

    assert facts(await answering.ask(ANN, DIED)) == ("ada-death",)


async def test_after_half_an_hour_a_conversation_begins_anew(answering: Answering, clock: Clock) -> None:
    await answering.ask(ANN, BORN)
    clock.now += CONTEXT_SECONDS + 1

    assert not isinstance((await answering.ask(ANN, DIED)).answer, Answered)


@pytest.mark.parametrize(
    "other", [Conversation(7, 0, 8), Conversation(7, 3, 7), Conversation(8, 0, 7)], ids=["person", "topic", "chat"]
)
async def test_another_conversation_knows_nothing_of_it(other: Conversation, answering: Answering) -> None:
    await answering.ask(ANN, BORN)

    assert not isinstance((await answering.ask(other, DIED)).answer, Answered)


async def test_starting_over_forgets_the_conversation(answering: Answering) -> None:
    await answering.ask(ANN, BORN)
    await answering.start_over(ANN)

    assert not isinstance((await answering.ask(ANN, DIED)).answer, Answered)


async def test_small_talk_carries_no_buttons(answering: Answering) -> None:
    given = await answering.ask(ANN, "hello")

    assert isinstance(given.answer, Chat)
    assert given.key is None


async def test_more_tells_other_facts_until_there_are_none(answering: Answering) -> None:
    given = await answering.ask(ANN, BORN)
    told = [*facts(given)]
    further = await answering.more(ANN, key(given))
    while further and isinstance(further.answer, Answered):
        told += further.answer.facts
        further = await answering.more(ANN, key(given))

    assert further
    assert isinstance(further.answer, Chat)
    assert len(told) == len(set(told))
    assert {"ada-birth", "ada-death", "ada-description"} <= set(told)


async def test_more_is_about_the_answer_whose_button_was_pressed(answering: Answering) -> None:
    on_ada = await answering.ask(ANN, BORN)
    await answering.ask(ANN, "How high is the tower?")

    further = await answering.more(ANN, key(on_ada))

    assert facts(further)[0].startswith("ada-")


async def test_the_conversation_goes_on_about_what_more_told(answering: Answering) -> None:
    on_ada = await answering.ask(ANN, BORN)
    await answering.ask(ANN, "How high is the tower?")
    await answering.more(ANN, key(on_ada))

    assert facts(await answering.ask(ANN, DIED)) == ("ada-death",)


async def test_sources_show_the_documents_own_words(answering: Answering) -> None:
    given = await answering.ask(ANN, BORN)

    shown = await answering.sources(7, key(given))

    assert shown
    [(source, passage)] = shown.passages
    assert (source.document, source.section, source.line, source.sentences) == (
        "lighthouse.txt",
        "The keepers",
        5,
        (2,),
    )
    assert passage == "She was born in Wick in 1862, and the lamp was hers from 1891 on."


async def test_sources_come_without_words_where_the_operator_has_no_documents(
    lighthouse: Path, engine: AsyncEngine
) -> None:
    answering = Answering(Library([lighthouse]), engine)
    given = await answering.ask(ANN, BORN)

    shown = await answering.sources(7, key(given))

    assert shown
    assert [passage for _, passage in shown.passages] == [None]


async def test_why_tells_what_led_to_an_answer(answering: Answering) -> None:
    given = await answering.ask(ANN, BORN)

    explained = await answering.why(7, key(given))

    assert explained
    assert explained.why
    assert explained.why.fact == "ada-birth"
    assert "Ada Merrow" in explained.why.entities


async def test_why_works_for_what_is_not_known_too(answering: Answering) -> None:
    given = await answering.ask(ANN, "Who won the Nobel Prize?")

    explained = await answering.why(7, key(given))

    assert explained
    assert explained.why
    assert explained.why.unknown == (), "the words that a person wrote are not kept"
    assert await answering.sources(7, key(given)) is None
    assert await answering.more(ANN, key(given)) is None


async def test_a_choice_tells_its_fact(answering: Answering, vague_question: str) -> None:
    given = await answering.ask(ANN, vague_question)
    assert isinstance(given.answer, Ambiguous)

    for number, choice in enumerate(given.answer.choices):
        assert facts(await answering.choose(ANN, key(given), number)) == (choice.fact,)
    assert await answering.choose(ANN, key(given), len(given.answer.choices)) is None


async def test_a_choice_can_be_written_too(answering: Answering, vague_question: str) -> None:
    given = await answering.ask(ANN, vague_question)
    assert isinstance(given.answer, Ambiguous)

    assert facts(await answering.ask(ANN, "the second one")) == (given.answer.choices[1].fact,)


async def test_a_picked_fact_was_not_guessed(answering: Answering, vague_question: str) -> None:
    given = await answering.ask(ANN, vague_question)
    picked = await answering.choose(ANN, key(given), 0)
    assert picked

    explained = await answering.why(7, key(picked))

    assert explained
    assert explained.why is None


async def test_a_button_of_another_chat_is_too_old(answering: Answering) -> None:
    given = await answering.ask(ANN, BORN)
    elsewhere = Conversation(8, 0, 7)

    assert await answering.sources(8, key(given)) is None
    assert await answering.why(8, key(given)) is None
    assert await answering.more(elsewhere, key(given)) is None
    assert await answering.choose(elsewhere, key(given), 0) is None


@pytest.mark.parametrize("swept", [False, True])
async def test_a_button_is_too_old_after_thirty_days(swept: bool, answering: Answering, clock: Clock) -> None:
    given = await answering.ask(ANN, BORN)
    clock.now += BUTTON_SECONDS
    assert await answering.why(7, key(given))
    clock.now += 1

    if swept:
        await answering.forget_old()

    assert await answering.sources(7, key(given)) is None
    assert await answering.why(7, key(given)) is None
    assert await answering.more(ANN, key(given)) is None


async def test_what_is_past_its_time_leaves_the_database(
    answering: Answering, engine: AsyncEngine, clock: Clock
) -> None:
    await answering.ask(ANN, BORN)
    clock.now += BUTTON_SECONDS + 1

    await answering.forget_old()

    async with engine.begin() as connection:
        assert (await connection.execute(conversations.select())).all() == []
        assert (await connection.execute(kept_answers.select())).all() == []


async def test_a_context_whose_facts_a_newer_pack_lacks_is_dropped(
    answering: Answering, lighthouse: Path, engine: AsyncEngine, clock: Clock, tmp_path: Path, vague_question: str
) -> None:
    given = await answering.ask(ANN, BORN)
    vague = await answering.ask(Conversation(7, 0, 8), vague_question)
    assert isinstance(vague.answer, Ambiguous)
    gone = ("ada-birth", *(choice.fact for choice in vague.answer.choices))
    newer = Answering(Library(smaller_pack(lighthouse, tmp_path, *gone)), engine, clock)

    assert await newer.more(ANN, key(given)) is None
    assert await newer.sources(7, key(given)) is None
    assert await newer.choose(ANN, key(vague), 0) is None
    await newer.ask(ANN, "source")
    await newer.ask(ANN, "more")
    assert facts(await newer.ask(ANN, DIED)) == ("ada-death",)


async def test_what_another_version_stored_is_passed_over(answering: Answering, engine: AsyncEngine) -> None:
    given = await answering.ask(ANN, BORN)
    async with engine.begin() as connection:
        await connection.execute(update(conversations).values(context='{"entities": 1}'))
        await connection.execute(update(kept_answers).values(answer="[]"))

    assert await answering.why(7, key(given)) is None
    assert facts(await answering.ask(ANN, BORN)) == ("ada-birth",)


async def test_what_was_written_is_not_stored(answering: Answering, engine: AsyncEngine) -> None:
    await answering.ask(ANN, "When was Ada Merrow born, by the way, dear bot?")

    async with engine.begin() as connection:
        stored = str((await connection.execute(conversations.select())).all())
    assert "by the way" not in stored


async def test_more_about_somebody_is_none_of_what_was_told(answering: Answering) -> None:
    first = await answering.about(ANN, "ada-merrow", ())
    second = await answering.about(ANN, "ada-merrow", facts(first))

    assert not set(facts(first)) & set(facts(second))
    third = await answering.about(ANN, "ada-merrow", facts(first))
    assert not set(facts(third)) & {*facts(first), *facts(second)}


async def test_more_about_nobody_is_nothing(answering: Answering) -> None:
    assert await answering.about(ANN, "nobody", ()) is None


async def test_an_answer_knows_whether_a_quiz_could_follow_it(
    shipped: Library, engine: AsyncEngine, clock: Clock
) -> None:
    answering, who = Answering(shipped, engine, clock), Conversation(7, 0, 7)

    assert [(await answering.ask(who, "Who was Zhukov?")).quiz for _ in range(2)] == ["zhukov"] * 2
    assert (await answering.ask(who, "When did Stalin die?")).quiz is None
    assert (await answering.ask(who, "Who won the Nobel Prize?")).quiz is None
