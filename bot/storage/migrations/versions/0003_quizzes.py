"""Quizzes: rounds, polls, votes, scores, cards, games in inline messages; reports; a kind for posts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("posts") as posts:
        posts.add_column(sa.Column("kind", sa.String(8), nullable=False, server_default="post"))
        posts.drop_constraint("posts_once_a_date", type_="unique")
        posts.create_unique_constraint("posts_once_a_date", ["chat_id", "thread_id", "local_date", "kind"])
    with op.batch_alter_table("posts") as posts:
        posts.alter_column("kind", server_default=None)
    op.add_column("subscriptions", sa.Column("is_channel", sa.Boolean, nullable=False, server_default=sa.false()))
    _rounds()
    _players()
    _games()
    _reports()


def _rounds() -> None:
    op.create_table(
        "rounds",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger, nullable=False),
        sa.Column("audience", sa.String(8), nullable=False),
        sa.Column("started_by", sa.BigInteger, nullable=False),
        sa.Column("wish", sa.Text, nullable=False),
        sa.Column("questions", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("step_at", sa.Float),
        sa.Column("started_at", sa.Float, nullable=False),
    )
    _index("rounds_one_at_a_place", "rounds", "chat_id", "thread_id", where="state <> 'over'", unique=True)
    _index("rounds_by_step", "rounds", "step_at", where="state <> 'over'")
    op.create_index("rounds_by_age", "rounds", ["started_at"])
    op.create_table(
        "polls",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger, nullable=False),
        sa.Column("purpose", sa.String(8), nullable=False),
        sa.Column("round_id", sa.BigInteger),
        sa.Column("number", sa.Integer),
        sa.Column("local_date", sa.Date),
        sa.Column("fact", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("poll_id", sa.String(64), unique=True),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("asked_at", sa.Float, nullable=False),
        sa.Column("closes_at", sa.Float),
    )
    op.create_index("polls_by_place", "polls", ["chat_id", "thread_id", "asked_at"])
    op.create_index("polls_by_round", "polls", ["round_id", "number"])
    op.create_index("polls_by_age", "polls", ["asked_at"])
    _index("polls_sending", "polls", "id", where="state = 'sending'")
    op.create_table(
        "votes",
        sa.Column("poll", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("option", sa.Integer, nullable=False),
        sa.Column("is_right", sa.Boolean, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("answered_at", sa.Float, nullable=False),
    )
    op.create_index("votes_by_user", "votes", ["user_id", "answered_at"])
    op.create_index("votes_by_age", "votes", ["answered_at"])


def _players() -> None:
    op.create_table(
        "players",
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("is_hidden", sa.Boolean, nullable=False),
        sa.Column("seen_at", sa.Float, nullable=False),
    )
    op.create_index("players_by_age", "players", ["seen_at"])
    op.create_table(
        "scores",
        sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("local_date", sa.Date, primary_key=True),
        sa.Column("answered", sa.Integer, nullable=False),
        sa.Column("right", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("timed", sa.Integer, nullable=False),
        sa.Column("of_day", sa.Boolean),
    )
    op.create_index("scores_by_user", "scores", ["user_id", "local_date"])
    op.create_table(
        "cards",
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("fact", sa.String(255), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("card", sa.Text, nullable=False),
        sa.Column("due_at", sa.Float, nullable=False),
        sa.Column("updated_at", sa.Float, nullable=False),
    )
    op.create_index("cards_due", "cards", ["user_id", "due_at"])
    op.create_index("cards_by_age", "cards", ["updated_at"])


def _games() -> None:
    op.create_table(
        "games",
        sa.Column("inline_message_id", sa.String(128), primary_key=True),
        sa.Column("started_by", sa.BigInteger, nullable=False),
        sa.Column("wish", sa.Text, nullable=False),
        sa.Column("questions", sa.Text, nullable=False),
        sa.Column("earlier", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("opened_at", sa.Float, nullable=False),
        sa.Column("step_at", sa.Float),
        sa.Column("edit_at", sa.Float),
        sa.Column("created_at", sa.Float, nullable=False),
    )
    _index("games_by_step", "games", "step_at", where="step_at IS NOT NULL")
    _index("games_by_edit", "games", "edit_at", where="edit_at IS NOT NULL")
    op.create_index("games_by_age", "games", ["created_at"])
    op.create_table(
        "game_votes",
        sa.Column("inline_message_id", sa.String(128), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("fact", sa.String(255), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("option", sa.Integer, nullable=False),
        sa.Column("is_right", sa.Boolean, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("answered_at", sa.Float, nullable=False),
    )
    op.create_index("game_votes_by_user", "game_votes", ["user_id", "answered_at"])
    op.create_index("game_votes_by_age", "game_votes", ["answered_at"])


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("fact", sa.String(255), primary_key=True),
        sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("about", sa.String(10), nullable=False),
        sa.Column("reported_at", sa.Float, nullable=False),
        sa.Column("settled_at", sa.Float),
        sa.Column("verdict", sa.String(10)),
        sa.Column("told_at", sa.Float),
    )
    op.create_index("reports_by_age", "reports", ["reported_at"])
    op.create_index("reports_by_user", "reports", ["user_id", "reported_at"])
    _index("reports_open", "reports", "reported_at", where="settled_at IS NULL")
    op.create_table(
        "withheld",
        sa.Column("fact", sa.String(255), primary_key=True),
        sa.Column("because", sa.String(10), nullable=False),
        sa.Column("since", sa.Float, nullable=False),
        sa.Column("told_at", sa.Float),
    )


def _index(name: str, table: str, *columns: str, where: str, unique: bool = False) -> None:
    """An index over a part of a table."""
    op.create_index(
        name, table, list(columns), unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )
