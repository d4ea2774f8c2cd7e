"""Games over HTTP, with the real bot. Its messages are edited every three seconds at most, so these take their time."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground import InlineMessage, Message, Person, Playground
from handlers.buttons import TOO_OLD
from handlers.games import DECLINED
from handlers.render_games import LETTERS
from handlers.reports import ANSWERS
from tests.bot.inline_games import EDIT_SECONDS, begin, counted, play
from tests.bot.processes import BotProcess, PlaygroundProcess
from tests.packs import SHIPPED, shipped

BOT_SETTINGS = {"FOOTNOTE_PACKS": str(SHIPPED)}


@contextlib.asynccontextmanager
async def of_its_own() -> AsyncIterator[Playground]:
    """A playground for a bot of one test."""
    with PlaygroundProcess() as process:
        async with Playground.connect(process.url) as playground:
            yield playground


@pytest.fixture
async def ann(playground: Playground, ann: Person) -> Person:
    await playground.inline_mode()
    return ann


async def alert(person: Person, message: InlineMessage, text: str | None = None, *, data: str | None = None) -> str:
    """What somebody alone is told when they press a button."""
    answer = await (await person.press(message, text, data=data)).answer()
    assert answer.text == "" or answer.show_alert
    assert len(answer.text) <= 200
    return answer.text


async def then(message: InlineMessage, pattern: str) -> Message:
    return await message.expect(pattern, timeout=EDIT_SECONDS)


def right_and_wrong(shown: Message) -> tuple[str, str]:
    """The letters of the right option and of a wrong one, of the question that a message shows."""
    _, question, options, *_ = shown.text.split("\n\n")
    told = [line[3:] for line in options.splitlines()]
    prompts = [prompt for of in shipped().quiz.prompts.values() for prompt in of]
    right = next(p.right for p in prompts if p.text == question and p.right in told)
    letters = LETTERS[: len(told)]
    return letters[told.index(right)], next(letter for letter in letters if letter != letters[told.index(right)])


@pytest.mark.usefixtures("bot")
async def test_a_game_from_its_beginning_to_its_rematch(ann: Person, bob: Person) -> None:
    message = await begin(ann, "quiz 2 1941")
    first = await message.now()
    assert first.text.startswith("Question 1 of 2 · 1941\n\n")
    assert first.buttons == [*LETTERS[: len(first.buttons) - 2], "Reveal", "Report"]
    right, wrong = right_and_wrong(first)

    assert (await alert(ann, message, right)).startswith("Right!\n")
    told = await alert(bob, message, wrong)
    assert told.startswith(f"Not quite: it was {right}, ")
    assert "¹ " in told
    assert (await alert(bob, message, right)).startswith(f"You have answered already: {wrong}.")
    counting = await then(message, "2 players have answered.")
    assert "✓" not in counting.text
    assert "¹" not in counting.text

    assert await alert(bob, message, "Reveal") == DECLINED["not yours"]
    assert await alert(ann, message, "Reveal") == ""
    revealed = await then(message, "1 of 2 got it right.")
    assert f"✓ {right}. " in revealed.text
    assert "¹ " in revealed.text
    assert revealed.buttons == ["Next", "Report"]

    assert await alert(bob, message, "Next") == DECLINED["too soon"]
    assert await alert(ann, message, "Next") == ""
    await then(message, "Question 2 of 2")
    await alert(ann, message, "Reveal")
    assert (await then(message, "Nobody answered.")).buttons == ["Scores", "Report"]
    await alert(ann, message, "Scores")
    over = await then(message, "The scores · 2 questions · 1941")
    assert "1. Ann: 1 of 2 in " in over.text
    assert "2. Bob: 0 of 2" in over.text
    assert over.buttons == ["Rematch", "Report the last question"]

    assert await alert(bob, message, "Rematch") == ""
    again = await then(message, "Question 1 of 2 · 1941")
    assert again.text.split("\n\n")[1] != first.text.split("\n\n")[1]
    assert await alert(ann, message, "Reveal") == DECLINED["not yours"]


@pytest.mark.usefixtures("bot")
async def test_old_buttons_explain_themselves(playground: Playground, ann: Person, bob: Person) -> None:
    message = await begin(ann, "quiz 2")
    await alert(ann, message, "Reveal")
    await then(message, "Nobody answered.")
    await alert(ann, message, "Next")
    await then(message, "Question 2 of 2")

    for data, told in {
        "g:a:1:0": DECLINED["over"].format(number=2),
        "g:r:1": DECLINED["over"].format(number=2),
        "g:n:1": DECLINED["over"].format(number=2),
        "g:w:1": DECLINED["awake"],
        "g:m:2": DECLINED["begun"],
        "g:b:2:::": DECLINED["begun"],
        "g:a:2:9": DECLINED["gone"].format(username="footnote_bot"),
        "g:a:2": TOO_OLD,
        "g:x:2": TOO_OLD,
        "s:AAAAAAAAAAAA": TOO_OLD,
    }.items():
        keyboard = {"inline_keyboard": [[{"text": "Press me", "callback_data": data}]]}
        await playground.call("editMessageText", inline_message_id=message.id, text=data, reply_markup=keyboard)
        said = await alert(bob, message, "Press me")
        assert said.split("@")[0] == told.split("@")[0], data


@pytest.mark.usefixtures("bot")
async def test_two_who_press_at_the_same_moment_both_count(ann: Person, bob: Person) -> None:
    message = await begin(ann, "quiz 1")

    told = await asyncio.gather(alert(ann, message, "A"), alert(bob, message, "A"), alert(bob, message, "B"))

    assert sum("already" in text for text in told) == 1
    assert "2 players have answered." in (await then(message, "2 players")).text


@pytest.mark.usefixtures("bot")
async def test_who_begins_together_gets_one_game(ann: Person, bob: Person) -> None:
    message = await (await ann.inline("quiz Zhukov")).choose(0)
    offered = await message.now()
    assert offered.text.startswith("A quiz · 5 questions · Georgy Zhukov")

    told = await asyncio.gather(alert(ann, message, "Begin"), alert(bob, message, "Begin"))

    assert sorted(told) == ["", DECLINED["begun"]]
    await then(message, "Question 1 of 5")


@pytest.mark.usefixtures("bot")
async def test_a_question_can_be_reported(ann: Person, bob: Person) -> None:
    message = await begin(ann, "quiz 1")
    await alert(ann, message, "Reveal")
    await then(message, "Nobody answered.")

    assert await alert(bob, message, "Report") in ANSWERS.values()
    assert "before" in await alert(bob, message, "Report")


@pytest.mark.usefixtures("bot")
async def test_a_game_can_be_played_where_the_bot_is_a_member(playground: Playground, ann: Person, bob: Person) -> None:
    group = await playground.group("Friends", ann, bob)
    message = await (await ann.inline("quiz 3 easy", chat_type="group")).choose(0, into=group)

    assert await alert(bob, message, "Begin") == ""
    await then(message, "Question 1 of 3 · easy")
    assert await alert(ann, message, "A") != ""


async def test_a_game_goes_on_after_a_kill(tmp_path: Path) -> None:
    async with of_its_own() as playground:
        await playground.inline_mode()
        ann, bob = await playground.user("Ann"), await playground.user("Bob")
        with BotProcess(tmp_path, playground.url, FOOTNOTE_PACKS=str(SHIPPED)) as bot:
            message = await begin(ann, "quiz 2")
            await alert(ann, message, "A")
            bot.stop(signal.SIGKILL)
            late = await bob.press(message, "A")
            bot.start()
            answer = await late.answer(timeout=EDIT_SECONDS)
            assert answer.show_alert
            assert "already" in await alert(ann, message, "B")
            await then(message, "2 players have answered.")
            await alert(ann, message, "Reveal")
            bot.stop(signal.SIGKILL)
            bot.start()
            await then(message, "of 2 got it right")
            assert await alert(ann, message, "Next") == ""
            await then(message, "Question 2 of 2")
            assert counted(tmp_path) == 2
            assert bot.stop() == 0
            assert "Traceback" not in bot.log
        await playground.assert_no_violations()


async def test_many_press_at_once_and_all_are_counted(tmp_path: Path) -> None:
    async with of_its_own() as playground:
        played = await play(playground, tmp_path, players=12, presses=60, questions=1)
        await playground.assert_no_violations()

    assert (played.presses, played.counted, played.due) == (60, 12, 12)
    assert played.answers["You have answered already"] == 48
    assert played.edits_a_minute <= 20
    assert played.closest >= 3
    assert played.refused == 0
