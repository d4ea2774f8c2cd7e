"""What the commands show in a terminal."""

import datetime as dt
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from bot.services.library import Library
from knowledge import dates
from knowledge.answers import answer, sources_of
from knowledge.checking import Report
from knowledge.documents import Document, Place
from knowledge.events import DatedFact
from knowledge.index import Index
from knowledge.pack import Pack
from knowledge.posts import Post
from knowledge.questions import Context
from knowledge.quiz import Question
from knowledge.results import Ambiguous, Answer, Source, Why, footnotes

if TYPE_CHECKING:  # they bring the database, which takes longer to import than an answer takes to find
    from bot.services.desk import Case
    from bot.services.feedback import Opened

T = TypeVar("T")

LETTERS = "abcd"

GREETING = """[bold]Every answer has a footnote.[/bold] Ask in your own words, for example:
{examples}
[dim]/source · /why · /more · /help · /quit[/dim]"""


def console() -> Console:
    """Standard output: no line is broken, so that it reads the same through a pipe, and nothing becomes an emoji."""
    return Console(soft_wrap=True, highlight=False, emoji=False)


class Conversation:
    """A conversation in the terminal, with the same answers as in Telegram."""

    def __init__(self, library: Library, console: Console) -> None:
        self._library = library
        self._console = console
        self._context = Context()
        self._last: Answer | None = None

    def run(self) -> None:
        """Talk until the person leaves."""
        _with_history()
        prompt = "[bold cyan]?[/bold cyan] " if sys.stdin.isatty() else ""
        self._console.print(GREETING.format(examples="\n".join(f"  {escape(e)}" for e in self._library.examples())))
        while True:
            try:
                message = self._console.input(prompt).strip()
            except (EOFError, KeyboardInterrupt):
                self._console.print()
                return
            if message.lower().lstrip("/") in ("quit", "exit"):
                return
            if message:
                self.say(message)

    def say(self, message: str) -> None:
        """One turn."""
        match message.lower():
            case "/source":
                self._print_sources()
            case "/why":
                print_why(self._console, getattr(self._last, "why", None))
            case _:
                reply = answer(self._library.index, message.removeprefix("/"), self._context)
                self._last, self._context = reply.answer, reply.context
                print_answer(self._console, reply.answer)

    def _print_sources(self) -> None:
        sources: tuple[Source, ...] = getattr(self._last, "sources", ())
        if not sources:
            self._console.print("  [dim]There is nothing yet that would have a source.[/dim]")
        for note, passage in dict.fromkeys((footnotes((s,))[0], self._library.passage(s)) for s in sources):
            self._console.print(f"  [bold]{escape(note)}[/bold]")
            if passage:
                self._console.print(f"  {escape(passage)}", style="dim")


def print_answer(console: Console, given: Answer, *, why: bool = False) -> None:
    """An answer with its footnotes, and what led to it where asked."""
    console.print(escape(given.text))
    if isinstance(given, Ambiguous):
        for number, choice in enumerate(given.choices, 1):
            console.print(f"  {number}. {escape(choice.label)}")
    notes = footnotes(getattr(given, "sources", ()))
    for note in notes:
        console.print(f"  [dim]¹ {escape(note)}[/dim]")
    if why:
        print_why(console, getattr(given, "why", None))


def print_why(console: Console, why: Why | None) -> None:
    """What led to an answer."""
    if why is None:
        console.print("  [dim]Nothing was looked up for that.[/dim]")
        return
    table = Table(box=None, show_header=False, padding=(0, 2))
    table.add_row("asked for", why.slot or "no particular thing")
    table.add_row("intents", ", ".join(why.intents) or "none")
    table.add_row("entities", ", ".join(why.entities) or "none")
    if why.unknown:
        table.add_row("unknown words", ", ".join(why.unknown))
    table.add_row("sure", f"{why.score:.2f} (speaks from {why.threshold:.2f} on)")
    table.add_row("fact", why.fact or "none")
    table.add_row("runner-up", f"{why.runner_up} {why.runner_up_score:.2f}" if why.runner_up else "none")
    table.add_row("what counted", ", ".join(f"{name} {value:+.2f}" for name, value in why.features))
    console.print(table)


def print_post(console: Console, post: Post) -> None:
    """A day's post: each fact with what anniversary it is, and its footnotes."""
    console.print(dates.say(post.date.isoformat()), style="bold")
    if not post.items:
        console.print("Nothing in these packs can be told unasked.")
    for item in post.items:
        console.print(f"{item.lead}:" if item.lead else "Worth knowing:", style="cyan")
        console.print(escape(item.says))
        for line in (*footnotes(item.sources), *([item.note] if item.note else [])):
            console.print(f"  [dim]¹ {escape(line)}[/dim]" if line != item.note else f"  [dim]{escape(line)}[/dim]")


def print_calendar(console: Console, index: Index, events: Sequence[DatedFact]) -> None:
    """Events, a line for each and one for where it stands."""
    for fact, when in events:
        console.print(f"[bold]{dates.say(when.edtf)}[/bold]  {escape(fact.says)}")
        for note in footnotes(sources_of(index, [fact.id])):
            console.print(f"  [dim]¹ {escape(note)}[/dim]")
    console.print(f"{len(events)} events known to the day")


def print_quiz(console: Console, asked: Sequence[Question]) -> None:
    """Questions with their lettered options; below each the answer and where it stands."""
    if not asked:
        console.print("No question can be made from these packs.")
    for number, question in enumerate(asked, 1):
        console.print(f"[bold]{number}. {escape(question.question)}[/bold]  [dim]{question.difficulty}[/dim]")
        for letter, option in zip(LETTERS, question.options, strict=False):
            console.print(f"   {letter}) {escape(option)}")
        told, _, note = question.explanation.partition("\n")
        console.print(f"   [green]→ {LETTERS[question.correct]}[/green]  {escape(told)}")
        console.print(f"     [dim]{escape(note)}[/dim]\n")


def print_reports(console: Console, cases: "Sequence[Case]") -> None:
    """Reported facts, each with the place where it stands and the document's words where there are any."""
    if not cases:
        console.print("Nothing is reported, and nothing is put aside.")
    for case in cases:
        state = [_reporters(case.reports)] if case.reports else []
        state += ["put aside"] if case.is_aside else []
        console.print(f"[bold]{escape(case.fact)}[/bold]  [dim]{', '.join(state)}[/dim]")
        console.print(f"  {escape(case.says if case.says is not None else 'This fact is no longer in the packs.')}")
        for source, passage in case.passages:
            console.print(f"  [dim]¹ {escape(footnotes((source,))[0])}[/dim]")
            if passage:
                console.print(f"    {escape(passage)}", style="dim")


def _reporters(opened: "Opened") -> str:
    last = dt.datetime.fromtimestamp(opened.last_at, dt.UTC)
    of = f", {opened.of_questions} of a question" if opened.of_questions else ""
    return f"{opened.reporters} report{'' if opened.reporters == 1 else 's'}{of}, last {last:%Y-%m-%d %H:%M} UTC"


def tracked(entries: Sequence[T]) -> Iterable[T]:
    """The entries one by one, with a bar on standard error that tells how far they are; none where nobody looks."""
    shown = Console(stderr=True)
    return track(
        entries, "Putting every ask to the matcher …", console=shown, transient=True, disable=not shown.is_terminal
    )


def print_report(console: Console, pack: Pack, report: Report) -> None:
    """A check's findings, and the coverage by section."""
    for finding in report.findings:
        console.print(escape(str(finding)))
    table = Table("document", "section", "sentences", "cited", "skipped", "share", box=None)
    for row in report.coverage:
        table.add_row(
            row.document, row.section, str(row.sentences), str(row.cited), str(row.skipped), f"{row.share:.1%}"
        )
    console.print(table)
    for line in report.inferred:
        console.print(f"inferred: {escape(line)}", style="dim")
    console.print(
        f"{len(pack.facts)} facts, {len(pack.entities)} entities, {len(pack.gaps)} gaps: "
        f"{len(report.findings)} findings"
    )


def print_paragraph(console: Console, pack: Pack, documents: Mapping[str, Document], where: str) -> None:
    """A paragraph's headings and numbered sentences, with the facts citing each. ValueError where there is none."""
    place = Place.parse(where)
    document = documents.get(place.document)
    paragraph = document.paragraphs.get(place.line) if document else None
    if paragraph is None:
        raise ValueError(f"{where}: there is no such paragraph")
    console.print(" › ".join(paragraph.headings), style="bold")
    for number, sentence in enumerate(paragraph.sentences, 1):
        console.print(f"{number:3} {escape(sentence)}")
        for fact in pack.facts:
            if any(_covers(p, place.document, place.line, number) for p in fact.source):
                console.print(f"      [green]{fact.id}[/green]: {escape(fact.says)}")


def _covers(place: Place, document: str, line: int, sentence: int) -> bool:
    if (place.document, place.line) != (document, line):
        return False
    return place.first is None or place.first <= sentence <= (place.last or place.first)


def _with_history() -> None:
    """Arrow keys and history at the prompt, where Python was built with them."""
    try:
        import readline  # noqa: F401 - importing it is what switches it on
    except ImportError:
        return
