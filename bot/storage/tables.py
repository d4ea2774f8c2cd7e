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
    Column("is_channel", Boolean, nullable=False, server_default=text("false")),
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

# What each chat or topic gets on each local date, a post or a question: due -> sending -> sent, uncertain, skipped or
# failed.
posts = Table(
    "posts",
    metadata,
    # Its own key, so that an attempt's outcome finds the row when the chat has moved to another id meanwhile.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("local_date", Date, nullable=False),
    Column("kind", String(8), nullable=False),  # "post" or "question"
    Column("state", String(10), nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("not_before", BigInteger, nullable=False),  # of the next attempt, while due
    Column("attempts", Integer, nullable=False),
    Column("message_id", BigInteger),
    Column("facts", Text, nullable=False),  # ids of the facts told, as JSON
    Column("updated_at", BigInteger, nullable=False),
    UniqueConstraint("chat_id", "thread_id", "local_date", "kind", name="posts_once_a_date"),
    Index("posts_due", "not_before", sqlite_where=text("state = 'due'"), postgresql_where=text("state = 'due'")),
    Index("posts_sending", "id", sqlite_where=text("state = 'sending'"), postgresql_where=text("state = 'sending'")),
    Index("posts_by_date", "local_date"),
)

# Runs of questions in a chat or topic, one at a time there: running -> ending -> over.
rounds = Table(
    "rounds",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("audience", String(8), nullable=False),  # "private", "group" or "channel"
    Column("started_by", BigInteger, nullable=False),
    Column("wish", Text, nullable=False),  # what was asked for, as JSON, for "play again"
    Column("questions", Text, nullable=False),  # as JSON, in their order
    Column("number", Integer, nullable=False),  # of the question that was asked last, from 1; 0 before the first
    Column("state", String(8), nullable=False),
    Column("step_at", Float),  # when there is something to do next; NULL while it is done, and once the round is over
    Column("started_at", Float, nullable=False),
    Index(
        "rounds_one_at_a_place",
        "chat_id",
        "thread_id",
        unique=True,
        sqlite_where=text("state <> 'over'"),
        postgresql_where=text("state <> 'over'"),
    ),
    Index("rounds_by_step", "step_at", sqlite_where=text("state <> 'over'"), postgresql_where=text("state <> 'over'")),
    Index("rounds_by_age", "started_at"),
)

# Questions that went to chats as polls: sending -> open -> closed or skipped, or uncertain or failed. Kept for as long
# as none shall come again.
polls = Table(
    "polls",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("purpose", String(8), nullable=False),  # "round", "day" or "review"
    Column("round_id", BigInteger),
    Column("number", Integer),  # in its round, from 1
    Column("local_date", Date),  # of the question of a day
    Column("fact", String(255), nullable=False),
    Column("kind", String(16), nullable=False),  # of the question
    Column("question", Text, nullable=False),  # as JSON
    Column("state", String(10), nullable=False),
    Column("poll_id", String(64), unique=True),  # Telegram's
    Column("message_id", BigInteger),
    Column("asked_at", Float, nullable=False),
    Column("closes_at", Float),
    Index("polls_by_place", "chat_id", "thread_id", "asked_at"),
    Index("polls_by_round", "round_id", "number"),
    Index("polls_by_age", "asked_at"),
    Index("polls_sending", "id", sqlite_where=text("state = 'sending'"), postgresql_where=text("state = 'sending'")),
)

# Who answered what, once per player and poll.
votes = Table(
    "votes",
    metadata,
    Column("poll", BigInteger, primary_key=True, autoincrement=False),  # polls.id
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("option", Integer, nullable=False),
    Column("is_right", Boolean, nullable=False),
    Column("seconds", Float, nullable=False),  # from the question to the answer
    Column("answered_at", Float, nullable=False),
    Index("votes_by_user", "user_id", "answered_at"),
    Index("votes_by_age", "answered_at"),
)

# People who played lately, as score boards name them.
players = Table(
    "players",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(64), nullable=False),
    Column("is_hidden", Boolean, nullable=False),  # shown as "a player"
    Column("seen_at", Float, nullable=False),
    Index("players_by_age", "seen_at"),
)

# What players earned in a chat on a date (the chat's own).
scores = Table(
    "scores",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("local_date", Date, primary_key=True),
    Column("answered", Integer, nullable=False),
    Column("right", Integer, nullable=False),
    Column("seconds", Float, nullable=False),  # that right answers took in all, where time counts
    Column("timed", Integer, nullable=False),  # how many answers these are
    Column("of_day", Boolean),  # whether this date's question was answered rightly; NULL where it was not answered
    Index("scores_by_user", "user_id", "local_date"),
)

# What somebody answered wrongly and may review: one card per question.
cards = Table(
    "cards",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("fact", String(255), primary_key=True),
    Column("kind", String(16), primary_key=True),  # of the question
    Column("card", Text, nullable=False),  # fsrs's, as JSON
    Column("due_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
    Index("cards_due", "user_id", "due_at"),
    Index("cards_by_age", "updated_at"),
)

# Games in messages that were sent inline, the last one of each: open -> revealed -> open ... -> over; and asleep.
games = Table(
    "games",
    metadata,
    Column("inline_message_id", String(128), primary_key=True),
    Column("started_by", BigInteger, nullable=False),
    Column("wish", Text, nullable=False),  # as JSON
    Column("questions", Text, nullable=False),  # as JSON
    Column("earlier", Integer, nullable=False),  # questions of games that were played in this message before
    Column("number", Integer, nullable=False),  # of the question that is on, counted on from these
    Column("state", String(10), nullable=False),
    Column("opened_at", Float, nullable=False),  # when that question was
    Column("step_at", Float),  # when there is something to do next by itself; NULL where only a press goes on
    Column("edit_at", Float),  # since when the message shows what is no longer so; NULL where it shows what is
    Column("created_at", Float, nullable=False),
    Index(
        "games_by_step",
        "step_at",
        sqlite_where=text("step_at IS NOT NULL"),
        postgresql_where=text("step_at IS NOT NULL"),
    ),
    Index(
        "games_by_edit",
        "edit_at",
        sqlite_where=text("edit_at IS NOT NULL"),
        postgresql_where=text("edit_at IS NOT NULL"),
    ),
    Index("games_by_age", "created_at"),
)

# Who pressed what in them, once per player and question.
game_votes = Table(
    "game_votes",
    metadata,
    Column("inline_message_id", String(128), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("fact", String(255), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("option", Integer, nullable=False),
    Column("is_right", Boolean, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("answered_at", Float, nullable=False),
    Index("game_votes_by_user", "user_id", "answered_at"),
    Index("game_votes_by_age", "answered_at"),
)

# What users say is wrong, once per user and fact.
reports = Table(
    "reports",
    metadata,
    Column("fact", String(255), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("about", String(10), nullable=False),  # "question" or "answer"
    Column("reported_at", Float, nullable=False),
    Column("settled_at", Float),  # NULL while it is open
    Column("verdict", String(10)),  # "right" or "unfounded", once it is settled
    Column("told_at", Float),  # when the user was told of it, or the attempt was made
    Index("reports_by_age", "reported_at"),
    Index("reports_by_user", "user_id", "reported_at"),
    Index(
        "reports_open",
        "reported_at",
        sqlite_where=text("settled_at IS NULL"),
        postgresql_where=text("settled_at IS NULL"),
    ),
)

# Facts that are put aside: neither asked nor posted.
withheld = Table(
    "withheld",
    metadata,
    Column("fact", String(255), primary_key=True),
    Column("because", String(10), nullable=False),  # "reports" or "owner"
    Column("since", Float, nullable=False),
    Column("told_at", Float),  # when the owners were told of it, or the attempt was made
)
