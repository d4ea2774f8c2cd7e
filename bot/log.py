"""Logging, set up once: to standard error, as text or as JSON lines."""

import json
import logging
import sys
from collections.abc import Iterable

QUIET = ("httpx", "httpcore", "apscheduler", "aiosqlite", "alembic", "bm25s")  # httpx would log the token with each URL
RETOLD = ("telegram.request.BaseRequest", "telegram.ext", "telegram.ext.Updater")  # with tracebacks; we log one line


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


class Redacted(logging.Formatter):
    """Another formatter's lines without the secrets that a message or a traceback brought in."""

    def __init__(self, inner: logging.Formatter, secrets: Iterable[str]) -> None:
        super().__init__()
        self._inner = inner
        # What is secret of a bot token stands behind its colon, and a URL may hold the colon quoted.
        self._secrets = [secret.rpartition(":")[2] for secret in secrets]

    def format(self, record: logging.LogRecord) -> str:
        line = self._inner.format(record)
        for secret in self._secrets:
            line = line.replace(secret, "<secret>")
        return line


def set_up(level: str, form: str, secrets: Iterable[str] = ()) -> None:
    """Log to standard error at a level (`debug` … `error`) as `text` or `json`."""
    plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacted(JsonLines() if form == "json" else plain, secrets))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    if level != "debug":
        for name in RETOLD:
            logging.getLogger(name).addFilter(_critical)  # a level would count for the loggers beneath too


def _critical(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.CRITICAL
