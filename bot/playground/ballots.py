"""A poll and the votes in it, as the Bot API tells of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.playground.chats import Message, User
from bot.playground.errors import ImpossibleError
from bot.playground.wire import Json

ONLY_IN_MESSAGES = ("description", "description_entities")


@dataclass(slots=True, eq=False)
class Poll:
    """A poll that the bot has sent. `told` is what never changes, `options` their texts and persistent ids."""

    told: Json
    options: Sequence[Json]
    correct: Sequence[int] = ()
    is_closed: bool = False
    votes: dict[int, list[int]] = field(default_factory=dict)
    message: Message = field(init=False)  # which it is sent in
    clock: asyncio.TimerHandle | None = None

    @property
    def id(self) -> str:
        return str(self.told["id"])

    @property
    def is_anonymous(self) -> bool:
        return bool(self.told["is_anonymous"])

    def json(self) -> Json:
        """The poll inside its message, with the votes as they stand."""
        counted = [
            {**option, "voter_count": sum(number in chosen for chosen in self.votes.values())}
            for number, option in enumerate(self.options)
        ]
        told = {**self.told, "options": counted, "total_voter_count": len(self.votes), "is_closed": self.is_closed}
        return {**told, "correct_option_ids": list(self.correct)} if self.told["type"] == "quiz" else told

    def update_json(self) -> Json:
        """The poll as an update brings it."""
        return {name: value for name, value in self.json().items() if name not in ONLY_IN_MESSAGES}

    def vote(self, user: User, choices: Sequence[int | str]) -> list[int]:
        """Count a vote for options by number or text, none to take it back; the numbers of the options."""
        chosen = sorted({self._number(choice) for choice in choices})
        if self.is_closed:
            raise ImpossibleError("the poll is closed")
        if len(chosen) > 1 and not self.told["allows_multiple_answers"]:
            raise ImpossibleError("the poll takes one answer only")
        if user.id in self.votes and not self.told["allows_revoting"]:
            raise ImpossibleError(f"{user.first_name} has voted, and no vote here can be changed")
        if chosen:
            self.votes[user.id] = chosen
        elif self.votes.pop(user.id, None) is None:
            raise ImpossibleError(f"{user.first_name} has no vote to take back")
        return chosen

    def answer_json(self, chosen: Sequence[int], voter: Json) -> Json:
        """A PollAnswer; `voter` names who voted, as a user or as the chat that an administrator hides behind."""
        persistent = [self.options[number]["persistent_id"] for number in chosen]
        return {"poll_id": self.id, **voter, "option_ids": list(chosen), "option_persistent_ids": persistent}

    def stop_clock(self) -> None:
        """Stop waiting for the end of its time."""
        if self.clock is not None:
            self.clock.cancel()
            self.clock = None

    def _number(self, choice: int | str) -> int:
        texts = [option["text"] for option in self.options]
        number = texts.index(choice) if choice in texts else choice
        if not isinstance(number, int) or not 0 <= number < len(texts):
            raise ImpossibleError(f"no option {choice!r} among {texts}")
        return number
