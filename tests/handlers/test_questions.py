import re

import pytest

from bot.playground import Playground
from bot.services.library import Library
from handlers.questions import ASK_WHAT, ONLY_WORDS
from knowledge.answers import answer
from knowledge.results import Ambiguous
from tests.fakes import STICKER
from tests.handlers.conftest import InProcess

pytestmark = pytest.mark.usefixtures("bot")
BORN, DIED = "When was Ada Merrow born?", "and when did she die?"
TOM, HE_DIED = "Who was Tom Merrow?", "and when did he die?"  # no “he” is the one that the documents are about


@pytest.fixture
async def username(playground: Playground) -> str:
    return str((await playground.get("bot"))["username"])


async def test_a_question_is_answered_with_a_footnote_and_buttons(playground: Playground) -> None:
    ann = await playground.user("Ann")

    told = await ann.private.ask(BORN, "Wick")

    fact, footnote = told.text.split("\n\n")
    assert fact == "Ada Merrow was born in Wick in 1862."
    assert "The Lighthouse on Skerry" in footnote
    assert "The keepers" in footnote
    assert told.buttons == ["Source", "More", "Why", "Report"]
    assert [entity["type"] for entity in told.entities] == ["italic"]
    assert "reply_to_message" not in told.raw


async def test_a_follow_up_is_understood(playground: Playground) -> None:
    ann = await playground.user("Ann")
    await ann.private.ask(BORN, "1862")

    await ann.private.ask(DIED, "3 March 1931")


async def test_what_the_documents_do_not_tell_is_said_so(playground: Playground) -> None:
    ann = await playground.user("Ann")

    told = await ann.private.ask("Who won the Nobel Prize?", "don't tell")

    assert told.buttons == ["Why"]


async def test_markup_in_facts_and_questions_does_no_harm(playground: Playground) -> None:
    ann = await playground.user("Ann")

    await ann.private.ask("How many steps has the tower?", "<148> steps")
    unknown = await ann.private.ask("Who is <b>Zork</i> & <script>?", "don't tell")
    why = await ann.private.press(unknown, "Why")
    await why.answer()
    await ann.private.expect("Asked for")


@pytest.mark.parametrize("text", ["?!", "😀😀", "x" * 4096, "а" * 4096, "& " * 2048, "/", "\u202e\u0000?"])
async def test_odd_messages_are_answered_with_something(text: str, playground: Playground) -> None:
    ann = await playground.user("Ann")

    told = await ann.private.ask(text)

    assert "Something went wrong" not in told.text
    for button in told.buttons:
        press = await ann.private.press(told, button)
        assert (await press.answer()).text == ""
        await ann.private.expect("", after=told)


async def test_an_ambiguous_question_is_asked_back_with_buttons(
    vague_question: str, playground: Playground, library: Library
) -> None:
    given = answer(library.index, vague_question).answer
    assert isinstance(given, Ambiguous)
    ann = await playground.user("Ann")

    asked_back = await ann.private.ask(vague_question)
    press = await ann.private.press(asked_back, given.choices[1].label)

    assert asked_back.buttons == [choice.label for choice in given.choices]
    assert (await press.answer()).text == ""
    await ann.private.expect(re.escape(library.index.facts[given.choices[1].fact].says), after=asked_back)


async def test_the_ask_command_takes_a_question(playground: Playground) -> None:
    ann = await playground.user("Ann")

    await ann.private.ask(f"/ask {BORN}", "1862")
    assert (await ann.private.ask("/ask")).text == ASK_WHAT


async def test_an_unknown_command_points_to_help(playground: Playground) -> None:
    ann = await playground.user("Ann")

    await ann.private.ask("/frobnicate now", "don't know that command")


async def test_in_a_group_plain_talk_is_left_alone(playground: Playground, username: str) -> None:
    """The messages of one chat are handled in order: the last one's answer shows that the others got none."""
    await playground.read_all_messages()
    ann, bob = await playground.user("Ann"), await playground.user("Bob")
    group = await playground.group("Friends", ann, bob)

    said = await ann.at(group).say(BORN)
    await bob.at(group).say("She was born in Wick, I think", reply_to=said)
    await bob.at(group).say("@somebody_else when was Ada Merrow born?")
    await bob.at(group).say(f"/ask@other_bot {BORN}")
    await bob.at(group).say("/frobnicate")
    last = await ann.at(group).say(f"@{username} {BORN}")
    await ann.at(group).expect("1862", after=last)
    await playground.read_all_messages(False)

    spoken = [m for m in await group.transcript() if m.raw["from"]["is_bot"]]
    assert len(spoken) == 1


@pytest.mark.parametrize("privacy", [True, False])
async def test_in_a_group_what_is_meant_for_the_bot_is_answered(
    privacy: bool, playground: Playground, username: str
) -> None:
    await playground.read_all_messages(not privacy)
    ann, bob = await playground.user("Ann"), await playground.user("Bob")
    group = await playground.supergroup("Friends", ann, bob)
    here, there = ann.at(group), bob.at(group)

    asked = await here.say(f"/ask {BORN}")
    by_command = await here.expect("1862", after=asked)
    await here.ask(f"/ask@{username} {BORN}", "1862")
    await here.ask(f"Hey @{username.upper()}, {BORN}", "1862")
    reply = await there.say("When did Tom Merrow die?", reply_to=by_command)
    by_reply = await there.expect("9 June 1940", after=reply)
    await here.ask(f"@{username}", "in words")
    await playground.read_all_messages(False)

    assert by_command.raw["reply_to_message"]["message_id"] == asked.id
    assert by_reply.raw["reply_to_message"]["message_id"] == reply.id
    assert by_command.thread_id is None


async def test_each_person_in_a_group_has_a_conversation(playground: Playground, username: str) -> None:
    ann, bob = await playground.user("Ann"), await playground.user("Bob")
    group = await playground.supergroup("Friends", ann, bob)
    await ann.at(group).ask(f"@{username} {TOM}", "brother")

    await bob.at(group).ask(f"@{username} {HE_DIED}", "don't tell")
    await ann.at(group).ask(f"@{username} {HE_DIED}", "9 June 1940")


async def test_in_a_topic_the_answer_stays_there(playground: Playground, username: str) -> None:
    ann = await playground.user("Ann")
    forum = await playground.supergroup("Forum", ann, is_forum=True)
    keepers, tower = await forum.topic("Keepers"), await forum.topic("Tower")

    told = await ann.at(forum, keepers).ask(f"@{username} {TOM}", "brother")
    await ann.at(forum, tower).ask(f"@{username} {HE_DIED}", "don't tell")
    follow_up = await ann.at(forum, keepers).ask(f"@{username} {HE_DIED}", "9 June 1940")
    press = await ann.at(forum, keepers).press(follow_up, "Source")
    await press.answer()
    source = await ann.at(forum, keepers).expect("The keepers", after=follow_up)

    assert {told.thread_id, follow_up.thread_id, source.thread_id} == {keepers}


async def test_in_the_general_topic_no_thread_is_named(playground: Playground, username: str) -> None:
    ann = await playground.user("Ann")
    forum = await playground.supergroup("Forum", ann, is_forum=True)

    told = await ann.at(forum).ask(f"@{username} {BORN}", "1862")

    assert told.thread_id is None


PHOTO = [{"file_id": "AgAC", "file_unique_id": "AQAD", "width": 90, "height": 90}]


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": STICKER},
        {"photo": PHOTO},
        {"photo": PHOTO, "caption": "Who is this?"},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"location": {"longitude": 1.5, "latitude": 58.9}},
    ],
    ids=["sticker", "photo", "captioned photo", "dice", "location"],
)
async def test_a_message_without_words_is_asked_for_words(
    content: dict[str, object], in_process: InProcess, playground: Playground
) -> None:
    ann = await playground.user("Ann")
    await ann.private.ask("/help", "How to ask")

    await in_process.handle_newest(**content)

    assert (await ann.private.expect("")).text == ONLY_WORDS


@pytest.mark.parametrize("content", [{"sticker": STICKER}, {"new_chat_title": "Enemies"}, {"group_chat_created": True}])
async def test_in_a_group_messages_without_words_are_left_alone(
    content: dict[str, object], in_process: InProcess, playground: Playground
) -> None:
    ann = await playground.user("Ann")
    group = await playground.group("Friends", ann)
    await ann.at(group).ask("/help", "How to ask")

    await in_process.handle_newest(**content)

    assert len([m for m in await group.transcript() if m.raw["from"]["is_bot"]]) == 1
