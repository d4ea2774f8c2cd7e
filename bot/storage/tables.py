"""The tables. Times are seconds since the epoch (UTC), so that every database compares them alike."""

from sqlalchemy import BigInteger, Column, Float, Index, MetaData, String, Table, Text

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
