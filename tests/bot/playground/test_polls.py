"""Polls and quizzes: what is sent and refused, how people vote, and when the voting ends."""

import asyncio
import time
from typing import Any

import pytest

from bot.playground import Message, NotSeenError, Person, Playground, RefusedError
from bot.playground.wire import Json

OPTIONS = [{"text": "1879"}, {"text": "1896"}, {"text": "1903"}]
QUIZ: Json = {"question": "When was the lamp lit?", "options": OPTIONS, "type": "quiz", "correct_option_ids": [1]}
OPEN: Json = {**QUIZ, "is_anonymous": False}
BUTTONS = {"inline_keyboard": [[{"text": "Skip", "callback_data": "skip"}]]}


async def send(playground: Playground, chat_id: int, **parameters: object) -> Message:
    """Send a poll, which must pass."""
    answer = await playground.call("sendPoll", chat_id=chat_id, **parameters)
    assert answer["ok"], answer
    return Message(answer["result"])


async def refused(playground: Playground, method: str, **parameters: object) -> str:
    """Why the call is refused."""
    answer = await playground.call(method, **parameters)
    assert answer["error_code"] == 400, answer
    return str(answer["description"]).removeprefix("Bad Request: ")


async def told(playground: Playground, kind: str) -> list[Any]:
    """What updates of this kind bring."""
    return [update[kind] for update in await playground.updates() if kind in update]


async def test_a_quiz_is_told_as_telegram_tells_it(playground: Playground, ann: Person) -> None:
    sent = await send(
        playground,
        ann.id,
        **QUIZ,
        explanation="In <b>1896</b>,\nsays the log",
        explanation_parse_mode="HTML",
        open_period=60,
        reply_markup=BUTTONS,
    )

    poll = sent.raw["poll"]
    assert poll["question"] == sent.text == "When was the lamp lit?"
    assert sent.options == ["1879", "1896", "1903"]
    assert [option["voter_count"] for option in poll["options"]] == [0, 0, 0]
    assert len({option["persistent_id"] for option in poll["options"]}) == 3
    assert {name: poll[name] for name in ("type", "is_anonymous", "is_closed", "total_voter_count")} == {
        "type": "quiz",
        "is_anonymous": True,
        "is_closed": False,
        "total_voter_count": 0,
    }
    assert (poll["allows_multiple_answers"], poll["allows_revoting"]) == (False, False)
    assert poll["correct_option_ids"] == [1]
    assert poll["explanation"] == "In 1896,\nsays the log"
    assert poll["explanation_entities"] == [{"type": "bold", "offset": 3, "length": 4}]
    assert poll["close_date"] == sent.raw["date"] + poll["open_period"]
    assert sent.buttons == ["Skip"]
    assert (await ann.private.expect("lamp")).raw == sent.raw


async def test_a_regular_poll_has_no_right_answer(playground: Playground, ann: Person) -> None:
    sent = await send(
        playground, ann.id, question=" Tea? ", options=[{"text": "<b>Yes</b>", "text_parse_mode": "HTML"}]
    )

    assert sent.text == "Tea?"
    assert sent.options == ["Yes"]
    assert "correct_option_ids" not in sent.raw["poll"]
    assert sent.raw["poll"]["allows_revoting"]


async def test_the_older_name_of_the_right_answer_is_taken_too(playground: Playground, ann: Person) -> None:
    sent = await send(playground, ann.id, question="?", options=OPTIONS, type="quiz", correct_option_id=2)

    assert sent.raw["poll"]["correct_option_ids"] == [2]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"question": ""}, "poll question must be non-empty"),
        ({"question": "x" * 301}, "poll question length must not exceed 300"),
        ({"question": "<b>x", "question_parse_mode": "HTML"}, "can't parse entities"),
        ({"options": []}, "poll must have at least 1 option"),
        ({"options": [{"text": "x"}] * 13}, "poll can't have more than 12 options"),
        ({"options": [{"text": "x"}, {"text": " "}]}, "poll options must be non-empty"),
        ({"options": [{"text": "x"}, {"text": "x" * 101}]}, "poll options length must not exceed 100"),
        ({"options": ["1879", "1896"]}, 'parameter "options.0" is wrong'),
        ({"options": [{"text": "x", "voter_count": 1}]}, 'unknown parameter "options.0.voter_count"'),
        ({"correct_option_ids": None}, "wrong correct option ID specified"),
        ({"correct_option_ids": []}, "wrong correct option ID specified"),
        ({"correct_option_ids": [3]}, "wrong correct option ID specified"),
        ({"correct_option_ids": [-1]}, "wrong correct option ID specified"),
        ({"correct_option_ids": [1, 0]}, "wrong correct option ID specified"),
        ({"correct_option_ids": [1, 1]}, "wrong correct option ID specified"),
        ({"correct_option_ids": 1}, 'parameter "correct_option_ids" is wrong'),
        ({"correct_option_id": 1}, "correct_option_ids and correct_option_id"),
        ({"type": "riddle"}, 'parameter "type" is wrong'),
        ({"explanation": "x" * 201}, "poll explanation length must not exceed 200"),
        ({"explanation": "1\n2\n3\n4"}, "explanation must have at most 2 line feeds"),
        ({"explanation": "<i>x", "explanation_parse_mode": "HTML"}, "can't parse entities"),
        ({"description": "x" * 1025}, "poll description length must not exceed 1024"),
        ({"open_period": 4}, 'parameter "open_period" is wrong'),
        ({"open_period": 2_628_001}, 'parameter "open_period" is wrong'),
        ({"close_date": 1}, "poll close date must be 5-2628000 seconds in the future"),
        ({"open_period": 60, "close_date": 1}, "open_period and close_date can't be used together"),
        ({"reply_markup": {"inline_keyboard": [[{"text": "x"}]]}}, "can't parse inline keyboard button"),
        ({"reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"message_thread_id": 7}, "message thread not found"),
        ({"quiz": True}, 'unknown parameter "quiz"'),
    ],
)
async def test_a_poll_that_telegram_refuses_is_refused(
    playground: Playground, ann: Person, wrong: Json, reason: str
) -> None:
    assert (await refused(playground, "sendPoll", chat_id=ann.id, **(QUIZ | wrong))).startswith(reason)
    assert len(await playground.violations()) == 1
    assert len(await ann.private.transcript()) == 1


async def test_the_largest_poll_passes(playground: Playground, ann: Person) -> None:
    await send(
        playground,
        ann.id,
        question="x" * 300,
        options=[{"text": f"{number:0100}"} for number in range(12)],
        type="quiz",
        correct_option_ids=[0, 11],
        allows_multiple_answers=True,
        explanation=f"<b>{'x' * 198}</b>\n\n",
        explanation_parse_mode="HTML",
        close_date=int(time.time()) + 2_600_000,
        shuffle_options=True,
        hide_results_until_closes=True,
        disable_notification=True,
    )


async def test_a_channel_takes_only_anonymous_polls(playground: Playground, ann: Person) -> None:
    channel = await playground.channel("News", ann)

    assert (
        await refused(playground, "sendPoll", chat_id=channel.id, **OPEN)
        == "non-anonymous polls can't be sent to channel chats"
    )
    await send(playground, channel.id, **QUIZ)


async def test_without_the_right_to_send_polls_the_bot_sends_none(playground: Playground, ann: Person) -> None:
    group = await playground.supergroup("Friends", ann)
    await group.set_status("bot", "restricted", lacking=["can_send_polls"])

    assert (
        await refused(playground, "sendPoll", chat_id=group.id, **OPEN) == "not enough rights to send polls to the chat"
    )
    await playground.assert_no_violations()


async def test_who_votes_openly_is_told_to_the_bot(playground: Playground, ann: Person) -> None:
    bob = await playground.user("Bob")
    group = await playground.group("Friends", ann, bob)
    quiz = await send(playground, group.id, **OPEN)

    await ann.vote(quiz, "1896")
    stands = await bob.vote(quiz, 0)

    assert [(answer["user"]["id"], answer["option_ids"]) for answer in await told(playground, "poll_answer")] == [
        (ann.id, [1]),
        (bob.id, [0]),
    ]
    assert (await told(playground, "poll_answer"))[0] == {
        "poll_id": quiz.poll_id,
        "user": ann.raw,
        "option_ids": [1],
        "option_persistent_ids": [quiz.raw["poll"]["options"][1]["persistent_id"]],
    }
    assert [option["voter_count"] for option in stands["options"]] == [1, 1, 0]
    assert [poll["total_voter_count"] for poll in await told(playground, "poll")] == [1, 2]
    assert (await playground.poll(quiz)) == stands
    assert [message.raw["poll"] for message in await group.transcript() if message.poll_id] == [stands]


async def test_of_an_anonymous_poll_the_bot_learns_only_the_counts(playground: Playground, ann: Person) -> None:
    quiz = await send(playground, ann.id, **QUIZ, description="The light of the west")

    await ann.vote(quiz, 1)

    assert await told(playground, "poll_answer") == []
    (poll,) = await told(playground, "poll")
    assert poll["total_voter_count"] == 1
    assert "description" not in poll
    assert quiz.raw["poll"]["description"] == "The light of the west"


async def test_only_the_wanted_kinds_of_updates_come(playground: Playground, ann: Person) -> None:
    await playground.call("getUpdates", allowed_updates=["poll_answer"])
    group = await playground.group("Friends", ann)

    await ann.vote(await send(playground, group.id, **OPEN), 1)

    assert len(await told(playground, "poll_answer")) == 1
    assert await told(playground, "poll") == []


async def test_an_administrator_who_hides_votes_as_the_group(playground: Playground, ann: Person) -> None:
    group = await playground.supergroup("Friends", ann)
    await ann.at(group).say("/quiz", anonymous=True)

    await ann.vote(await send(playground, group.id, **OPEN), 1)

    (answer,) = await told(playground, "poll_answer")
    assert answer["voter_chat"]["id"] == group.id
    assert "user" not in answer


async def test_a_vote_in_a_quiz_is_final_and_one_in_a_poll_is_not(playground: Playground, ann: Person) -> None:
    group = await playground.group("Friends", ann)
    quiz = await send(playground, group.id, **OPEN)
    poll = await send(playground, group.id, question="Tea?", options=OPTIONS, is_anonymous=False)

    await ann.vote(quiz, 0)
    for options in ([1], []):
        with pytest.raises(RefusedError, match="Ann has voted"):
            await ann.vote(quiz, *options)
    await ann.vote(poll, 0)
    await ann.vote(poll, 2)
    stands = await ann.vote(poll)

    assert [answer["option_ids"] for answer in await told(playground, "poll_answer")] == [[0], [0], [2], []]
    assert stands["total_voter_count"] == 0
    with pytest.raises(RefusedError, match="no vote to take back"):
        await ann.vote(poll)


@pytest.mark.parametrize(
    ("options", "reason"), [([3], "no option 3 among"), (["1880"], "no option '1880' among"), ([0, 1], "one answer")]
)
async def test_a_vote_that_nobody_could_give_is_refused(
    playground: Playground, ann: Person, options: list[int | str], reason: str
) -> None:
    quiz = await send(playground, ann.id, **QUIZ)

    with pytest.raises(RefusedError, match=reason):
        await ann.vote(quiz, *options)


async def test_several_answers_are_taken_where_the_poll_allows_them(playground: Playground, ann: Person) -> None:
    poll = await send(playground, ann.id, question="Tea?", options=OPTIONS, allows_multiple_answers=True)

    stands = await ann.vote(poll, "1903", "1879")

    assert [option["voter_count"] for option in stands["options"]] == [1, 0, 1]
    assert stands["total_voter_count"] == 1


async def test_outsiders_vote_only_through_a_forward(playground: Playground, ann: Person) -> None:
    eve = await playground.user("Eve")
    group = await playground.group("Friends", ann)
    quiz = await send(playground, group.id, **OPEN)

    with pytest.raises(RefusedError, match="Eve is not in the chat"):
        await eve.vote(quiz, 1)
    await eve.vote(quiz, 1, through_a_forward=True)

    (answer,) = await told(playground, "poll_answer")
    assert answer["user"]["id"] == eve.id
    member = await playground.call("getChatMember", chat_id=group.id, user_id=eve.id)
    assert member["result"]["status"] == "left"


async def test_a_protected_poll_is_not_forwarded(playground: Playground, ann: Person) -> None:
    eve = await playground.user("Eve")
    quiz = await send(playground, ann.id, **QUIZ, protect_content=True)

    assert quiz.raw["has_protected_content"]
    with pytest.raises(RefusedError, match="a protected message can't be forwarded"):
        await eve.vote(quiz, 1, through_a_forward=True)


async def test_in_a_deleted_poll_only_its_forwards_can_be_voted_in(playground: Playground, ann: Person) -> None:
    quiz = await send(playground, ann.id, **QUIZ)
    await playground.call("deleteMessage", chat_id=ann.id, message_id=quiz.id)

    with pytest.raises(RefusedError, match="the message is deleted"):
        await ann.vote(quiz, 1)
    await ann.vote(quiz, 1, through_a_forward=True)


async def test_a_stopped_poll_is_closed_for_good(playground: Playground, ann: Person) -> None:
    quiz = await send(playground, ann.id, **QUIZ, open_period=600, reply_markup=BUTTONS)
    await ann.vote(quiz, 1)

    stopped = (await playground.call("stopPoll", chat_id=ann.id, message_id=quiz.id))["result"]

    assert (stopped["is_closed"], stopped["total_voter_count"]) == (True, 1)
    assert [poll["is_closed"] for poll in await told(playground, "poll")] == [False, True]
    assert (await ann.private.transcript())[-1].buttons == []
    with pytest.raises(RefusedError, match="the poll is closed"):
        await (await playground.user("Bob")).vote(quiz, 1, through_a_forward=True)
    with pytest.raises(RefusedError, match="no clock runs"):
        await playground.run_out(quiz)
    again = await refused(playground, "stopPoll", chat_id=ann.id, message_id=quiz.id)
    assert again == "poll has already been closed"


async def test_stopping_a_poll_may_change_its_buttons(playground: Playground, ann: Person) -> None:
    quiz = await send(playground, ann.id, **QUIZ)

    await playground.call("stopPoll", chat_id=ann.id, message_id=quiz.id, reply_markup=BUTTONS)

    assert (await ann.private.transcript())[-1].buttons == ["Skip"]


async def test_only_a_poll_can_be_stopped(playground: Playground, ann: Person) -> None:
    sent = await playground.call("sendMessage", chat_id=ann.id, text="Hello")
    place = {"chat_id": ann.id, "message_id": sent["result"]["message_id"]}

    assert await refused(playground, "stopPoll", **place) == "message is not a poll"
    assert (
        await refused(playground, "stopPoll", **(place | {"message_id": 99})) == "message with poll to stop not found"
    )
    with pytest.raises(RefusedError, match="there is no poll"):
        await playground.get("polls/7")


async def test_a_poll_closes_itself_when_its_time_is_over(playground: Playground, ann: Person) -> None:
    quiz = await send(playground, ann.id, **QUIZ, open_period=5)

    closed = await playground.expect_closed(quiz, timeout=15)

    assert closed["is_closed"]
    assert [poll["is_closed"] for poll in await told(playground, "poll")] == [True]


async def test_a_test_need_not_wait_for_the_end_of_a_poll(playground: Playground, ann: Person) -> None:
    quiz = await send(playground, ann.id, **QUIZ, close_date=int(time.time()) + 86_400)
    with pytest.raises(NotSeenError, match="was not closed within 0 s"):
        await playground.expect_closed(quiz, timeout=0)

    await playground.run_out(quiz)

    assert (await playground.expect_closed(quiz))["is_closed"]
    assert len(await told(playground, "poll")) == 1


async def test_a_poll_may_be_closed_from_the_start(playground: Playground, ann: Person) -> None:
    quiz = await send(playground, ann.id, **QUIZ, is_closed=True, open_period=60)

    with pytest.raises(RefusedError, match="the poll is closed"):
        await ann.vote(quiz, 1)
    assert await told(playground, "poll") == []


async def test_the_buttons_of_a_poll_can_be_pressed_and_changed_but_not_its_text(
    playground: Playground, ann: Person
) -> None:
    quiz = await send(playground, ann.id, **QUIZ, reply_markup=BUTTONS)
    place = {"chat_id": ann.id, "message_id": quiz.id}

    await ann.private.press(quiz, "Skip")
    same = await refused(playground, "editMessageReplyMarkup", **place, reply_markup=BUTTONS)
    edited = await playground.call("editMessageReplyMarkup", **place)

    (press,) = await told(playground, "callback_query")
    assert press["message"]["poll"]["id"] == quiz.poll_id
    assert same.startswith("message is not modified")
    assert edited["result"]["poll"]["id"] == quiz.poll_id
    assert "reply_markup" not in edited["result"]
    text = await refused(playground, "editMessageText", **place, text="x")
    assert text == "there is no text in the message to edit"


async def test_polls_flood_and_fail_like_messages(playground: Playground, ann: Person) -> None:
    await playground.enforce_limits()
    answers = [await playground.call("sendPoll", chat_id=ann.id, **QUIZ) for _ in range(4)]
    await playground.enforce_limits(False)
    await playground.fault("sendPoll", when="after")

    assert [answer["ok"] for answer in answers] == [True, True, True, False]
    assert answers[3]["parameters"] == {"retry_after": 1}
    assert (await playground.call("sendPoll", chat_id=ann.id, **QUIZ))["error_code"] == 500
    assert len([message for message in await ann.private.transcript() if message.poll_id]) == 4


async def test_many_who_vote_at_once_are_all_counted(playground: Playground, ann: Person) -> None:
    voters = [await playground.user(f"Voter {number}") for number in range(30)]
    group = await playground.supergroup("Friends", ann, *voters)
    quiz = await send(playground, group.id, **OPEN)

    await asyncio.gather(*(voter.vote(quiz, number % 3) for number, voter in enumerate(voters)))

    assert [option["voter_count"] for option in (await playground.poll(quiz))["options"]] == [10, 10, 10]
    assert len(await told(playground, "poll_answer")) == 30


async def test_the_members_of_a_chat_are_counted(playground: Playground, ann: Person) -> None:
    bob = await playground.user("Bob")
    group = await playground.group("Friends", ann, bob)
    await group.set_status(bob, "left", by=bob)

    assert (await playground.call("getChatMemberCount", chat_id=group.id))["result"] == 2
    assert (await playground.call("getChatMemberCount", chat_id=ann.id))["result"] == 2
    assert await refused(playground, "getChatMemberCount", chat_id=1) == "chat not found"
