"""`python -m bot.playground`: run the stand-in until it is interrupted."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence

from bot.playground.remote import DEFAULT_TOKEN
from bot.playground.server import serve


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0 after an interrupt, 1 with a sentence when the server can't start."""
    parser = argparse.ArgumentParser(prog="python -m bot.playground", description="A stand-in for Telegram's Bot API.")
    parser.add_argument("--port", type=int, default=8081, help="0 picks a free one (default: %(default)s)")
    parser.add_argument("--token", default=DEFAULT_TOKEN, help="the one bot token that is let in")
    given = parser.parse_args(arguments)
    try:
        asyncio.run(_run(given.port, given.token))
    except (OSError, OverflowError, ValueError) as error:
        sys.stderr.write(f"The playground cannot start: {error}\n")
        return 1
    return 0


async def _run(port: int, token: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with serve(port, token=token) as playground:
        sys.stdout.write(f"{playground.url}\n")
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    sys.exit(main())
