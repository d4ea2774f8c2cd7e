import json
import logging
from collections.abc import Iterator

import pytest

from bot import log

TOKEN = "123456:AAbb-ccDD_eeFF"


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """Leaves the logging of the test run as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def fail_with(secret: str) -> None:
    raise ValueError(f"no answer from https://api.telegram.org/bot{secret}/getMe")


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_token_never_reaches_the_log(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up("debug", form, [TOKEN])
    logger = logging.getLogger("bot.anything")

    logger.info("polling %s", f"https://api.telegram.org/bot{TOKEN}/getUpdates")
    logger.info("quoted: %s", TOKEN.replace(":", "%3A"))
    try:
        fail_with(TOKEN)
    except ValueError:
        logger.exception("it failed with %r", TOKEN)

    written = capsys.readouterr().err
    assert "AAbb" not in written
    assert written.count("<secret>") >= 4
    assert "fail_with" in written


def test_json_lines_hold_time_level_logger_message_and_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up("info", "json", [TOKEN])
    logger = logging.getLogger("bot.anything")

    logger.info("“%s” and\na line break", "quotes")
    try:
        fail_with(TOKEN)
    except ValueError:
        logger.exception("failed")

    written = capsys.readouterr().err
    first, second = (json.loads(line) for line in written.splitlines())
    assert first.keys() == {"time", "level", "logger", "message"}
    assert (first["level"], first["logger"]) == ("info", "bot.anything")
    assert first["message"] == "“quotes” and\na line break"
    assert second["exception"].startswith("Traceback")


def test_only_what_is_grave_enough_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up("warning", "text")

    logging.getLogger("bot").info("quiet")
    logging.getLogger("bot").warning("loud")

    written = capsys.readouterr().err
    assert "quiet" not in written
    assert "WARNING bot: loud" in written


def test_libraries_that_log_each_request_are_kept_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    log.set_up("debug", "text")

    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot…")

    written = capsys.readouterr().err
    assert not written
