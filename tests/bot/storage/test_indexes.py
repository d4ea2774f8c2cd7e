"""What the clock asks every few seconds never reads a whole table."""

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage import cards, games, players, polls, posts, rounds, scores, subscriptions
from bot.storage.subscriptions import Place
from bot.storage.tables import metadata

MANY = 5000
SCORES = ("scores_pkey", "sqlite_autoindex_scores_1")
QUESTIONS: dict[
    str, tuple[Callable[[AsyncConnection], Awaitable[object]], tuple[str, ...]]
] = {  # and the indexes that will do
    "due subscriptions": (lambda c: subscriptions.due_subscriptions(c, 1000, 10), ("subscriptions_due",)),
    "the next subscription": (subscriptions.earliest_due, ("subscriptions_due",)),
    "due posts": (lambda c: posts.due_posts(c, 1000, 10), ("posts_due",)),
    "the next attempt": (posts.earliest_attempt, ("posts_due",)),
    "what a chat was told": (
        lambda c: posts.told_facts(c, Place(7), dt.date(2025, 1, 1), dt.date(2026, 1, 1)),
        ("posts_once_a_date", "sqlite_autoindex_posts_1"),
    ),
    "which dates had a question": (
        lambda c: posts.question_dates(c, 7),
        ("posts_once_a_date", "sqlite_autoindex_posts_1"),
    ),
    "a question after a post": (lambda c: posts.plan_question(c, 7, 1000), ("posts_pkey", "INTEGER PRIMARY KEY")),
    "a chat's score board": (lambda c: scores.ranked(c, 7, dt.date(2024, 1, 1), 10, 7), SCORES),
    "somebody's figures": (lambda c: scores.total(c, 7, dt.date(2024, 1, 1)), ("scores_by_user",)),
    "who answered which date's question": (lambda c: scores.days_answered(c, 7, [7, 8]), (*SCORES, "scores_by_user")),
    "old scores": (lambda c: scores.forget_of_players_before(c, 1000), ("players_by_age",)),
    "old players": (lambda c: players.forget_before(c, 1000), ("players_by_age",)),
    "ended subscriptions": (lambda c: subscriptions.ended_before(c, 1000), ("subscriptions_by_end",)),
    "attempts without an outcome": (lambda c: posts.park_sending(c, 1000), ("posts_sending",)),
    "due rounds": (lambda c: rounds.due(c, 1000, 10), ("rounds_by_step",)),
    "the next step of a round": (lambda c: rounds.next_step(c, (3, 4)), ("rounds_by_step",)),
    "rounds that go on": (rounds.unfinished, ("rounds_by_step", "rounds_one_at_a_place")),
    "the round at a place": (lambda c: rounds.find_at(c, Place(7)), ("rounds_one_at_a_place",)),
    "questions without an outcome": (polls.park_sending, ("polls_sending",)),
    "a poll": (lambda c: polls.find(c, "t7"), ("polls_poll_id_key", "sqlite_autoindex_polls_1")),
    "a poll's message": (lambda c: polls.find_message(c, 7, 7), ("polls_by_place",)),
    "a round's questions": (lambda c: polls.of_round(c, 7), ("polls_by_round",)),
    "what a chat was asked": (lambda c: polls.seen(c, Place(7), None, 1000), ("polls_by_place",)),
    "cards of people who have long been away": (
        lambda c: cards.forget_before(c, 1000),
        ("cards_by_age",),
    ),
    "games in which something is due": (lambda c: games.due(c, 1000.0), ("games_by_step",)),
    "the next step of a game": (games.next_step, ("games_by_step",)),
    "games to be shown": (games.unshown, ("games_by_edit",)),
    "a game's answers": (
        lambda c: games.votes(c, "message 7", 0),
        ("game_votes_pkey", "sqlite_autoindex_game_votes_1"),
    ),
    "old posts": (lambda c: posts.forget_before(c, dt.date(2020, 1, 1)), ("posts_by_date",)),
}


@pytest.fixture
async def full(engine: AsyncEngine) -> AsyncEngine:
    """A database with many subscriptions and the posts that they got, and many games, nearly all of them over."""
    subscribed = [
        {"chat_id": n, "thread_id": 0, "zone": "UTC", "minute": 0, "weekdays": 127, "silent": False}
        | {"daily_quiz": False, "next_due": 1_000_000 + n, "ended_at": None if n % 10 else 2000 + n}
        for n in range(MANY)
    ]
    posted = [
        {"chat_id": n, "thread_id": 0, "local_date": dt.date(2024, 1, 1) + dt.timedelta(days=n % 700), "kind": "post"}
        | {"state": "sent"}
        | {"due_at": n, "not_before": n, "attempts": 1, "facts": "[]", "updated_at": n}
        for n in range(MANY)
    ]
    rounds_played = [
        {
            "chat_id": n,
            "thread_id": 0,
            "audience": "group",
            "started_by": 1,
            "wish": "{}",
            "questions": "[]",
            "number": 1,
        }
        | {"state": "over" if n % 100 else "running", "step_at": None if n % 100 else n, "started_at": n}
        for n in range(MANY)
    ]
    asked = [
        {"chat_id": n, "thread_id": 0, "purpose": "round", "round_id": n, "number": 1, "fact": "f", "kind": "when"}
        | {"question": "{}", "state": "closed", "poll_id": f"t{n}", "message_id": n, "asked_at": n}
        for n in range(MANY)
    ]
    noted = [{"user_id": n, "name": "Ann", "is_hidden": False, "seen_at": 1_000_000.0 + n} for n in range(MANY)]
    earned = [
        {"chat_id": n % 50, "user_id": n, "local_date": dt.date(2024, 1, 1) + dt.timedelta(days=n % 700)}
        | {"answered": 1, "right": 1, "seconds": 1.0, "timed": 1, "of_day": None}
        for n in range(MANY)
    ]
    learnt = [
        {"user_id": n, "fact": "f", "kind": "when", "card": "{}", "due_at": n, "updated_at": 900 + n}
        for n in range(MANY)
    ]
    played = [
        {"inline_message_id": f"message {n}", "started_by": n, "wish": "{}", "questions": "[]", "earlier": 0}
        | {"number": 1, "state": "open", "opened_at": n, "created_at": n}
        | {"step_at": None if n % 100 else 2000.0 + n, "edit_at": None if n % 100 else 2000.0 + n}
        for n in range(MANY // 5)
    ]
    answered = [
        {"inline_message_id": f"message {n}", "number": 1, "user_id": n, "fact": "a-fact", "kind": "when"}
        | {"option": 0, "is_right": True, "seconds": 1.0, "answered_at": n}
        for n in range(MANY // 5)
    ]
    async with engine.begin() as connection:
        await connection.execute(metadata.tables["rounds"].insert(), rounds_played)
        await connection.execute(metadata.tables["polls"].insert(), asked)
        await connection.execute(metadata.tables["players"].insert(), noted)
        await connection.execute(metadata.tables["scores"].insert(), earned)
        await connection.execute(metadata.tables["cards"].insert(), learnt)
        await connection.execute(metadata.tables["games"].insert(), played)
        await connection.execute(metadata.tables["game_votes"].insert(), answered)
        await connection.execute(metadata.tables["subscriptions"].insert(), subscribed)
        await connection.execute(metadata.tables["posts"].insert(), posted)
    return engine


@pytest.mark.parametrize("analysed", [True, False])
@pytest.mark.parametrize("question", QUESTIONS)
async def test_the_index_is_used(question: str, analysed: bool, full: AsyncEngine) -> None:
    ask, indexes = QUESTIONS[question]
    asked: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, parameters: object, *___: object) -> None:
        asked.append((statement, parameters))

    async with full.begin() as connection:
        if analysed or full.dialect.name == "postgresql":  # which analyses by itself
            await connection.execute(text("ANALYZE"))
        event.listen(full.sync_engine, "before_cursor_execute", note)
        await ask(connection)
        event.remove(full.sync_engine, "before_cursor_execute", note)
        [(statement, parameters)] = asked
        explain = "EXPLAIN QUERY PLAN" if full.dialect.name == "sqlite" else "EXPLAIN"
        plan = str((await connection.exec_driver_sql(f"{explain} {statement}", parameters)).all())

    assert any(index in plan for index in indexes), plan
