"""Who is in charge of a chat: a person in private, administrators in groups and channels; who is in it, how many."""

import asyncio
import logging
import time
from collections.abc import Callable
from enum import Enum

from telegram import (
    Bot,
    Chat,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberOwner,
    ChatMemberRestricted,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, TelegramError

CACHE_SECONDS = 30.0  # for which an administrator who presses button after button is asked for once
MEMBER_SECONDS = 15 * 60.0  # for which somebody who was in a chat is taken to be there still
MOST_CACHED = 1000
MOST_TRIES = 3
TRY_SECONDS = 2.0  # between two of them
CANT_TELL = "I can't find out just now whether you are an administrator here. Please try again in a moment."

log = logging.getLogger(__name__)


class Standing(Enum):
    """How somebody stands to a chat's settings."""

    IN_CHARGE = "in charge"
    ANONYMOUS = "in charge, and hidden behind the group's name"
    MEMBER = "a member like others"
    UNKNOWN = "Telegram doesn't tell"

    @property
    def may_manage(self) -> bool:
        return self in (Standing.IN_CHARGE, Standing.ANONYMOUS)

    @property
    def is_hidden(self) -> bool:
        """Whether they must not be named before the others."""
        return self is Standing.ANONYMOUS


class Rights:
    """Asks Telegram who is an administrator, and remembers a yes for a moment."""

    def __init__(self, bot: Bot, clock: Callable[[], float] = time.monotonic) -> None:
        self._bot = bot
        self._clock = clock
        self._members: dict[tuple[int, int], float] = {}  # with the time until which it counts
        self._known: dict[tuple[int, int], tuple[Standing, float]] = {}  # with the time until which it counts
        self._humans: dict[int, tuple[int, float]] = {}  # of chats, with the time until which it counts

    async def standing(self, update: Update) -> Standing:
        """How whoever sent this update stands to its chat."""
        chat, user = update.effective_chat, update.effective_user
        if chat is None:
            return Standing.UNKNOWN
        if chat.type == Chat.PRIVATE:
            return Standing.IN_CHARGE
        message = update.effective_message if update.callback_query is None else None
        if message is not None and message.sender_chat is not None:
            # An administrator who hides, or a post of the channel itself; else somebody who speaks as their channel.
            return Standing.ANONYMOUS if message.sender_chat.id == chat.id else Standing.MEMBER
        return await self._asked(chat.id, user.id) if user else Standing.UNKNOWN

    async def is_member(self, chat_id: int, user_id: int) -> bool:
        """Whether somebody is in a chat; where Telegram doesn't tell, even when asked again, they are taken for one."""
        if chat_id > 0:
            return chat_id == user_id  # a private chat
        if self._clock() < self._members.get((chat_id, user_id), 0.0):
            return True
        for _ in range(MOST_TRIES):
            try:
                member = await self._bot.get_chat_member(chat_id, user_id)
            except ChatMigrated as moved:
                return await self.is_member(moved.new_chat_id, user_id)
            except BadRequest as error:
                log.info("somebody who answered is unknown in chat %d: %s", chat_id, error.message)
                return False
            except TelegramError as error:
                log.warning("who is in chat %d can't be told: %s", chat_id, error.message)
                await asyncio.sleep(TRY_SECONDS)
            else:
                is_in = member.status not in (ChatMember.LEFT, ChatMember.BANNED)
                if isinstance(member, ChatMemberRestricted):
                    is_in = member.is_member
                if is_in:
                    if len(self._members) >= MOST_CACHED:
                        self._members.clear()
                    self._members[chat_id, user_id] = self._clock() + MEMBER_SECONDS
                return is_in
        return True

    async def humans(self, chat_id: int) -> int | None:
        """How many others are in a chat, other bots among them; None where Telegram doesn't tell."""
        if chat_id > 0:
            return 1
        now = self._clock()
        known, until = self._humans.get(chat_id, (None, 0.0))
        if now < until:
            return known
        try:
            number = await self._bot.get_chat_member_count(chat_id) - 1
        except ChatMigrated as moved:
            return await self.humans(moved.new_chat_id)
        except TelegramError as error:
            log.info("how many are in chat %d can't be told: %s", chat_id, error.message)
            return None
        if len(self._humans) >= MOST_CACHED:
            self._humans.clear()
        self._humans[chat_id] = (number, now + MEMBER_SECONDS)
        return number

    async def _asked(self, chat_id: int, user_id: int) -> Standing:
        now = self._clock()
        known, until = self._known.get((chat_id, user_id), (Standing.UNKNOWN, 0.0))
        if now < until:
            return known
        try:
            standing = _standing(await self._bot.get_chat_member(chat_id, user_id))
        except TelegramError as error:
            log.warning("who is in charge of chat %d can't be told: %s", chat_id, error.message)
            return Standing.UNKNOWN
        if standing.may_manage:
            if len(self._known) >= MOST_CACHED:
                self._known.clear()
            self._known[chat_id, user_id] = (standing, now + CACHE_SECONDS)
        return standing


def _standing(member: ChatMember) -> Standing:
    if not isinstance(member, ChatMemberAdministrator | ChatMemberOwner):
        return Standing.MEMBER
    return Standing.ANONYMOUS if member.is_anonymous else Standing.IN_CHARGE
