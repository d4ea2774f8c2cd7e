"""How the playground says no: to the bot in Telegram's words, to a person plainly."""

from __future__ import annotations

from http import HTTPStatus

from bot.playground.wire import Json


class ApiError(Exception):
    """A refused Bot API call; `answer` is the JSON body that Telegram would send."""

    def __init__(
        self,
        code: int,
        description: str,
        *,
        retry_after: int | None = None,
        migrated_to: int | None = None,
        is_violation: bool = True,
    ) -> None:
        """`is_violation` is False where the bot could not know that it may not."""
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.migrated_to = migrated_to
        self._may_be_violation = is_violation and migrated_to is None

    @property
    def is_violation(self) -> bool:
        """Whether the bot could have known better."""
        return self.code in (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND) and self._may_be_violation

    def answer(self) -> Json:
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        parameters = {"retry_after": self.retry_after, "migrate_to_chat_id": self.migrated_to}
        if known := {name: value for name, value in parameters.items() if value is not None}:
            answer["parameters"] = known
        return answer


class ImpossibleError(Exception):
    """Something that no person could do in the chat as it stands."""


def bad_request(reason: str) -> ApiError:
    return ApiError(HTTPStatus.BAD_REQUEST, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    return ApiError(HTTPStatus.FORBIDDEN, f"Forbidden: {reason}")


def too_many_requests(retry_after: int) -> ApiError:
    return ApiError(
        HTTPStatus.TOO_MANY_REQUESTS, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after
    )
