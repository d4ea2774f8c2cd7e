"""The programs under test, run as they are by their users."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.playground import DEFAULT_TOKEN, Person, Playground

ROOT = Path(__file__).parents[2]
START_SECONDS = 20.0
STOP_SECONDS = 20.0


def environment(**settings: str) -> dict[str, str]:
    """This machine's environment with these settings and no others."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FOOTNOTE_", "TELEGRAM_", "PTB_", "COLUMNS")) and "proxy" not in name.lower()
    }
    return {**inherited, "PYTHONPATH": str(ROOT), **settings}


def footnote(
    *arguments: str, cwd: Path, stdin: str | bytes = b"", **settings: str
) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        env=environment(**settings),
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


async def until_refused(playground: Playground, person: Person) -> None:
    """Wait until an answer to somebody was refused, as by a flood."""
    for _ in range(500):
        calls = await playground.calls("sendMessage")
        if any(
            str(call["parameters"]["chat_id"]) == str(person.id) and call["code"] != HTTPStatus.OK for call in calls
        ):
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"no answer to {person} was refused")


class PlaygroundProcess:
    """A playground on a free port."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot.playground", "--port", "0"], env=environment(), stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().decode().strip()
        assert self.url.startswith("http://")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        with self._process:
            self._process.wait(STOP_SECONDS)


class BotProcess:
    """`footnote run` in a folder of its own, which holds its database and its log; it can be started again there."""

    def __init__(self, folder: Path, telegram: str, **settings: str) -> None:
        self.log_file = folder / "bot.log"
        self._folder = folder
        self._settings = {
            "TELEGRAM_BOT_TOKEN": DEFAULT_TOKEN,
            "FOOTNOTE_TELEGRAM_API": telegram,
            "FOOTNOTE_DATABASE": f"sqlite+aiosqlite:///{folder}/footnote.db",
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self.stop(signal.SIGKILL)

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8") if self.log_file.exists() else ""

    def start(self) -> None:
        """Start, and wait until it answers."""
        starts = self.log.count("answering as")
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=self._folder,
                env=environment(**self._settings),
                stdout=log,
                stderr=log,
            )
        self.wait_for_log("answering as", times=starts + 1, seconds=START_SECONDS)

    def wait_for_log(self, pattern: str, *, times: int = 1, seconds: float = STOP_SECONDS) -> None:
        """Wait until a pattern stands in the log so many times."""
        assert self._process is not None
        deadline = time.monotonic() + seconds
        while len(re.findall(pattern, self.log)) < times:
            assert self._process.poll() is None, f"the bot has ended:\n{self.log}"
            assert time.monotonic() < deadline, f"no {pattern!r} in the log:\n{self.log}"
            time.sleep(0.02)

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def wait(self, seconds: float = STOP_SECONDS) -> int:
        """Wait for its end; the exit status."""
        assert self._process is not None
        status = self._process.wait(seconds)
        self._process = None
        return status

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit status."""
        self.send(number)
        return self.wait()
