"""The tables. Times are seconds since the epoch (UTC), so that every database compares them alike."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

# What a conversation was last about, so that "and when?" is understood: ids and stems, no messages. Short-lived.
conversations = Table(
    "conversations",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("context", Text, nullable=False),
    Column("updated_at", Float, nullable=False),
    Index("conversations_by_age", "updated_at"),
)

# Answers with buttons: what a press refers to.
answers = Table(
    "answers",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("answer", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Index("answers_by_age", "created_at"),
    Index("answers_by_chat", "chat_id"),
)

# Updates that were handled: Telegram may deliver one twice.
handled_updates = Table(
    "handled_updates",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("handled_at", Float, nullable=False),
    Index("handled_updates_by_age", "handled_at"),
)

# Chats and topics (thread_id 0: none) that get a post each day. One that has ended is remembered for a while.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("thread_id", BigInteger, primary_key=True, autoincrement=False),
    Column("zone", String(64), nullable=False),  # IANA's name
    Column("minute", Integer, nullable=False),  # of the local day
    Column("weekdays", Integer, nullable=False),  # bit 0 is Monday
    Column("silent", Boolean, nullable=False),
    Column("daily_quiz", Boolean, nullable=False),
    Column("next_due", BigInteger, nullable=False),
    Column("ended_at", BigInteger),  # NULL while it goes on
    Column("ended_because", String(16)),
    CheckConstraint("minute BETWEEN 0 AND 1439", name="subscriptions_minute"),
    CheckConstraint("weekdays BETWEEN 1 AND 127", name="subscriptions_weekdays"),
    # What is due is asked for every few seconds, so only what can be due is in this index.
    Index(
        "subscriptions_due",
        "next_due",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    # Without the condition SQLite would look here for what has not ended.
    Index(
        "subscriptions_by_end",
        "ended_at",
        sqlite_where=text("ended_at IS NOT NULL"),
        postgresql_where=text("ended_at IS NOT NULL"),
    ),
)

# What each chat or topic gets on each local date: due -> sending -> sent, uncertain, skipped or failed.
posts = Table(
    "posts",
    metadata,
    # Its own key, so that an attempt's outcome finds the row when the chat has moved to another id meanwhile.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("local_date", Date, nullable=False),
    Column("state", String(10), nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("not_before", BigInteger, nullable=False),  # of the next attempt, while due
    Column("attempts", Integer, nullable=False),
    Column("message_id", BigInteger),
    Column("facts", Text, nullable=False),  # ids of the facts told, as JSON
    Column("updated_at", BigInteger, nullable=False),
    UniqueConstraint("chat_id", "thread_id", "local_date", name="posts_once_a_date"),
    Index("posts_due", "not_before", sqlite_where=text("state = 'due'"), postgresql_where=text("state = 'due'")),
    Index("posts_sending", "id", sqlite_where=text("state = 'sending'"), postgresql_where=text("state = 'sending'")),
    Index("posts_by_date", "local_date"),
)
