"""Wrong answers from another day, put where the bot finds them: what a quiz leaves behind."""

import asyncio
from collections.abc import Iterable

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import polls
from bot.storage.database import reading
from bot.storage.polls import Poll, Vote
from bot.storage.tables import game_votes
from knowledge.quiz import Question

GROUP = -100_77
_QUESTION = TypeAdapter(Question)


async def in_a_round(
    engine: AsyncEngine, user_id: int, questions: Iterable[Question], at: float, *, is_right: bool = False
) -> None:
    """Somebody answered these in a group's round from a moment on, one a second, ten seconds after it was asked."""
    async with engine.begin() as connection:
        for n, question in enumerate(questions):
            asked_at = at + n
            text = _QUESTION.dump_json(question).decode()
            kept = await polls.keep(connection, Poll(GROUP, 0, "round", *question.key, text, asked_at, 1, 1))
            await polls.opened(connection, kept, f"old {kept}", kept, asked_at, None)
            option = question.correct if is_right else (question.correct + 1) % len(question.options)
            assert await polls.vote(connection, Vote(kept, user_id, option, is_right, 10.0, asked_at + 10))


async def in_a_game(engine: AsyncEngine, user_id: int, question: Question, at: float) -> None:
    """Somebody got this wrong in a game in a message."""
    async with engine.begin() as connection:
        number = len((await connection.execute(select(game_votes.c.number))).all()) + 1
        vote = {"inline_message_id": "game", "number": number, "user_id": user_id, "option": 0, "is_right": False}
        which = {"fact": question.fact, "kind": question.kind, "seconds": 3.0, "answered_at": at}
        await connection.execute(game_votes.insert().values(vote | which))


async def until_recorded(engine: AsyncEngine, poll_id: str) -> None:
    """Wait until the bot has taken note that a question arrived: from then on a kill loses nothing of it."""
    for _ in range(500):
        async with reading(engine) as connection:
            if await polls.find(connection, poll_id):
                return
        await asyncio.sleep(0.01)
    raise AssertionError("the bot took no note of the question")
