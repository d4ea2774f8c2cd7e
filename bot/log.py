"""Logging, set up once: to standard error, as text or as JSON lines."""

import json
import logging
import sys
from typing import Any

QUIET = ("httpx", "httpcore", "apscheduler", "aiosqlite", "alembic")  # httpx would log the token with each URL


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


class Redacted(logging.Filter):
    """Takes a secret out of whatever is logged, tracebacks included."""

    def __init__(self, secret: str) -> None:
        super().__init__()
        self._secret = secret

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if self._secret in message:
            record.msg, record.args = message.replace(self._secret, "<secret>"), ()
        if record.exc_info and self._secret in logging.Formatter().formatException(record.exc_info):
            record.exc_text = logging.Formatter().formatException(record.exc_info).replace(self._secret, "<secret>")
            record.exc_info = None
        return True


def set_up(level: str, form: str, secrets: tuple[str, ...] = ()) -> None:
    """Log to standard error at a level (`debug` … `error`) as `text` or `json`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonLines() if form == "json" else logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    )
    for secret in secrets:
        handler.addFilter(Redacted(secret))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
