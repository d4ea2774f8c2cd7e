"""Plays a dialogue with the bot on another, stricter stand-in for the Bot API.

`python tests/bot/against_botapi.py DIR`, where DIR holds that stand-in: a package with a `driver` module, and an
`api.json`. It needs aiohttp. The bot runs as a process, is killed in between, and must break none of the rules that the
stand-in checks.
"""

import argparse
import asyncio
import importlib
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bot.dialogues import days, inline, questions, talk
from tests.bot.dialogues.speaking import running
from tests.packs import LIGHTHOUSE, SHIPPED


async def play(folder: Path) -> None:
    """All dialogues, then the verdict."""
    sys.path.insert(0, str(folder.parent))
    driver = importlib.import_module(f"{folder.name}.driver")
    small = {"FOOTNOTE_PACKS": str(LIGHTHOUSE), "FOOTNOTE_DOCUMENTS": str(LIGHTHOUSE / "documents")}
    whole = {"FOOTNOTE_PACKS": str(SHIPPED)}  # it has questions
    async with driver.launch(str(folder / "api.json")) as telegram:
        with tempfile.TemporaryDirectory() as scratch:
            async with running(telegram, Path(scratch), **small) as bot:
                await talk.in_private(telegram, bot)
                await talk.in_a_group(telegram)
                await talk.in_a_topic(telegram)
                await talk.under_stress(telegram)
                await days.through_days(telegram)
                await talk.through_reports(telegram)
                await days.through_settings(telegram)
                await days.with_rights(telegram)
                await days.through_posts(telegram)
        with tempfile.TemporaryDirectory() as scratch:
            await questions.with_a_daily_question(telegram, Path(scratch), whole)
            await questions.through_a_review(telegram, Path(scratch), whole)
        with tempfile.TemporaryDirectory() as scratch:
            await questions.through_rounds(telegram, Path(scratch), whole)
        with tempfile.TemporaryDirectory() as scratch:
            async with running(telegram, Path(scratch), **whole) as bot:
                await inline.facts_and_a_game(telegram, bot)
        await telegram.assert_clean()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of the stand-in")
    asyncio.run(play(parser.parse_args().folder.resolve()))
    sys.stdout.write("The bot broke no rule.\n")


if __name__ == "__main__":
    main()
