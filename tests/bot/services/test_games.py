import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.feedback import Feedback
from bot.services.games import (
    GAME_SECONDS,
    NEXT_SECONDS,
    PATIENCE_SECONDS,
    REVEAL_SECONDS,
    SLEEP_SECONDS,
    Declined,
    Done,
    Games,
    Marked,
    Scene,
)
from bot.services.picking import Picker
from bot.services.polls import Polls
from bot.services.subscriptions import Place
from bot.storage.tables import games as table
from bot.storage.tables import players
from knowledge.quiz_wish import Wish
from tests.fakes import Clock
from tests.packs import shipped

MESSAGE, ANN, BOB, CAT = "AQAAAHq1", 11, 12, 13
WISH = Wish(n=3)


@pytest.fixture
def games(engine: AsyncEngine, clock: Clock, feedback: Feedback) -> Games:
    return started(engine, clock, feedback)


def started(engine: AsyncEngine, clock: Clock, feedback: Feedback) -> Games:
    """The games of a bot that has just started."""

    async def today(place: Place) -> object:
        raise AssertionError(f"no poll was sent to {place}")

    polls = Polls(engine, today, clock)  # type: ignore[arg-type]
    return Games(engine, shipped(), Picker(shipped(), polls, feedback), clock)


async def scene(games: Games) -> Scene:
    shown = await games.scene(MESSAGE)
    assert shown is not None
    return shown


async def begun(games: Games, wish: Wish = WISH) -> Scene:
    assert await games.begin(MESSAGE, ANN, wish) == Done()
    return await scene(games)


async def answer(games: Games, user_id: int, *, right: bool) -> Marked | Declined:
    """Somebody answers the question that is on."""
    shown = await scene(games)
    correct = shown.question.correct
    option = correct if right else (correct + 1) % len(shown.question.options)
    return await games.answer(MESSAGE, user_id, f"Player {user_id}", shown.press, option)


async def finished(games: Games) -> Scene:
    """The game when all its questions were revealed and passed."""
    for _ in range((await scene(games)).of):
        press = (await scene(games)).press
        await games.reveal(MESSAGE, ANN, press)
        await games.go_on(MESSAGE, ANN, press)
    return await scene(games)


async def test_who_presses_first_begins_the_game(games: Games) -> None:
    moves = await asyncio.gather(*(games.begin(MESSAGE, user, WISH) for user in (ANN, BOB, CAT)))

    assert sorted(map(str, moves)) == sorted(map(str, [Done(), Declined("begun"), Declined("begun")]))
    shown = await scene(games)
    assert (shown.state, shown.number, shown.of, shown.answered) == ("open", 1, 3, 0)


async def test_an_answer_counts_once(games: Games) -> None:
    shown = await begun(games)

    first = await games.answer(MESSAGE, BOB, "Bob", shown.press, 1)
    second = await games.answer(MESSAGE, BOB, "Bob", shown.press, 2)

    assert first == Marked(shown.question, 1)
    assert second == Marked(shown.question, 1, again=True)
    assert (await scene(games)).answered == 1


async def test_answers_at_the_same_moment_are_all_counted(games: Games) -> None:
    shown = await begun(games)

    pressed = [games.answer(MESSAGE, user % 40, "Somebody", shown.press, user % 2) for user in range(120)]
    told = await asyncio.gather(*pressed)

    assert sum(isinstance(t, Marked) and not t.again for t in told) == 40
    assert sum(isinstance(t, Marked) and t.again for t in told) == 80
    assert (await scene(games)).answered == 40


async def test_the_answer_is_revealed_some_time_after_the_first_one_pressed(games: Games, clock: Clock) -> None:
    await begun(games)
    clock.now += 100
    await answer(games, BOB, right=True)
    clock.now += REVEAL_SECONDS / 2
    await answer(games, CAT, right=False)

    assert await games.step() == clock.now + REVEAL_SECONDS / 2
    still = await scene(games)
    clock.now += REVEAL_SECONDS / 2
    await games.step()

    assert still.state == "open"
    revealed = await scene(games)
    assert (revealed.state, revealed.right, revealed.answered) == ("revealed", 1, 2)
    assert await games.answer(MESSAGE, ANN, "Ann", revealed.press, 0) == Declined("revealed")


async def test_only_who_began_reveals_early(games: Games) -> None:
    shown = await begun(games)

    assert await games.reveal(MESSAGE, BOB, shown.press) == Declined("not yours")
    assert await games.reveal(MESSAGE, ANN, shown.press) == Done()
    assert await games.reveal(MESSAGE, ANN, shown.press) == Declined("revealed")


async def test_others_go_on_after_some_seconds_and_the_game_by_itself_after_more(games: Games, clock: Clock) -> None:
    first = await begun(games)
    await games.reveal(MESSAGE, ANN, first.press)

    too_soon = await games.go_on(MESSAGE, BOB, first.press)
    clock.now += PATIENCE_SECONDS
    in_time = await games.go_on(MESSAGE, BOB, first.press)
    twice = await games.go_on(MESSAGE, CAT, first.press)
    second = await scene(games)
    await games.reveal(MESSAGE, ANN, second.press)
    clock.now += NEXT_SECONDS
    await games.step()

    assert (too_soon, in_time, twice) == (Declined("too soon"), Done(), Declined("over", 2))
    assert (second.number, (await scene(games)).number) == (2, 3)


async def test_a_press_under_an_older_question_is_not_taken_for_the_new_one(games: Games) -> None:
    first = await begun(games)
    await games.reveal(MESSAGE, ANN, first.press)
    await games.go_on(MESSAGE, ANN, first.press)

    assert await games.answer(MESSAGE, BOB, "Bob", first.press, 0) == Declined("over", 2)
    assert (await scene(games)).answered == 0


async def test_a_game_that_nobody_plays_goes_to_sleep_and_wakes_by_a_press(games: Games, clock: Clock) -> None:
    shown = await begun(games)
    clock.now += SLEEP_SECONDS
    assert await games.step() is None
    asleep = await scene(games)

    assert await games.wake(MESSAGE, shown.press) == Done()
    assert await games.wake(MESSAGE, shown.press) == Declined("awake")

    assert (asleep.state, (await scene(games)).state) == ("asleep", "open")


async def test_an_answer_wakes_a_game_too(games: Games, clock: Clock) -> None:
    await begun(games)
    clock.now += SLEEP_SECONDS
    await games.step()

    assert isinstance(await answer(games, BOB, right=True), Marked)

    assert (await scene(games)).state == "open"
    assert await games.step() == clock.now + REVEAL_SECONDS


async def test_the_scores_have_places_by_right_answers_and_then_by_time(
    games: Games, clock: Clock, engine: AsyncEngine
) -> None:
    shown = await begun(games)
    for seconds, user, right in ((5, BOB, True), (5, CAT, True), (1, ANN, False), (1, 14, False)):
        clock.now += seconds
        await answer(games, user, right=right)
    async with engine.begin() as connection:
        await connection.execute(update(players).where(players.c.user_id == CAT).values(is_hidden=True))

    over = await finished(games)

    assert (over.state, shown.number) == ("over", 1)
    assert [(s.place, s.name, s.right) for s in over.scores] == [
        (1, "Player 12", 1),
        (2, None, 1),
        (3, "Player 11", 0),
        (3, "Player 14", 0),
    ]


async def test_a_rematch_asks_other_questions_and_counts_anew(games: Games) -> None:
    await begun(games)
    asked = set()
    for _ in range(3):
        shown = await scene(games)
        asked.add(shown.question.fact)
        await answer(games, BOB, right=True)
        await games.reveal(MESSAGE, ANN, shown.press)
        await games.go_on(MESSAGE, ANN, shown.press)
    last = await scene(games)

    moves = await asyncio.gather(*(games.rematch(MESSAGE, user, last.press) for user in (BOB, CAT)))

    assert sorted(map(str, moves)) == sorted(map(str, [Done(), Declined("begun")]))
    again = await scene(games)
    assert (again.state, again.number, again.press, again.scores) == ("open", 1, last.press + 1, ())
    assert again.question.fact not in asked
    assert await games.answer(MESSAGE, CAT, "Cat", last.press, 0) == Declined("over", 1)


async def test_nobody_is_asked_again_what_they_answered_in_a_game(games: Games) -> None:
    await begun(games, Wish(n=30))
    asked = set()
    for _ in range(30):
        shown = await scene(games)
        asked.add(shown.question.key)
        await answer(games, ANN, right=False)
        await games.reveal(MESSAGE, ANN, shown.press)
        await games.go_on(MESSAGE, ANN, shown.press)

    assert await games.begin("another message", ANN, Wish(n=30)) == Done()

    other = await games.scene("another message")
    assert other is not None
    assert other.question.key not in asked
    assert len(asked) == 30


async def test_a_game_goes_on_after_a_restart(
    games: Games, engine: AsyncEngine, clock: Clock, feedback: Feedback
) -> None:
    shown = await begun(games)
    await answer(games, BOB, right=True)

    later = started(engine, clock, feedback)

    assert await later.unshown() == [MESSAGE]
    assert replace(await scene(later), edit_at=None) == replace(await scene(games), edit_at=None)
    assert await later.answer(MESSAGE, BOB, "Bob", shown.press, 0) == Marked(
        shown.question, shown.question.correct, again=True
    )
    clock.now += REVEAL_SECONDS
    await later.step()
    assert (await scene(later)).state == "revealed"


async def test_what_changes_while_it_is_shown_stays_to_be_shown(games: Games, clock: Clock) -> None:
    shown = await begun(games)
    await answer(games, BOB, right=True)

    await games.shown(MESSAGE, shown.edit_at)
    before = await games.unshown()
    await games.shown(MESSAGE, (await scene(games)).edit_at)

    assert before == [MESSAGE]
    assert await games.unshown() == []
    assert clock.slept == []


async def test_nothing_is_known_of_a_game_after_its_time(games: Games, clock: Clock) -> None:
    shown = await begun(games)
    clock.now += GAME_SECONDS + 1
    await games.forget_old()

    assert await games.answer(MESSAGE, ANN, "Ann", shown.press, 0) == Declined("gone")
    assert await games.rematch(MESSAGE, ANN, shown.press) == Declined("gone")
    assert await games.wake(MESSAGE, shown.press) == Declined("gone")
    assert await games.scene(MESSAGE) is None
    assert await games.question(MESSAGE, 1) is None


async def test_a_forged_option_is_not_counted(games: Games) -> None:
    shown = await begun(games)

    assert await games.answer(MESSAGE, ANN, "Ann", shown.press, 9) == Declined("gone")
    assert (await scene(games)).answered == 0


async def test_what_is_put_aside_is_not_asked(games: Games, feedback: Feedback) -> None:
    about = Wish(n=30, about=("zhukov",))
    offered = games.offers(about)
    feedback.withheld = frozenset(fact for fact, _ in shipped().quiz.prompts)

    assert offered
    assert games.offers(about) == ()
    assert await games.begin(MESSAGE, ANN, about) == Declined("no questions")


async def test_games_are_offered_in_three_lengths_and_about_what_is_known_best(games: Games) -> None:
    offers = games.offers()

    assert [offer.wish.n for offer in offers[:3]] == [5, 3, 10]
    assert {"easy", "hard"} <= {offer.title for offer in offers}
    assert len({offer.wish for offer in offers}) == len(offers) > 5
    assert [offer.wish.n for offer in games.offers(Wish(n=7, year=1941))] == [7, 5, 3, 10]
    assert {offer.title for offer in games.offers(Wish(year=1941))} == {"1941"}


async def test_a_game_that_cant_be_read_ends_alone(
    games: Games, engine: AsyncEngine, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await begun(games)
    await games.begin("another message", ANN, WISH)
    async with engine.begin() as connection:
        await connection.execute(
            update(table).where(table.c.inline_message_id == MESSAGE).values(questions="[]", state="revealed")
        )
        await connection.execute(
            update(table).where(table.c.inline_message_id == MESSAGE).values(questions='[{"of": "another version"}]')
        )
    clock.now += SLEEP_SECONDS

    await games.step()

    assert "another version" in caplog.text
    other = await games.scene("another message")
    assert other is not None
    assert other.state == "asleep"
