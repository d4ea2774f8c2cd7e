import asyncio
from itertools import count

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.services.chats import Chats
from bot.services.daily import Daily
from bot.services.feedback import Feedback
from bot.services.library import Library
from bot.services.picking import Picker
from bot.services.polls import KEPT_SECONDS, Place, Polls
from bot.services.rounds import (
    ALONE_SECONDS,
    CHANNEL_SECONDS,
    LONGER_SECONDS,
    READY_SECONDS,
    RESTART_SECONDS,
    RESULT_SECONDS,
    SECONDS,
    STALE_SECONDS,
    Ask,
    Audience,
    Begun,
    Board,
    Cut,
    NoQuestions,
    Rounds,
    Running,
)
from bot.services.subscriptions import Ended, Subscriptions
from knowledge.quiz_wish import Wish
from tests.fakes import Clock

GROUP, CHANNEL = Place(-5), Place(-9)
ANN, BOB, CID = 7_000_000_001, 7_000_000_002, 7_000_000_003
MANY = 100  # people in a group


class Player:
    """Takes a round's steps as the conductor does, and answers its questions."""

    def __init__(self, rounds: Rounds, polls: Polls, clock: Clock) -> None:
        self._rounds, self._polls, self._clock = rounds, polls, clock
        self._messages = count(100)
        self.asked: list[Ask] = []

    async def start(self, wish: Wish, place: Place = GROUP, audience: Audience = "group") -> int:
        begun = await self._rounds.start(place, audience, ANN, wish, ANN)
        assert isinstance(begun, Begun)
        return begun.id

    async def due(self, round_id: int) -> Ask | Board | None:
        """What is to be done next, when its time has come."""
        moment = await self._rounds.next_moment()
        assert moment is not None
        self._clock.now = max(self._clock.now, moment)
        return await self._rounds.step(round_id)

    async def next(self, round_id: int) -> Ask:
        """The next question, sent."""
        step = await self.due(round_id)
        assert isinstance(step, Ask)
        await self.send(step)
        return step

    async def send(self, step: Ask) -> None:
        ours = await self.begin(step)
        message_id = next(self._messages)
        await self._polls.sent(ours, f"t{message_id}", message_id, step.open_seconds)
        assert await self._rounds.asked(step) is None
        self.asked.append(step)

    async def begin(self, step: Ask) -> int:
        """An attempt, without an outcome yet."""
        assert await self._rounds.claim(step)
        return await self._polls.begin(step.place, step.question, "round", round_id=step.round_id, number=step.position)

    async def answer(
        self, user_id: int, is_right: bool = True, humans: int | None = MANY, seconds: float = 2.0
    ) -> bool:
        """Somebody answers the newest question; whether it counts."""
        self._clock.now += seconds
        running = await self._rounds.running(self.asked[-1].place)
        assert running is not None
        assert running.message_id is not None
        asked = await self._polls.of(f"t{running.message_id}")
        assert asked is not None
        option = asked.question.correct if is_right else (asked.question.correct + 1) % 2
        voted = await self._polls.vote(asked, user_id, f"Player {user_id % 10}", option)
        await self._rounds.voted(running.id, humans)
        return voted is not None

    async def board(self, round_id: int) -> Board:
        """How it went, shown."""
        board = await self.due(round_id)
        assert isinstance(board, Board)
        assert await self._rounds.claim(board)
        await self._rounds.finish(round_id)
        return board

    @property
    def waits(self) -> "asyncio.Future[float]":
        async def waits() -> float:
            moment = await self._rounds.next_moment()
            assert moment is not None
            return moment - self._clock.now

        return asyncio.ensure_future(waits())


@pytest.fixture
def player(rounds: Rounds, polls: Polls, clock: Clock) -> Player:
    return Player(rounds, polls, clock)


async def test_a_round_asks_as_many_questions_as_wished_then_shows_its_board(player: Player, rounds: Rounds) -> None:
    round_id = await player.start(Wish(3))
    for number in (1, 2, 3):
        step = await player.next(round_id)
        assert (step.number, step.total, step.place, step.audience) == (number, 3, GROUP, "group")
        await player.answer(ANN)
        await player.answer(BOB, is_right=number > 1)
    board = await player.board(round_id)

    assert len({step.question.key for step in player.asked}) == 3
    assert (board.asked, board.total, board.is_quiet) == (3, 3, False)
    assert [(x.place, x.name, x.right, x.seconds, x.streak) for x in board.lines] == [
        (1, "Player 1", 3, 2.0, 3),
        (2, "Player 2", 2, 4.0, 2),
    ]
    assert await rounds.running(GROUP) is None
    assert await rounds.due(10) == []
    assert await rounds.next_moment() is None


async def test_its_first_question_comes_when_people_are_ready_and_in_private_at_once(player: Player) -> None:
    await player.start(Wish(3))
    assert await player.waits == READY_SECONDS

    await player.start(Wish(3), Place(ANN), "private")
    assert await player.waits == 0


async def test_a_question_has_its_time_and_a_moment_for_its_result(player: Player) -> None:
    round_id = await player.start(Wish(2, "easy"))
    step = await player.next(round_id)

    assert step.open_seconds == SECONDS["easy"]
    assert await player.waits == SECONDS["easy"] + RESULT_SECONDS
    second = await player.due(round_id)
    assert isinstance(second, Ask)
    assert second.close is None  # it has closed by itself


async def test_in_private_the_next_one_comes_when_the_player_has_answered(player: Player) -> None:
    round_id = await player.start(Wish(2), Place(ANN), "private")
    step = await player.next(round_id)
    assert step.open_seconds == ALONE_SECONDS

    await player.answer(ANN, humans=1)

    assert await player.waits == RESULT_SECONDS
    following = await player.due(round_id)
    assert isinstance(following, Ask)
    assert following.close is None  # nobody else could answer it


async def test_in_a_group_it_comes_when_all_who_play_have_answered(player: Player) -> None:
    round_id = await player.start(Wish(4, "easy"))
    await player.next(round_id)
    await player.answer(ANN)
    await player.answer(BOB)
    assert await player.waits > RESULT_SECONDS  # who else will play isn't known yet
    await player.next(round_id)
    await player.answer(ANN)
    assert await player.waits > RESULT_SECONDS
    await player.answer(BOB)
    assert await player.waits == RESULT_SECONDS

    step = await player.due(round_id)

    assert isinstance(step, Ask)
    assert step.close is not None  # else somebody might answer it too late


async def test_who_has_answered_nothing_lately_is_not_waited_for(player: Player) -> None:
    round_id = await player.start(Wish(5, "easy"))
    for players in ((ANN, BOB, CID), (ANN, BOB), (ANN, BOB)):
        await player.next(round_id)
        for user_id in players:
            await player.answer(user_id)
        assert await player.waits > RESULT_SECONDS
    await player.next(round_id)
    await player.answer(ANN)
    await player.answer(BOB)

    assert await player.waits == RESULT_SECONDS


async def test_one_player_alone_does_not_hurry_a_large_group_but_everybody_hurries_a_small_one(player: Player) -> None:
    round_id = await player.start(Wish(3, "easy"))
    for _ in range(2):
        await player.next(round_id)
        await player.answer(ANN)
        assert await player.waits > RESULT_SECONDS
    await player.next(round_id)
    await player.answer(ANN, humans=1)

    assert await player.waits == RESULT_SECONDS


async def test_second_and_late_answers_do_not_count(player: Player, polls: Polls) -> None:
    round_id = await player.start(Wish(2))
    await player.next(round_id)
    first = await polls.of("t100")
    assert first is not None
    assert await player.answer(ANN, is_right=False)
    assert not await player.answer(ANN)
    await player.next(round_id)

    assert await polls.vote(first, BOB, "Bob", first.question.correct) is None
    board_step = await player.board(round_id)

    assert [(x.name, x.right) for x in board_step.lines] == [("Player 1", 0)]


async def test_many_answers_at_once_move_a_round_on_once(player: Player, rounds: Rounds, polls: Polls) -> None:
    round_id = await player.start(Wish(2))
    await player.next(round_id)
    asked = await polls.of("t100")
    assert asked is not None

    async def answer(user_id: int) -> None:
        await polls.vote(asked, user_id, "Somebody", asked.question.correct)
        await rounds.voted(round_id, 64)

    await asyncio.gather(*(answer(ANN + n) for n in range(64)))

    assert await player.waits == RESULT_SECONDS
    await player.next(round_id)
    assert len((await player.board(round_id)).lines) == 64


# One at a time, wishes


async def test_a_place_has_one_round_at_a_time_and_a_topic_its_own(player: Player, rounds: Rounds) -> None:
    round_id = await player.start(Wish(3))
    assert await rounds.start(GROUP, "group", BOB, Wish()) == Running(round_id, ANN, 0, 3, None, is_ending=False)
    await player.next(round_id)

    again = await rounds.start(GROUP, "group", BOB, Wish())

    assert again == Running(round_id, ANN, 1, 3, 100, is_ending=False)
    assert isinstance(await rounds.start(Place(-5, 7), "group", BOB, Wish()), Begun)


async def test_of_many_starts_at_once_one_begins(rounds: Rounds) -> None:
    started = await asyncio.gather(*(rounds.start(GROUP, "group", ANN + n, Wish()) for n in range(8)))

    assert sorted(type(found).__name__ for found in started) == ["Begun", *["Running"] * 7]


async def test_where_there_is_little_a_round_is_shorter_and_says_so(rounds: Rounds) -> None:
    begun = await rounds.start(GROUP, "group", ANN, Wish(30, "hard", about=("zhukov",)))

    assert isinstance(begun, Begun)
    assert begun.is_short
    assert 0 < begun.total < 30


async def test_a_wish_that_nothing_fits_begins_nothing(rounds: Rounds) -> None:
    famine = Wish(about=("great-famine",))

    assert await rounds.start(GROUP, "group", ANN, famine) == NoQuestions(famine, is_grave=True)
    assert await rounds.start(GROUP, "group", ANN, Wish(year=1789)) == NoQuestions(Wish(year=1789), is_grave=False)
    assert await rounds.running(GROUP) is None


async def test_what_a_round_was_asked_for_is_known_where_it_was_played(player: Player, rounds: Rounds) -> None:
    round_id = await player.start(Wish(3, "hard"))

    assert await rounds.wish_of(round_id, GROUP) == Wish(3, "hard")
    assert await rounds.wish_of(round_id, Place(-6)) is None
    assert await rounds.wish_of(round_id + 1, GROUP) is None


# Skipping, stopping, silence


async def test_a_skipped_question_is_over_and_counts_only_if_somebody_had_answered(
    player: Player, rounds: Rounds
) -> None:
    round_id = await player.start(Wish(3))
    await player.next(round_id)
    assert await rounds.skip(round_id, 2) is None
    assert await rounds.skip(round_id, 1) == Cut(100)
    assert await rounds.skip(round_id, 1) is None
    assert await player.waits == RESULT_SECONDS
    assert not await player.answer(ANN)
    for number in (2, 3):
        assert (await player.next(round_id)).number == number
        await player.answer(ANN)
    await rounds.skip(round_id, 3)

    board = await player.board(round_id)

    assert (board.asked, board.total) == (2, 3)
    assert [(x.right, x.streak) for x in board.lines] == [(2, 2)]


async def test_a_stopped_round_shows_what_there_is(player: Player, rounds: Rounds) -> None:
    round_id = await player.start(Wish(5))
    await player.next(round_id)
    await player.answer(ANN)
    await player.next(round_id)

    assert await rounds.stop(round_id) == Cut(101)
    assert await rounds.stop(round_id) is None
    assert await rounds.skip(round_id, 2) is None
    ending = await rounds.start(GROUP, "group", BOB, Wish())
    board = await player.board(round_id)

    assert isinstance(ending, Running)
    assert ending.is_ending
    assert (board.asked, board.is_quiet, [x.right for x in board.lines]) == (1, False, [1])


async def test_a_round_that_is_stopped_while_its_question_is_sent_closes_it(
    player: Player, rounds: Rounds, polls: Polls
) -> None:
    round_id = await player.start(Wish(5))
    step = await player.due(round_id)
    assert isinstance(step, Ask)
    ours = await player.begin(step)

    assert await rounds.stop(round_id) == Cut(None)
    await polls.sent(ours, "t1", 7, 30)

    assert await rounds.asked(step) == 7
    assert (await player.board(round_id)).asked == 0


async def test_a_round_that_is_stopped_before_its_turn_sends_nothing(player: Player, rounds: Rounds) -> None:
    round_id = await player.start(Wish(5))
    step = await player.due(round_id)
    assert isinstance(step, Ask)

    await rounds.stop(round_id)

    assert not await rounds.claim(step)
    assert (await player.board(round_id)).lines == ()


async def test_two_questions_that_nobody_answers_end_a_round(player: Player) -> None:
    places: list[tuple[Place, Audience]] = [(GROUP, "group"), (Place(ANN), "private")]
    for place, audience in places:
        round_id = await player.start(Wish(5), place, audience)
        await player.next(round_id)
        await player.answer(ANN)
        await player.next(round_id)
        await player.next(round_id)

        board = await player.board(round_id)

        assert (board.asked, board.is_quiet) == (3, True)


async def test_skipped_questions_are_no_silence(player: Player, rounds: Rounds) -> None:
    round_id = await player.start(Wish(4))
    for number in (1, 2, 3):
        await player.next(round_id)
        await rounds.skip(round_id, number)

    assert (await player.next(round_id)).number == 4


async def test_in_a_channel_questions_stay_open_and_silence_means_nothing(player: Player, rounds: Rounds) -> None:
    round_id = await player.start(Wish(3), CHANNEL, "channel")
    for _ in range(3):
        step = await player.next(round_id)
        assert step.close is None
        assert await player.waits == CHANNEL_SECONDS + RESULT_SECONDS
        assert step.open_seconds > CHANNEL_SECONDS
    assert await rounds.skip(round_id, 3) == Cut(None)

    board = await player.board(round_id)

    assert (board.asked, board.lines, board.is_quiet, board.close) == (3, (), False, None)


# What goes wrong


async def test_a_question_that_may_have_arrived_is_replaced_by_another(
    player: Player, rounds: Rounds, polls: Polls
) -> None:
    round_id = await player.start(Wish(2))
    lost = await player.due(round_id)
    assert isinstance(lost, Ask)
    await polls.not_sent(await player.begin(lost), is_certain=False)
    await rounds.lost(lost)

    first, second = await player.next(round_id), await player.next(round_id)

    assert len({lost.question.key, first.question.key, second.question.key}) == 3
    assert (first.number, first.position, second.number) == (1, 2, 2)


async def test_where_too_many_get_lost_a_round_ends_with_what_arrived(
    player: Player, rounds: Rounds, polls: Polls
) -> None:
    round_id = await player.start(Wish(2))
    await player.next(round_id)
    while isinstance(step := await player.due(round_id), Ask):
        await polls.not_sent(await player.begin(step), is_certain=False)
        await rounds.lost(step)

    assert isinstance(step, Board)
    assert step.asked == 1


async def test_a_question_that_did_not_arrive_is_asked_later(player: Player, rounds: Rounds, polls: Polls) -> None:
    round_id = await player.start(Wish(2))
    step = await player.due(round_id)
    assert isinstance(step, Ask)
    await polls.not_sent(await player.begin(step), is_certain=True)
    await rounds.postpone(step, 17)

    assert await player.waits == 17
    again = await player.next(round_id)

    assert again == step


async def test_a_board_that_did_not_arrive_is_shown_later(player: Player, rounds: Rounds) -> None:
    round_id = await player.start(Wish(1))
    await rounds.stop(round_id)
    board = await player.due(round_id)
    assert isinstance(board, Board)
    assert await rounds.claim(board)
    assert not await rounds.claim(board)
    await rounds.postpone(board, 9)

    assert await player.waits == 9
    assert await player.board(round_id) == board


async def test_a_claim_is_given_once(player: Player, rounds: Rounds) -> None:
    round_id = await player.start(Wish(2))
    step = await player.due(round_id)
    assert isinstance(step, Ask)

    claims = await asyncio.gather(*(rounds.claim(step) for _ in range(5)))

    assert sum(claims) == 1
    assert await rounds.due(10) == []


async def test_a_step_whose_end_nobody_knows_is_followed_by_another(player: Player, rounds: Rounds) -> None:
    round_id = await player.start(Wish(2))
    step = await player.due(round_id)
    assert isinstance(step, Ask)
    await rounds.claim(step)

    await rounds.resume(round_id)

    following = await player.next(round_id)
    assert following.question.key != step.question.key
    await rounds.stop(round_id)
    board = await player.due(round_id)
    assert isinstance(board, Board)
    await rounds.claim(board)
    await rounds.resume(round_id)
    assert await rounds.running(GROUP) is None


# What is kept for other times


@pytest.mark.parametrize("left", [0, 5])
async def test_questions_of_coming_days_come_only_where_there_are_no_others(
    left: int, engine: AsyncEngine, picker: Picker, shipped: Library, clock: Clock
) -> None:
    free = {question.fact for question in shipped.quiz.questions(seed=1, n=left, kinds=["when"])}

    async def reserved(_: Place) -> frozenset[str]:
        return frozenset(shipped.index.facts) - free

    begun = await Rounds(engine, picker, reserved, clock).start(GROUP, "group", ANN, Wish(30))

    assert isinstance(begun, Begun)
    assert (begun.total < 30) == bool(left)


# Restarts


@pytest.fixture
def restarted(engine: AsyncEngine, picker: Picker, daily: Daily, clock: Clock) -> Rounds:
    """The service as it comes up again."""
    return Rounds(engine, picker, daily.reserved, clock)


async def test_an_open_question_keeps_its_time_over_a_restart(
    player: Player, restarted: Rounds, polls: Polls, clock: Clock
) -> None:
    round_id = await player.start(Wish(2, "hard"))
    await player.next(round_id)
    clock.now += 10

    await polls.recover()
    await restarted.recover()

    assert await player.waits == SECONDS["hard"] - 10 + RESULT_SECONDS
    assert await player.answer(ANN)


async def test_answers_that_telegram_kept_come_before_the_next_question(
    player: Player, restarted: Rounds, polls: Polls, clock: Clock
) -> None:
    round_id = await player.start(Wish(2, "easy"))
    await player.next(round_id)
    clock.now += 600

    await polls.recover()
    await restarted.recover()

    assert await player.waits == RESTART_SECONDS
    assert await player.answer(ANN)
    await player.next(round_id)
    assert [x.right for x in (await player.board(round_id)).lines] == [1]


async def test_a_question_that_was_just_sent_keeps_its_time_too(
    player: Player, restarted: Rounds, polls: Polls
) -> None:
    round_id = await player.start(Wish(2, "easy"))
    step = await player.due(round_id)
    assert isinstance(step, Ask)
    await polls.sent(await player.begin(step), "t1", 7, step.open_seconds)

    await polls.recover()
    await restarted.recover()

    assert await player.waits == SECONDS["easy"] + RESULT_SECONDS


async def test_a_question_cut_short_by_a_stop_of_the_bot_is_replaced(
    player: Player, restarted: Rounds, polls: Polls
) -> None:
    round_id = await player.start(Wish(2))
    step = await player.due(round_id)
    assert isinstance(step, Ask)
    await player.begin(step)

    await polls.recover()
    await restarted.recover()

    assert await player.waits == RESTART_SECONDS
    following = await player.next(round_id)
    assert following.question.key != step.question.key
    assert following.number == 1


async def test_a_board_cut_short_is_not_repeated_and_one_that_waited_is_shown(
    player: Player, rounds: Rounds, restarted: Rounds
) -> None:
    cut, waiting = await player.start(Wish(1)), await player.start(Wish(1), Place(-6))
    for round_id in (cut, waiting):
        await rounds.stop(round_id)
    board = await player.due(cut)
    assert isinstance(board, Board)
    await rounds.claim(board)

    await restarted.recover()

    assert await restarted.running(GROUP) is None
    assert (await player.board(waiting)).place == Place(-6)


async def test_a_round_that_stood_still_for_long_ends(
    player: Player, restarted: Rounds, polls: Polls, clock: Clock
) -> None:
    round_id = await player.start(Wish(5))
    await player.next(round_id)
    await player.answer(ANN)
    clock.now += STALE_SECONDS + 60

    await polls.recover()
    await restarted.recover()

    assert (await player.board(round_id)).asked == 1


# Chats


@pytest.fixture
def chats(engine: AsyncEngine, subscriptions: Subscriptions) -> Chats:
    return Chats(engine, subscriptions)


async def test_a_round_goes_on_where_its_group_has_moved(player: Player, chats: Chats, rounds: Rounds) -> None:
    round_id = await player.start(Wish(2))
    await player.next(round_id)
    due = await player.due(round_id)
    assert isinstance(due, Ask)

    await chats.moved(-5, -100)

    assert not await rounds.claim(due)
    step = await player.next(round_id)
    assert step.place == Place(-100)
    await player.answer(ANN)
    assert [x.right for x in (await player.board(round_id)).lines] == [1]


async def test_a_round_ends_quietly_where_the_bot_was_removed(player: Player, chats: Chats, rounds: Rounds) -> None:
    round_id = await player.start(Wish(2))
    in_topic = await player.start(Wish(2), Place(-5, 3))
    await player.next(round_id)

    await chats.lost(-5, Ended.TOPIC_GONE, 3)
    assert await rounds.step(in_topic) is None
    await chats.lost(-5, Ended.REMOVED)

    assert await rounds.next_moment() is None
    assert await rounds.running(GROUP) is None


async def test_old_rounds_are_forgotten(player: Player, rounds: Rounds, clock: Clock) -> None:
    round_id = await player.start(Wish(1))
    clock.now += KEPT_SECONDS + 1
    await rounds.forget_old()
    assert await rounds.wish_of(round_id, GROUP) is not None
    clock.now += LONGER_SECONDS

    await rounds.forget_old()

    assert await rounds.wish_of(round_id, GROUP) is None


async def test_a_fact_that_is_put_aside_meanwhile_is_not_asked(
    player: Player, rounds: Rounds, feedback: Feedback
) -> None:
    round_id = await player.start(Wish(2))
    first = await player.due(round_id)
    assert isinstance(first, Ask)
    feedback.withheld = frozenset([first.question.fact])

    assert await rounds.step(round_id) != first
    asked = [await player.next(round_id), await player.next(round_id)]

    assert first.question.fact not in {step.question.fact for step in asked}
    assert [step.number for step in asked] == [1, 2]
