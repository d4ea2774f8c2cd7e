from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import games, polls
from bot.storage.games import Game, GameVote

GAME = Game(
    "AQAAAHq1",
    started_by=11,
    wish="{}",
    questions="[]",
    earlier=0,
    number=1,
    state="open",
    opened_at=100.0,
    step_at=700.0,
    edit_at=100.0,
    created_at=100.0,
)
VOTE = GameVote("AQAAAHq1", 1, 12, "a-fact", "when", option=2, is_right=True, seconds=1.5, answered_at=101.5)


async def test_a_message_has_one_game(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        assert await games.keep(connection, GAME)
        assert not await games.keep(connection, replace(GAME, started_by=12))

        assert await games.find(connection, "AQAAAHq1") == GAME
        assert await games.get_locked(connection, "AQAAAHq1") == GAME
        assert await games.find(connection, "another") is None


async def test_a_game_is_kept_as_it_has_become(engine: AsyncEngine) -> None:
    now = replace(GAME, number=2, state="revealed", step_at=None, edit_at=105.25, started_by=12)
    async with engine.begin() as connection:
        await games.keep(connection, GAME)
        await games.change(connection, now)

        assert await games.find(connection, "AQAAAHq1") == now


async def test_a_player_answers_a_question_once(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        assert await games.vote(connection, VOTE)
        assert not await games.vote(connection, replace(VOTE, option=0))
        assert await games.vote(connection, replace(VOTE, user_id=13, answered_at=101.0))
        assert await games.vote(connection, replace(VOTE, number=2))

        assert await games.vote_of(connection, "AQAAAHq1", 1, 12) == VOTE
        assert await games.vote_of(connection, "AQAAAHq1", 1, 14) is None
        assert [v.user_id for v in await games.votes(connection, "AQAAAHq1", 0)][:2] == [13, 12]
        assert [v.number for v in await games.votes(connection, "AQAAAHq1", 1)] == [2]


async def test_what_was_answered_in_games_counts_as_seen(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await games.vote(connection, VOTE)

        assert await polls.seen(connection, None, 12, 0.0) == {("a-fact", "when"): 101.5}
        assert await polls.seen(connection, None, 12, 102.0) == {}
        assert await polls.seen(connection, None, 13, 0.0) == {}


async def test_games_are_due_in_the_order_of_their_time(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        for name, step_at in (("late", 900.0), ("soon", 300.0), ("never", None), ("now", 200.0)):
            await games.keep(connection, replace(GAME, inline_message_id=name, step_at=step_at))

        assert await games.due(connection, 300.0) == ["now", "soon"]
        assert await games.next_step(connection) == 200.0


async def test_an_edit_shows_only_what_had_changed_before_it(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await games.keep(connection, GAME)
        await games.keep(connection, replace(GAME, inline_message_id="earlier", edit_at=50.125))
        assert await games.unshown(connection) == ["earlier", "AQAAAHq1"]

        await games.shown(connection, "AQAAAHq1", 99.0)
        await games.shown(connection, "earlier", 50.125)

        assert await games.unshown(connection) == ["AQAAAHq1"]


async def test_a_stopped_game_does_nothing_by_itself(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await games.keep(connection, GAME)
        await games.stop(connection, "AQAAAHq1")

        assert await games.next_step(connection) is None
        assert await games.unshown(connection) == []


async def test_old_games_and_answers_are_forgotten(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await games.keep(connection, GAME)
        await games.keep(connection, replace(GAME, inline_message_id="newer", created_at=200.0))
        await games.vote(connection, VOTE)
        await games.vote(connection, replace(VOTE, user_id=13, answered_at=200.0))

        await games.forget_before(connection, 200.0, 200.0)

        assert await games.find(connection, "AQAAAHq1") is None
        assert await games.find(connection, "newer") is not None
        assert [v.user_id for v in await games.votes(connection, "AQAAAHq1", 0)] == [13]
