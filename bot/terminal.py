"""What the commands show in a terminal."""

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape
from rich.prompt import IntPrompt
from rich.table import Table

from bot.services.library import Library
from knowledge.answers import Ambiguous, Answer, Answered, Corrected, Source, Unknown, Why, answer, footnote, more, tell
from knowledge.checking import Report
from knowledge.documents import Document, Place
from knowledge.pack import Pack
from knowledge.questions import Context

GREETING = """[bold]Every answer has a footnote.[/bold] Ask in your own words, for example:
  {example}
[dim]more · source · why · help · quit[/dim]
"""


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
        self._console.print(GREETING.format(example=escape(self._library.example())))
        while True:
            try:
                message = self._console.input("[bold cyan]?[/bold cyan] ").strip()
            except (EOFError, KeyboardInterrupt):
                self._console.print()
                return
            if message.lower() in ("quit", "exit", "q", "/quit", "/exit"):
                return
            if message:
                self.say(message)

    def say(self, message: str) -> None:
        """One turn."""
        command = message.lower().lstrip("/")
        if command == "source" and isinstance(self._last, Answered | Corrected | Unknown) and self._last.sources:
            self._print_sources(self._last.sources)
        elif command == "why" and getattr(self._last, "why", None):
            print_why(self._console, getattr(self._last, "why", None))
        else:
            index = self._library.index
            reply = more(index, self._context) if command == "more" else answer(index, message, self._context)
            self._show(reply.answer, reply.context)

    def _show(self, given: Answer, context: Context) -> None:
        self._last, self._context = given, context
        print_answer(self._console, given)
        if isinstance(given, Ambiguous):
            numbers = [str(n) for n in range(len(given.choices) + 1)]
            picked = IntPrompt.ask("Which one (0 for none)", console=self._console, choices=numbers, default=0)
            if picked:
                reply = tell(self._library.index, given.choices[picked - 1].fact, context)
                self._show(reply.answer, reply.context)

    def _print_sources(self, sources: tuple[Source, ...]) -> None:
        for source in sources:
            self._console.print(f"  [bold]{escape(footnote(source))}[/bold]")
            if passage := self._library.passage(source):
                self._console.print(f"  {escape(passage)}", style="dim")


def print_answer(console: Console, given: Answer, *, why: bool = False) -> None:
    """An answer with its footnote, and what led to it where asked."""
    console.print(escape(given.text), highlight=False)
    if isinstance(given, Ambiguous):
        for number, choice in enumerate(given.choices, 1):
            console.print(f"  {number}. {escape(choice.label)}", highlight=False)
    notes = dict.fromkeys(footnote(s) for s in getattr(given, "sources", ()))
    for note in notes:
        console.print(f"  [dim]¹ {escape(note)}[/dim]", highlight=False)
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


def print_report(console: Console, pack: Pack, report: Report) -> None:
    """A check's findings, and the coverage by section."""
    for finding in report.findings:
        console.print(escape(str(finding)), highlight=False, soft_wrap=True)
    table = Table("document", "section", "sentences", "cited", "skipped", "share", box=None)
    for row in report.coverage:
        table.add_row(
            row.document, row.section, str(row.sentences), str(row.cited), str(row.skipped), f"{row.share:.1%}"
        )
    console.print(table)
    for line in report.inferred:
        console.print(f"inferred: {escape(line)}", style="dim", highlight=False)
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
    console.print(" › ".join(paragraph.headings), style="bold", highlight=False)
    for number, sentence in enumerate(paragraph.sentences, 1):
        console.print(f"{number:3} {escape(sentence)}", highlight=False)
        for fact in pack.facts:
            if any(_covers(p, place.document, place.line, number) for p in fact.source):
                console.print(f"      [green]{fact.id}[/green]: {escape(fact.says)}", highlight=False)


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
