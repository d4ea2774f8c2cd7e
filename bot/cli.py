"""The commands. Each reads its input, calls the library beneath and prints; faults end in one sentence.

Telegram and the database are imported by the commands that need them: they take longer to import than an answer
takes to find.
"""

import asyncio
import datetime as dt
import json
import re
import secrets
import sys
import traceback
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer
from pydantic import BaseModel, Field, ValidationError

from bot import log, terminal
from bot.config import ConfigError, StartError, load_settings
from bot.services.library import Library, find_pack, load_index
from knowledge import checking, events, posts
from knowledge import quiz as quizzes
from knowledge.anniversaries import Anniversaries
from knowledge.answers import answer
from knowledge.documents import read_documents
from knowledge.index import Index
from knowledge.pack import PackError, load_pack
from knowledge.questions import Context
from knowledge.results import as_json

cli = typer.Typer(
    name="footnote",
    help="A Telegram bot that answers with short, sourced facts: every answer has a footnote.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
Packs = Annotated[
    list[Path] | None,
    typer.Option("--pack", help="A pack's folder; may be given several times. Default: FOOTNOTE_PACKS."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Asked(BaseModel):
    """One line of `ask --batch`: the user's messages, oldest first; the last one is answered."""

    id: str | int
    turns: Annotated[list[str], Field(min_length=1)]


def main() -> NoReturn:
    """Run the command line; exit status 0, 1 with one sentence on stderr, or 2 for usage."""
    try:
        cli()
    except PackError as error:
        _fail("\n".join(map(str, error.mistakes)) + f"\n{error}")
    except (StartError, OSError, ValueError) as error:
        _fail(str(error))
    except Exception as error:  # noqa: BLE001 - the last resort
        frame = traceback.extract_tb(error.__traceback__)[-1]
        _fail(f"This should not happen; please report it: {type(error).__name__} at {frame.filename}:{frame.lineno}")
    sys.exit(0)


@cli.command()
def run() -> None:
    """Run the bot on Telegram until it is stopped."""
    settings = load_settings()
    hidden = [secret.get_secret_value() for secret in (settings.token, settings.webhook_secret) if secret]
    log.set_up(settings.log, settings.log_format, hidden)
    from bot import app

    asyncio.run(app.run(settings))


@cli.command()
def migrate() -> None:
    """Bring the database up to date (also done when the bot starts)."""
    settings = load_settings()
    from bot import app

    async def upgrade() -> None:
        async with app.opened(settings):
            typer.echo("The database is up to date.")

    asyncio.run(upgrade())


@cli.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in quotes.")] = None,
    as_object: Json = False,
    why: Annotated[bool, typer.Option("--why", help="Tell what led to the answer.")] = False,
    batch: Annotated[Path | None, typer.Option(help="JSON lines of id and turns; - for standard input.")] = None,
    pack: Packs = None,
) -> None:
    """Answer one question, or a file of them."""
    if (question is None) == (batch is None):
        raise typer.BadParameter("give either a question or --batch FILE")
    index = load_index(_packs(pack))
    if batch is not None:
        _answer_batch(index, batch)
        return
    given = answer(index, str(question)).answer
    if as_object:
        typer.echo(json.dumps(as_json(given), ensure_ascii=False))
        return
    terminal.print_answer(terminal.console(), given, why=why)


@cli.command()
def chat(pack: Packs = None) -> None:
    """Talk with the bot in the terminal."""
    settings = load_settings()
    library = Library(_packs(pack), settings.documents)
    terminal.Conversation(library, terminal.console()).run()


@cli.command()
def today(
    date: Annotated[
        str | None, typer.Option(help="YYYY-MM-DD. Default: the day that it is in FOOTNOTE_TIMEZONE.")
    ] = None,
    as_object: Json = False,
    pack: Packs = None,
) -> None:
    """What a chat would be posted on a day."""
    day = _day(date)
    post = Anniversaries.of(load_index(_packs(pack))).sample(day)
    if as_object:
        typer.echo(json.dumps(posts.as_json(post), ensure_ascii=False))
    else:
        terminal.print_post(terminal.console(), post)


@cli.command()
def calendar(as_object: Json = False, pack: Packs = None) -> None:
    """Every event whose full date the documents give."""
    index = load_index(_packs(pack))
    known = events.calendar(index)
    if as_object:
        typer.echo(json.dumps(events.as_json(index, known), ensure_ascii=False))
    else:
        terminal.print_calendar(terminal.console(), index, known)


@cli.command()
def quiz(
    number: Annotated[int, typer.Option("-n", min=1, help="How many questions.")] = 5,
    seed: Annotated[
        int | None, typer.Option(help="The same seed gives the same questions. Default: by chance.")
    ] = None,
    as_object: Json = False,
    pack: Packs = None,
) -> None:
    """Questions as a round would ask them."""
    index = load_index(_packs(pack))
    asked = quizzes.Quiz.of(index).questions(seed=secrets.randbits(32) if seed is None else seed, n=number)
    if as_object:
        typer.echo(json.dumps(quizzes.as_json(asked), ensure_ascii=False))
    else:
        terminal.print_quiz(terminal.console(), asked)


@cli.command()
def reports(as_object: Json = False, pack: Packs = None) -> None:
    """What users reported as wrong and nobody has settled yet, with the place and the passage."""
    settings = load_settings()
    from bot.services import desk
    from bot.services.feedback import Feedback
    from bot.storage.database import existing

    async def waiting() -> tuple[desk.Case, ...]:
        async with existing(settings.database) as engine:
            feedback = Feedback(engine)
            await feedback.load()
            return await desk.Desk(Library(_packs(pack), settings.documents), feedback).cases()

    cases = asyncio.run(waiting())
    if as_object:
        typer.echo(json.dumps(desk.as_json(cases), ensure_ascii=False))
    else:
        terminal.print_reports(terminal.console(), cases)


@cli.command()
def check(
    pack: Annotated[
        Path | None, typer.Argument(help="The pack's folder. Default: the first of FOOTNOTE_PACKS.")
    ] = None,
    documents: Annotated[Path | None, typer.Option(help="The folder with the pack's documents.")] = None,
    show: Annotated[str | None, typer.Option(help="Print a paragraph with the facts that cite it: FILE:LINE.")] = None,
    as_object: Json = False,
) -> None:
    """Hold a pack against its documents; exit status 1 where anything is found."""
    settings = load_settings()
    folder = documents or settings.documents
    if folder is None:
        raise ConfigError("where are the documents? Give --documents DIR or set FOOTNOTE_DOCUMENTS")
    loaded, texts = load_pack(find_pack(pack or settings.packs[0])), read_documents(folder)
    if show is not None:
        terminal.print_paragraph(terminal.console(), loaded, texts, show)
        return
    report = checking.check(loaded, texts, terminal.tracked)
    if as_object:
        typer.echo(json.dumps(checking.as_json(report), ensure_ascii=False))
    else:
        terminal.print_report(terminal.console(), loaded, report)
    if report.findings:
        raise typer.Exit(1)


def _answer_batch(index: Index, batch: Path) -> None:
    """Answer the last turn of each line, the turns before it being the conversation."""
    for number, line in _numbered_lines(batch):
        try:
            asked = Asked.model_validate_json(line)
        except ValidationError:
            raise ValueError(f'{batch}:{number}: not a question; write {{"id": "1", "turns": ["…"]}}') from None
        context = Context()
        for turn in asked.turns[:-1]:
            context = answer(index, turn, context).context
        given = answer(index, asked.turns[-1], context).answer
        typer.echo(json.dumps(as_json(given) | {"id": asked.id}, ensure_ascii=False))


def _numbered_lines(batch: Path) -> Iterator[tuple[int, bytes]]:
    """Lines with something on them, counted from 1."""
    with nullcontext(sys.stdin.buffer) if str(batch) == "-" else batch.open("rb") as lines:
        yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())


def _day(given: str | None) -> dt.date:
    """A day as it was given, or the one that it is. Raises ValueError."""
    if given is None:
        return dt.datetime.now(ZoneInfo(load_settings().timezone)).date()
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):  # Python reads other forms too
            return dt.date.fromisoformat(given)
    except ValueError:
        pass
    raise ValueError(f"{given!r} is no date; write one such as 2026-03-05")


def _packs(given: list[Path] | None) -> tuple[Path, ...]:
    return tuple(given) if given else load_settings().packs


def _fail(sentence: str) -> NoReturn:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(1)
