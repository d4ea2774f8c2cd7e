"""Rounds as people play them, with the real bot and the pack that ships."""

import re
import signal
from collections.abc import Sequence

import pytest

from bot.playground import Conversation, Message, Person, Playground, RefusedError
from handlers.quiz import NONE_ON, NOT_YOURS, ONLY_ADMINISTRATORS, OVER, QUESTION_OVER, STOPPED
from handlers.render_quiz import NO_POLLS
from tests.bot.processes import BotProcess
from tests.handlers.voting import answer

pytestmark = pytest.mark.usefixtures("bot")
BOT_SETTINGS: dict[str, str] = {}  # the pack that ships is in use where nothing else is set


async def question(here: Conversation, number: str) -> Message:
    """The next question of this number."""
    return await here.expect(f"^{number} · ", timeout=20)


async def answer_all(asked: Message, people: Sequence[Person], rights: str) -> None:
    """Each in turn, `r` rightly, `w` wrongly, `-` not at all."""
    for person, mark in zip(people, rights, strict=True):
        if mark != "-":
            await answer(asked, person, mark == "r")


async def board(here: Conversation) -> Message:
    return await here.expect("The round is over|has ended|so the round ends", timeout=20)


def lines(shown: Message) -> list[str]:
    """Places, names and right answers."""
    return [re.sub(r" · \d+\.\d s on average", "", line) for line in shown.text.splitlines() if line[:1].isdigit()]


# In private


async def test_in_private_the_first_question_comes_at_once_and_the_last_ends_it(
    playground: Playground, ann: Person
) -> None:
    await ann.private.say("/quiz 2 Zhukov")
    first = await question(ann.private, "1/2")
    assert first.buttons == ["Skip", "Stop", "Report"]
    told = await playground.poll(first)
    assert (told["type"], told["is_anonymous"], told["open_period"]) == ("quiz", False, 60)
    assert "¹ " in told["explanation"]
    await answer(first, ann)
    second = await question(ann.private, "2/2")
    press = await ann.private.press(first, "Skip")
    assert await press.answer() == (QUESTION_OVER, True, None)
    await answer(second, ann, is_right=False)

    shown = await ann.private.expect("1 of 2 right", timeout=10)

    assert shown.buttons == ["Play again"]
    press = await ann.private.press(shown, "Play again")
    assert await press.answer() == ("", False, None)
    again = await question(ann.private, "1/2")
    asked = [(shown.text[6:], sorted(shown.options)) for shown in (first, second, again)]
    assert asked[2] not in asked[:2]
    press = await ann.private.press(again, "Stop")
    assert await press.answer() == (STOPPED, False, None)
    assert (await playground.expect_closed(again))["is_closed"]
    await ann.private.expect("Nothing was answered")


async def test_words_begin_a_round_too(ann: Person) -> None:
    await ann.private.say("Quiz me on Zhukov, please")

    await question(ann.private, "1/5")

    await ann.private.say("/stop")
    await ann.private.expect("Nothing was answered")
    await ann.private.ask("/stop", re.escape(NONE_ON))


async def test_a_press_under_an_answer_begins_a_round_about_its_subject(ann: Person) -> None:
    told = await ann.private.ask("Who was Zhukov?")
    assert told.buttons == ["Source", "More", "Why", "Report", "Quiz me on this"]

    press = await ann.private.press(told, "Quiz me on this")

    assert await press.answer() == ("", False, None)
    await question(ann.private, "1/5")
    press = await ann.private.press(told, "Quiz me on this")
    assert (await press.answer()).text.startswith("A round is on here already: question 1 of 5.")
    await ann.private.say("/stop")
    await ann.private.expect("Nothing was answered")


async def test_under_what_is_grave_there_is_no_such_button(ann: Person) -> None:
    told = await ann.private.ask("When did Stalin die?", "1953")

    assert "Quiz me on this" not in told.buttons


@pytest.mark.parametrize(
    ("wished", "told"),
    [
        ("flying saucers", r"no subject for a quiz called “flying saucers”\. For example: /quiz 10 hard 1941"),
        ("99", r"1 to 30 questions\. For example: /quiz"),
        ("<b>", "called “<b>”"),
        ("the famine of 1932–33", "not for a game"),
        ("Holodomor", "not for a game"),
        ("1789", "no quiz questions for this: 1789"),
    ],
)
async def test_what_can_not_be_asked_is_told_kindly_and_an_open_round_offered(
    wished: str, told: str, ann: Person
) -> None:
    offered = await ann.private.ask(f"/quiz {wished}", told)

    assert offered.buttons == ["A round on anything"]


async def test_the_offer_begins_an_open_round(ann: Person) -> None:
    offered = await ann.private.ask("/quiz 1789", "no quiz questions")

    press = await ann.private.press(offered, "A round on anything")

    assert await press.answer() == ("", False, None)
    await question(ann.private, "1/5")
    await ann.private.say("/stop")
    await ann.private.expect("Nothing was answered")


# In groups


async def test_a_full_round_with_five_players_survives_all_that_can_happen(
    playground: Playground, bot: BotProcess
) -> None:
    """Answers twice, late, from outside and while the bot is down: the board is right."""
    people = [await playground.user(name) for name in ("Ann", "Bob", "Cid", "Dee", "Eve")]
    ann, bob, cid, dee, eve = people
    zed = await playground.user("Zed")
    group = await playground.supergroup("Readers", *people)
    here = ann.at(group)
    begun = await here.ask("/quiz 4 hard", "Ann starts a quiz")
    assert "4 questions: hard, 30 seconds each." in begun.text

    first = await question(here, "1/4")
    await answer(first, zed, through_a_forward=True)
    await answer_all(first, people, "rrwrw")
    for person in (ann, cid):
        with pytest.raises(RefusedError, match="has voted"):
            await answer(first, person)
    await playground.redeliver()

    second = await question(here, "2/4")
    await answer_all(second, (ann, bob, cid), "rwr")
    await here.ask("/quiz", "question 2 of 4")  # or the bot may not know yet that its question has arrived
    bot.stop(signal.SIGKILL)
    await answer_all(second, (dee, eve), "rr")
    await answer(second, zed, through_a_forward=True)
    bot.start()

    third = await question(here, "3/4")
    await answer(third, ann)
    await playground.fault("stopPoll", code=400, description="Bad Request: a fault")
    press = await ann.at(group).press(third, "Skip")
    assert await press.answer() == ("", False, None)
    fourth = await question(here, "4/4")
    await answer(third, bob)  # which is still open there, but over
    await answer_all(fourth, people, "wrrrw")

    shown = await board(here)
    assert shown.text.startswith("The round is over after 4 questions.")
    assert sorted(lines(shown)) == [
        "1. Ann · 3 of 4 · 3 in a row",
        "1. Dee · 3 of 4 · 2 in a row",
        "3. Bob · 2 of 4",
        "3. Cid · 2 of 4",
        "5. Eve · 1 of 4",
    ]
    assert len({message.text[6:] for message in (first, second, third, fourth)}) == 4
    sent = [call for call in await playground.calls("sendPoll") if str(call["parameters"]["chat_id"]) == str(group.id)]
    assert len(sent) == 4


async def test_a_question_that_the_bot_died_sending_is_replaced_and_counts_for_nobody(
    playground: Playground, bot: BotProcess, ann: Person, bob: Person
) -> None:
    group = await playground.supergroup("Readers", ann, bob)
    here = ann.at(group)
    await here.say("/quiz 2")
    first = await question(here, "1/2")
    await playground.fault("sendPoll", kind="slow", seconds=30)
    await answer_all(first, (ann, bob), "rr")
    lost = await question(here, "2/2")
    bot.stop(signal.SIGKILL)
    await answer_all(lost, (ann, bob), "rr")
    bot.start()

    second = await question(here, "2/2")
    assert second.text != lost.text
    await answer_all(second, (ann, bob), "wr")

    shown = await board(here)
    assert lines(shown) == ["1. Bob · 2 of 2 · 2 in a row", "2. Ann · 1 of 2"]


async def test_only_who_began_it_and_administrators_skip_and_stop(
    playground: Playground, ann: Person, bob: Person
) -> None:
    cid = await playground.user("Cid")
    group = await playground.supergroup("Readers", ann, bob, cid)
    here, there = bob.at(group), cid.at(group)
    begun = await here.ask("/quiz", "Bob starts a quiz")
    first = await question(here, "1/5")

    for button in ("Skip", "Stop"):
        press = await there.press(first, button)
        assert await press.answer() == (NOT_YOURS, True, None)
    await there.ask("/stop", re.escape(NOT_YOURS))
    pointed = await there.ask("/quiz", "question 1 of 5")
    assert pointed.raw["reply_to_message"]["message_id"] == first.id

    press = await here.press(first, "Skip")
    assert await press.answer() == ("", False, None)
    assert (await playground.expect_closed(first))["is_closed"]
    second = await question(here, "2/5")
    press = await ann.at(group).press(second, "Stop")
    assert await press.answer() == (STOPPED, False, None)
    await board(here)
    press = await here.press(begun, "Stop")
    assert await press.answer() == (OVER, True, None)


async def test_topics_play_at_once_and_each_by_itself(playground: Playground, ann: Person, bob: Person) -> None:
    forum = await playground.supergroup("Forum", ann, bob, is_forum=True)
    news, history = [ann.at(forum, await forum.topic(name)) for name in ("News", "History")]
    await news.say("/quiz 1")
    await history.say("/quiz 1")
    there, here = await question(news, "1/1"), await question(history, "1/1")
    assert (there.thread_id, here.thread_id) == (news.topic, history.topic)

    await answer_all(here, (ann, bob), "rw")
    await answer_all(there, (ann, bob), "wr")

    assert lines(await board(history))[0].startswith("1. Ann")
    shown = await board(news)
    assert lines(shown)[0].startswith("1. Bob")
    assert shown.thread_id == news.topic


async def test_a_round_goes_on_in_a_group_that_becomes_a_supergroup(
    playground: Playground, ann: Person, bob: Person
) -> None:
    group = await playground.group("Readers", ann, bob)
    await ann.at(group).say("/quiz 2")
    first = await question(ann.at(group), "1/2")
    await answer_all(first, (ann, bob), "rr")

    supergroup = await group.upgrade()

    here = ann.at(supergroup)
    second = await question(here, "2/2")
    await answer_all(second, (ann, bob), "rw")
    assert lines(await board(here)) == ["1. Ann · 2 of 2 · 2 in a row", "2. Bob · 1 of 2"]


async def test_where_polls_are_not_allowed_it_says_so(playground: Playground, ann: Person) -> None:
    group = await playground.supergroup("Readers", ann)
    await group.set_status("bot", "restricted", lacking=["can_send_polls"])

    await ann.at(group).say("/quiz")

    await ann.at(group).expect(re.escape(NO_POLLS), timeout=15)
    await ann.at(group).ask("/stop", re.escape(NONE_ON))


async def test_a_round_ends_quietly_where_the_bot_is_removed(playground: Playground, ann: Person) -> None:
    group = await playground.supergroup("Readers", ann)
    await ann.at(group).say("/quiz")
    await question(ann.at(group), "1/5")

    await group.set_status("bot", "kicked")
    await group.set_status("bot", "member")

    await ann.at(group).ask("/stop", re.escape(NONE_ON))


async def test_a_flood_is_waited_out(playground: Playground, ann: Person) -> None:
    await playground.flood("sendPoll", retry_after=2)

    await ann.private.say("/quiz 1")

    await answer(await question(ann.private, "1/1"), ann)
    await ann.private.expect("1 of 1 right", timeout=15)


async def test_an_administrator_who_hides_is_not_named(playground: Playground, ann: Person, bob: Person) -> None:
    group = await playground.supergroup("Readers", ann, bob)

    said = await ann.at(group).say("/quiz", anonymous=True)

    begun = await ann.at(group).expect("A quiz", after=said)
    assert "Ann" not in begun.text
    press = await bob.at(group).press(begun, "Stop")
    assert await press.answer() == (NOT_YOURS, True, None)
    await ann.at(group).say("/stop", anonymous=True)
    await board(ann.at(group))


# In channels


async def test_in_a_channel_polls_are_anonymous_and_only_administrators_decide(
    playground: Playground, ann: Person, bob: Person
) -> None:
    channel = await playground.channel("News", ann, bob)
    here = ann.at(channel)
    await here.ask("/quiz 2", "A quiz")
    first = await question(here, "1/2")
    assert (await playground.poll(first))["is_anonymous"]
    await answer(first, bob)
    press = await bob.at(channel).press(first, "Skip")
    assert await press.answer() == (NOT_YOURS, True, None)
    press = await here.press(first, "Skip")
    assert await press.answer() == ("", False, None)
    second = await question(here, "2/2")
    assert not (await playground.poll(first))["is_closed"]
    press = await here.press(second, "Skip")
    await press.answer()

    shown = await board(here)

    assert shown.text == "The quiz has ended after 2 questions. They stay open for a day."
    press = await bob.at(channel).press(shown, "Play again")
    assert await press.answer() == (ONLY_ADMINISTRATORS, True, None)
    press = await here.press(shown, "Play again")
    assert await press.answer() == ("", False, None)
    await question(here, "1/2")
    await here.say("/stop")
    await board(here)


# Forged buttons


@pytest.mark.parametrize("data", ["q:stop:999999", "q:skip:999999:1"])
async def test_a_round_that_nobody_knows_is_over(data: str, playground: Playground, ann: Person) -> None:
    press = await ann.private.press(await with_button(playground, ann, data), "Press me")

    assert await press.answer() == (OVER, True, None)


@pytest.mark.parametrize("data", ["q:again:999999", "q:about:nobody", "q:fly"])
async def test_a_button_that_nobody_knows_explains_itself(data: str, playground: Playground, ann: Person) -> None:
    press = await ann.private.press(await with_button(playground, ann, data), "Press me")

    assert "too old" in (await press.answer()).text


async def with_button(playground: Playground, person: Person, data: str) -> Message:
    await person.private.ask("/help")
    keyboard = {"inline_keyboard": [[{"text": "Press me", "callback_data": data}]]}
    sent = await playground.call("sendMessage", chat_id=person.id, text="Look", reply_markup=keyboard)
    return Message(sent["result"])
