"""Everything that sends: within Telegram's limits, never again what may have arrived, each failure logged."""

import asyncio
import datetime as dt
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import httpx
from sqlalchemy.exc import SQLAlchemyError
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardMarkup,
    InlineQueryResult,
    InlineQueryResultsButton,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatAction, ParseMode, PollType
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.pacing import Key, Pacing, TooBusyError
from bot.services.subscriptions import Ended

MOST_TRIES = 4  # of an answer; a post has its own hours
LONGEST_WAIT = 60.0  # seconds; an answer later than that is of no use
SPINNER_SECONDS = 10.0  # that somebody may look at the spinner on a button
BROADCAST_PATIENCE = 3.0  # seconds for which a post waits in line for its own chat; later ones come back later
LONGEST_BACKOFF = 60.0  # seconds between attempts while Telegram fails
EDITS_REMEMBERED = 1000  # messages, some kilobytes each
FAILING = 3  # failures on end, over all chats, after which broadcasts wait

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

# What Telegram says where nothing can be sent any more, and what that means. Found in its descriptions, which have
# changed their spelling before; where nothing fits, a refusal is one message's and ends nothing.
ENDS = (
    ("bot was blocked by the user", Ended.BLOCKED),
    ("user is deactivated", Ended.CHAT_GONE),
    ("chat not found", Ended.CHAT_GONE),
    ("was deleted", Ended.CHAT_GONE),
    ("bot can't initiate conversation", Ended.BLOCKED),
    ("bot was kicked", Ended.REMOVED),
    ("bot is not a member", Ended.REMOVED),
    ("not enough rights to send text messages", Ended.NO_RIGHTS),
    ("have no rights to send a message", Ended.NO_RIGHTS),
    ("need administrator rights in the channel", Ended.NO_RIGHTS),
    ("chat_write_forbidden", Ended.NO_RIGHTS),
    ("chat_restricted", Ended.NO_RIGHTS),
    ("message thread not found", Ended.TOPIC_GONE),
    ("topic_closed", Ended.TOPIC_GONE),
    ("topic_deleted", Ended.TOPIC_GONE),
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class QuizPoll:
    """A quiz question as Telegram shows it; the limits of its texts are the quiz's."""

    question: str
    options: tuple[str, ...]
    correct: int  # the right option's place, from 0
    explanation: str
    seconds: int | None = None  # until it closes by itself, 5 to 2,628,000; None: never
    is_anonymous: bool = False  # in channels it has to be; who answered is then not told


@dataclass(frozen=True)
class Sent:
    """It arrived; `message_id` is None where Telegram names none, `poll_id` where it is no poll."""

    message_id: int | None
    poll_id: str | None = None


@dataclass(frozen=True)
class Refused:
    """It did not arrive and never will; `ended` says why nothing else will either."""

    reason: str  # Telegram's words
    ended: Ended | None = None

    @property
    def gone(self) -> bool:
        """Whether nothing more can be sent there."""
        return self.ended is not None


@dataclass(frozen=True)
class Uncertain:
    """It may have arrived; sending it again could double it."""


@dataclass(frozen=True)
class Later:
    """It certainly did not arrive, but may after so many seconds."""

    seconds: float
    reason: str


@dataclass(frozen=True)
class Moved:
    """It did not arrive, since the group has another id now."""

    chat_id: int


Outcome: TypeAlias = Sent | Refused | Uncertain | Later
PostOutcome: TypeAlias = Outcome | Moved
Content: TypeAlias = tuple[str, InlineKeyboardMarkup | None]  # of a message: HTML and its buttons


class Chats(Protocol):
    """Whom to tell what sending brings to light."""

    async def moved(self, old: int, new: int) -> None:
        """A group has another id."""

    async def lost(self, chat_id: int, because: Ended, thread_id: int | None = None) -> None:
        """Nothing more can be sent to a chat, or to one topic of it."""


class Delivery:
    """Sends for the whole bot."""

    def __init__(
        self,
        bot: Bot,
        chats: Chats,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._bot = bot
        self._chats = chats
        self._sleep = sleep
        self._chance = chance
        self._pacing = Pacing(clock, sleep)
        self._edited: dict[tuple[int, int], tuple[str, InlineKeyboardMarkup | None]] = {}  # what they show, newest last
        self._failures = 0  # on end
        self._flooded_chat: Key | None = None  # the last one

    @property
    def username(self) -> str | None:
        """The bot's name in links to it; None before it has asked Telegram who it is."""
        try:
            return self._bot.username
        except RuntimeError:
            return None

    async def reply(
        self,
        chat_id: int,
        html: str,
        keyboard: InlineKeyboardMarkup | ForceReply | None = None,
        *,
        thread_id: int | None = None,
        reply_to: int | None = None,
    ) -> Outcome:
        """Send a person one message; anything but Sent has been logged."""

        async def call(chat: int) -> Message:
            return await self._bot.send_message(
                chat,
                html,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                message_thread_id=thread_id,
                reply_parameters=_reply_to(reply_to),
                link_preview_options=NO_PREVIEW,
            )

        return await self._deliver(chat_id, thread_id, "a message", call)

    async def photo(
        self,
        chat_id: int,
        picture: bytes,
        html: str,
        keyboard: InlineKeyboardMarkup | None = None,
        *,
        thread_id: int | None = None,
        reply_to: int | None = None,
    ) -> Outcome:
        """Send a person a PNG with a caption; anything but Sent has been logged."""

        async def call(chat: int) -> Message:
            return await self._bot.send_photo(
                chat,
                InputFile(picture, "picture.png"),
                html,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                message_thread_id=thread_id,
                reply_parameters=_reply_to(reply_to),
            )

        return await self._deliver(chat_id, thread_id, "a picture", call)

    async def edit(
        self, chat_id: int, message_id: int, html: str, keyboard: InlineKeyboardMarkup | None = None
    ) -> Outcome:
        """Put something else in the place of a message's text and buttons; Sent too where it said the same before.

        Who presses a button twice asks for the same again; Telegram, which calls that a mistake, isn't asked.
        """
        place, wanted = (chat_id, message_id), (html, keyboard)
        if self._edited.get(place) == wanted:
            return Sent(message_id)

        async def call(chat: int) -> Message | bool:
            return await self._bot.edit_message_text(
                html,
                chat,
                message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                link_preview_options=NO_PREVIEW,
            )

        outcome = await self._deliver(chat_id, None, "an edit", call)
        self._edited.pop(place, None)
        if isinstance(outcome, Sent):
            self._edited[place] = wanted
            if len(self._edited) > EDITS_REMEMBERED:
                del self._edited[next(iter(self._edited))]
        return outcome

    async def edit_inline(
        self, inline_message_id: str, content: Callable[[], Awaitable[Content | None]]
    ) -> Outcome | None:
        """One attempt to put something else into a message that was sent inline.

        `content` is awaited when its turn has come, so that the newest is shown; None where it gives nothing.
        """
        html, keyboard = "", None

        async def claim() -> bool:
            nonlocal html, keyboard
            newest = await content()
            html, keyboard = newest or (html, keyboard)
            return newest is not None

        async def call() -> Message | bool:
            return await self._bot.edit_message_text(
                html,
                inline_message_id=inline_message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                link_preview_options=NO_PREVIEW,
            )

        outcome = await self._once(inline_message_id, call, urgent=True, claim=claim)
        if isinstance(outcome, Moved):  # which Telegram says of chats only
            outcome = Refused("the message has moved")
        if not isinstance(outcome, Later | None):
            self._log("an edit of a message that was sent inline", outcome)
        return outcome

    async def answer_query(
        self,
        query_id: str,
        results: Sequence[InlineQueryResult],
        *,
        cache_seconds: int,
        is_personal: bool = False,
        next_offset: str = "",
        button: InlineQueryResultsButton | None = None,
    ) -> bool:
        """Answer what somebody types after the bot's name. Telegram sets no limit to these.

        A failure is passed over: who types on asks again, and the older question is then refused.
        """
        try:
            await self._bot.answer_inline_query(
                query_id, results, cache_seconds, is_personal, next_offset, button=button
            )
        except TelegramError as error:
            log.info("an answer to an inline query was refused or got lost: %s", error.message)
            return False
        return True

    async def answer_press(self, query_id: str, text: str | None = None, *, alert: bool = False) -> bool:
        """Answer a button press, so that its spinner stops. Telegram sets no limit to these."""
        try:
            try:
                await self._bot.answer_callback_query(query_id, text, show_alert=alert or None)
            except RetryAfter as error:
                if _seconds(error) > SPINNER_SECONDS:
                    raise
                await self._sleep(_seconds(error))
                await self._bot.answer_callback_query(query_id, text, show_alert=alert or None)
        except TelegramError as error:
            log.warning("an answer to a button was refused or got lost: %s", error.message)
            return False
        return True

    async def show_work(self, chat_id: int, action: ChatAction, thread_id: int | None = None) -> None:
        """Let a chat see for some seconds that the bot is at work. It matters little, so a failure is passed over."""
        try:
            await self._bot.send_chat_action(chat_id, action, message_thread_id=thread_id)
        except TelegramError as error:
            log.debug("chat %d doesn't see that the bot is at work: %s", chat_id, error.message)

    async def post(
        self,
        chat_id: int,
        thread_id: int | None,
        html: str,
        keyboard: InlineKeyboardMarkup | None = None,
        *,
        silent: bool,
        urgent: bool = False,
        claim: Callable[[], Awaitable[bool]],
    ) -> PostOutcome | None:
        """One attempt to send a post, after all answers that wait, or among them where it is urgent.

        `claim` is awaited when its turn has come, right before the attempt; None where it says no.
        """

        async def call(chat: int) -> Message:
            return await self._bot.send_message(
                chat,
                html,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                message_thread_id=thread_id,
                disable_notification=silent or None,
                link_preview_options=NO_PREVIEW,
            )

        return await self._attempt(chat_id, thread_id, "a post", call, urgent=urgent, claim=claim)

    async def poll(
        self,
        chat_id: int,
        thread_id: int | None,
        poll: QuizPoll,
        keyboard: InlineKeyboardMarkup | None = None,
        *,
        silent: bool = False,
        urgent: bool = True,
        claim: Callable[[], Awaitable[bool]],
    ) -> PostOutcome | None:
        """One attempt to send a question, claimed like a post; before all posts that wait where it is urgent."""

        async def call(chat: int) -> Message:
            return await self._bot.send_poll(
                chat,
                poll.question,
                poll.options,
                is_anonymous=poll.is_anonymous,
                type=PollType.QUIZ,
                correct_option_ids=[poll.correct],  # type: ignore[list-item]  # which wants literal numbers
                explanation=poll.explanation,
                open_period=poll.seconds,
                reply_markup=keyboard,
                message_thread_id=thread_id,
                disable_notification=silent or None,
            )

        return await self._attempt(chat_id, thread_id, "a question", call, urgent=urgent, claim=claim)

    async def stop_poll(self, chat_id: int, message_id: int, keyboard: InlineKeyboardMarkup | None = None) -> Outcome:
        """Close a question, so that everybody sees the right answer; Sent too where it has closed by itself."""

        async def call(chat: int) -> bool:
            try:
                await self._bot.stop_poll(chat, message_id, keyboard)
            except BadRequest as error:
                if "poll has already been closed" not in error.message.lower():
                    raise
            return True

        return await self._deliver(chat_id, None, "the end of a question", call)

    async def close(self) -> None:
        """Give up what waits for its turn."""
        await self._pacing.close()

    async def _attempt(
        self,
        chat_id: int,
        thread_id: int | None,
        what: str,
        call: Callable[[int], Awaitable[Message | bool]],
        *,
        urgent: bool,
        claim: Callable[[], Awaitable[bool]],
    ) -> PostOutcome | None:
        """Send something once; what follows from another outcome is for whoever keeps its record."""
        outcome = await self._once(chat_id, lambda: call(chat_id), urgent=urgent, claim=claim)
        if not isinstance(outcome, Sent | Later | None):
            self._log(f"{what} to chat {chat_id}", outcome)
        await self._tell_of_end(chat_id, thread_id, outcome)
        return outcome

    async def _deliver(
        self,
        chat_id: int,
        thread_id: int | None,
        what: str,
        call: Callable[[int], Awaitable[Message | bool]],
    ) -> Outcome:
        """Send an answer, in several attempts where it certainly has not arrived."""
        to, outcome = f"{what} to chat {chat_id}", None
        for attempt in range(MOST_TRIES):
            chat = chat_id
            outcome = await self._once(chat, lambda chat=chat: call(chat), urgent=True)  # type: ignore[misc]
            if isinstance(outcome, Moved):
                await self._tell(self._chats.moved(chat_id, outcome.chat_id))
                chat_id = outcome.chat_id
            elif not isinstance(outcome, Later) or outcome.seconds > LONGEST_WAIT:
                break
            elif attempt + 1 < MOST_TRIES and not self._pacing.is_paused(chat):
                await self._sleep(self._backoff(attempt))
        assert outcome is not None  # noqa: S101 - None is for claims
        if isinstance(outcome, Moved):
            outcome = Refused("the group moves and moves")
        self._log(to, outcome)
        await self._tell_of_end(chat_id, thread_id, outcome)
        return outcome

    async def _once(
        self,
        key: Key,
        call: Callable[[], Awaitable[Message | bool]],
        *,
        urgent: bool,
        claim: Callable[[], Awaitable[bool]] | None = None,
    ) -> PostOutcome | None:
        try:
            turn = await self._pacing.turn(key, urgent=urgent, patience=LONGEST_WAIT if urgent else BROADCAST_PATIENCE)
        except TooBusyError as busy:
            return Later(busy.seconds, str(busy))
        try:
            if claim is not None and not await claim():
                return None
            turn.begin()
            return await self._judged(key, call)
        finally:
            turn.end()

    async def _judged(self, key: Key, call: Callable[[], Awaitable[Message | bool]]) -> PostOutcome:
        """Make the call and say what its end means."""
        try:
            result = await call()
        except RetryAfter as error:
            return self._flooded(key, _seconds(error))
        except ChatMigrated as error:
            return Moved(error.new_chat_id)
        except (Forbidden, BadRequest) as error:
            if "message is not modified" in error.message.lower():
                return Sent(None)
            return Refused(error.message, _ended(error.message))
        except NetworkError as error:
            return Uncertain() if _may_have_arrived(error) else self._failed(error.message)
        except (InvalidToken, Conflict) as error:
            return self._failed(error.message)
        except TelegramError:
            return Uncertain()  # an answer that can't be read
        self._failures = 0
        if not isinstance(result, Message):
            return Sent(None)
        return Sent(result.message_id, result.poll.id if result.poll else None)

    def _flooded(self, key: Key, seconds: float) -> Later:
        """Telegram wants silence. It doesn't say of whom: the chat's, or everybody's once a second chat hears so."""
        if self._flooded_chat not in (None, key) and self._pacing.is_paused(self._flooded_chat):
            self._pacing.pause(None, seconds)
        self._flooded_chat = key
        self._pacing.pause(key, seconds)
        return Later(seconds, f"Telegram wants {seconds:.0f} s of silence")

    def _failed(self, reason: str) -> Later:
        """Telegram, or the way there, fails; when many calls on end did, broadcasts wait."""
        self._failures += 1
        seconds = self._backoff(self._failures - 1)
        if self._failures >= FAILING:
            self._pacing.pause_broadcasts(seconds)
        return Later(seconds, reason)

    def _backoff(self, failures: int) -> float:
        """Seconds until the next attempt: doubled each time, and uneven, so that not all come back at once."""
        return float(min(2.0 ** min(failures, 10), LONGEST_BACKOFF)) * (0.5 + self._chance() / 2)

    async def _tell_of_end(self, chat_id: int, thread_id: int | None, outcome: PostOutcome | None) -> None:
        if isinstance(outcome, Refused) and outcome.ended is not None:
            of_topic = outcome.ended is Ended.TOPIC_GONE
            await self._tell(self._chats.lost(chat_id, outcome.ended, (thread_id or 0) if of_topic else None))

    async def _tell(self, telling: Awaitable[None]) -> None:
        try:
            await telling
        except SQLAlchemyError as error:
            log.error("what a chat has become could not be kept: %s", error)  # noqa: TRY400 - one line is enough

    def _log(self, what: str, outcome: PostOutcome) -> None:
        match outcome:
            case Refused(reason):
                log.warning("%s was refused: %s", what, reason)
            case Uncertain():
                log.warning("%s may have arrived, but that is not known; it is not repeated", what)
            case Later(_, reason):
                log.warning("%s was given up: %s", what, reason)
            case Moved(chat_id):
                log.info("%s goes to %d from now on", what, chat_id)


def _may_have_arrived(error: NetworkError) -> bool:
    """Whether an attempt failed after something of it was written, and nobody knows what became of it."""
    cause = error.__cause__
    if isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return False
    # Without a cause it is an answer of Telegram's, or of a gateway before it (with one that could not be read).
    answered = cause is None or isinstance(cause, TelegramError)
    return isinstance(error, TimedOut) or not answered


def _ended(reason: str) -> Ended | None:
    said = reason.lower()
    return next((ended for words, ended in ENDS if words in said), None)


def _reply_to(message_id: int | None) -> ReplyParameters | None:
    return ReplyParameters(message_id, allow_sending_without_reply=True) if message_id else None


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after  # a timedelta where PTB_TIMEDELTA is set, as bot.app does
    return wait.total_seconds() if isinstance(wait, dt.timedelta) else float(wait)
