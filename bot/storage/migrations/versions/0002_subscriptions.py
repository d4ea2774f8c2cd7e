"""Subscriptions and their posts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("thread_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("minute", sa.Integer, nullable=False),
        sa.Column("weekdays", sa.Integer, nullable=False),
        sa.Column("silent", sa.Boolean, nullable=False),
        sa.Column("daily_quiz", sa.Boolean, nullable=False),
        sa.Column("next_due", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("ended_because", sa.String(16)),
        sa.CheckConstraint("minute BETWEEN 0 AND 1439", name="subscriptions_minute"),
        sa.CheckConstraint("weekdays BETWEEN 1 AND 127", name="subscriptions_weekdays"),
    )
    _partial_index("subscriptions_due", "subscriptions", "next_due", "ended_at IS NULL")
    _partial_index("subscriptions_by_end", "subscriptions", "ended_at", "ended_at IS NOT NULL")
    op.create_table(
        "posts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger, nullable=False),
        sa.Column("local_date", sa.Date, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("not_before", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("chat_id", "thread_id", "local_date", name="posts_once_a_date"),
    )
    _partial_index("posts_due", "posts", "not_before", "state = 'due'")
    _partial_index("posts_sending", "posts", "id", "state = 'sending'")
    op.create_index("posts_by_date", "posts", ["local_date"])


def _partial_index(name: str, table: str, column: str, where: str) -> None:
    op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
