"""The commands, run as their users run them."""

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from bot import cli
from bot.services.feedback import Feedback
from bot.storage.database import migrate, open_database
from tests.bot.processes import footnote
from tests.fakes import Clock

BORN, DIED = "When was Ada Merrow born?", "and when did she die?"
ANSWER_KEYS = ["id", "status", "text", "facts", "sources", "confidence", "choices", "why"]
QUESTION_KEYS = ["question", "options", "correct", "explanation", "fact", "sources", "kind", "difficulty"]
TOKEN = "123456:AAbb-ccDD_eeFF"


@pytest.fixture
def pack(lighthouse: Path) -> str:
    return str(lighthouse)


def one_sentence(text: str) -> bool:
    return text.endswith("\n") and text.count("\n") == 1 and "Traceback" not in text


def test_ask_tells_an_answer_with_its_footnote(pack: str, tmp_path: Path) -> None:
    done = footnote("ask", BORN, "--pack", pack, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    fact, note = done.stdout.splitlines()
    assert fact == "Ada Merrow was born in Wick in 1862."
    assert "The Lighthouse on Skerry, “The keepers”, paragraph 5" in note


def test_what_is_not_known_is_an_answer_too(pack: str, tmp_path: Path) -> None:
    done = footnote("ask", "Who won the Nobel Prize?", "--pack", pack, cwd=tmp_path)

    assert done.returncode == 0
    assert "don't tell" in done.stdout


def test_ask_prints_the_promised_json(pack: str, tmp_path: Path) -> None:
    done = footnote("ask", BORN, "--json", "--pack", pack, cwd=tmp_path)

    [line] = done.stdout.splitlines()
    told = json.loads(line)
    why = told.pop("why")
    confidence = told.pop("confidence")
    assert told == {
        "id": None,
        "status": "answered",
        "text": "Ada Merrow was born in Wick in 1862.",
        "facts": ["ada-birth"],
        "sources": [
            {
                "document": "lighthouse.txt",
                "title": "The Lighthouse on Skerry",
                "section": "The keepers",
                "line": 5,
                "sentences": [2],
            }
        ],
        "choices": [],
    }
    assert 0 < confidence <= 1
    assert why["fact"] == "ada-birth"


def test_every_kind_of_answer_has_all_keys(pack: str, tmp_path: Path) -> None:
    kinds = {"Who won the Nobel Prize?": "unknown", "What did the tower cost?": "unknown", "hello": "chat"}
    lines = "\n".join(json.dumps({"id": question, "turns": [question]}) for question in kinds)

    done = footnote("ask", "--batch", "-", "--pack", pack, cwd=tmp_path, stdin=lines)

    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [list(answer) for answer in told] == [ANSWER_KEYS] * len(kinds)
    assert {answer["id"]: answer["status"] for answer in told} == kinds
    assert all(len(answer["text"]) <= 600 for answer in told)


def test_an_ambiguous_answer_lists_its_choices(vague_question: str, pack: str, tmp_path: Path) -> None:
    told = json.loads(footnote("ask", vague_question, "--json", "--pack", pack, cwd=tmp_path).stdout)
    shown = footnote("ask", vague_question, "--pack", pack, cwd=tmp_path).stdout.splitlines()

    assert list(told) == ANSWER_KEYS
    assert told["status"] == "ambiguous"
    assert [set(choice) for choice in told["choices"]] == [{"label", "fact"}] * len(told["choices"])
    assert shown == [told["text"], *(f"  {n}. {choice['label']}" for n, choice in enumerate(told["choices"], 1))]


def test_why_tells_what_led_to_the_answer(pack: str, tmp_path: Path) -> None:
    done = footnote("ask", BORN, "--why", "--pack", pack, cwd=tmp_path)

    assert re.search(r"fact +ada-birth", done.stdout)
    assert "runner-up" in done.stdout


def test_a_batch_is_answered_in_order_with_its_follow_ups(pack: str, tmp_path: Path) -> None:
    lines = [
        {"id": "b", "turns": [BORN, DIED]},
        {"id": "a", "turns": ["and when did he die?"]},
        {"id": 3, "turns": ["hello"]},
    ]
    (tmp_path / "questions.jsonl").write_text("\n\n".join(map(json.dumps, lines)), encoding="utf-8")

    done = footnote("ask", "--batch", "questions.jsonl", "--pack", pack, cwd=tmp_path)

    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [t["id"] for t in told] == ["b", "a", 3]
    assert [list(t) for t in told] == [ANSWER_KEYS] * 3
    assert told[0]["facts"] == ["ada-death"]
    assert told[1]["facts"] == []


def test_a_batch_can_come_from_standard_input(pack: str, tmp_path: Path) -> None:
    line = json.dumps({"id": "1", "turns": [BORN]}) + "\r\n"

    done = footnote("ask", "--batch", "-", "--pack", pack, cwd=tmp_path, stdin=line)

    assert json.loads(done.stdout)["facts"] == ["ada-birth"]


@pytest.mark.parametrize(
    "bad", [b"not json", b'{"id": "2"}', b'{"id": "2", "turns": []}', b'{"id": "2", "turns": ["\xff"]}', b"[]"]
)
def test_a_bad_line_is_named_by_file_and_line(bad: bytes, pack: str, tmp_path: Path) -> None:
    good = json.dumps({"id": "1", "turns": [BORN]}).encode()
    (tmp_path / "questions.jsonl").write_bytes(good + b"\n\n" + bad + b"\n")

    done = footnote("ask", "--batch", "questions.jsonl", "--pack", pack, cwd=tmp_path)

    assert done.returncode == 1
    assert done.stderr.startswith("questions.jsonl:3: ")
    assert one_sentence(done.stderr)
    assert json.loads(done.stdout)["id"] == "1"


def test_chat_answers_over_a_pipe(pack: str, lighthouse: Path, tmp_path: Path) -> None:
    turns = [BORN, DIED, "/source", "/why", "", "/more", "thanks", "quit", "never read"]

    done = footnote(
        "chat",
        "--pack",
        pack,
        cwd=tmp_path,
        stdin="\n".join(turns),
        FOOTNOTE_DOCUMENTS=str(lighthouse / "documents"),
    )

    assert (done.returncode, done.stderr) == (0, "")
    told = done.stdout.split("/quit")[1]
    assert re.search(
        r"in Wick in 1862\..*died on 3 March 1931\..*"  # the questions
        r"paragraph 5\n  Ada Merrow died on 3 March 1931\.\n.*"  # the document's words
        r"asked for +date.*runner-up.*"
        r"Ada Merrow was.*paragraph 5\n.+\n$",  # another fact, and thanks
        told,
        re.DOTALL,
    )


def test_chat_takes_a_choice_by_its_number_and_ends_with_its_input(
    vague_question: str, pack: str, tmp_path: Path
) -> None:
    done = footnote("chat", "--pack", pack, cwd=tmp_path, stdin=f"{vague_question}\n2\n/source")

    assert (done.returncode, done.stderr) == (0, "")
    assert "  2. " in done.stdout
    assert done.stdout.count("paragraph") >= 2


def test_chat_has_nothing_to_source_at_the_beginning(pack: str, tmp_path: Path) -> None:
    done = footnote("chat", "--pack", pack, cwd=tmp_path, stdin="/source\n/why\n/more\n")

    assert done.returncode == 0
    assert "nothing yet" in done.stdout
    assert "Nothing was looked up" in done.stdout


def test_today_tells_what_a_chat_would_be_posted(pack: str, tmp_path: Path) -> None:
    done = footnote("today", "--date", "2031-03-03", "--pack", pack, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:3] == [
        "3 March 2031",
        "100 years ago today:",
        "Ada Merrow died on 3 March 1931.",
    ]
    assert "The Lighthouse on Skerry, “The keepers”, paragraph 5" in done.stdout


def test_today_prints_the_promised_json(pack: str, tmp_path: Path) -> None:
    done = footnote("today", "--date", "2031-03-03", "--json", "--pack", pack, cwd=tmp_path)

    [line] = done.stdout.splitlines()
    told = json.loads(line)
    assert told["date"] == "2031-03-03"
    [item] = told["items"]
    assert {"precision", "years_ago", "text", "fact", "sources"} <= item.keys()
    assert (item["precision"], item["years_ago"], item["fact"]) == ("day", 100, "ada-death")


def test_today_is_the_day_that_it_is_in_the_zone(pack: str, tmp_path: Path) -> None:
    """Kiritimati is a day ahead of Pago Pago, or two for one hour."""
    days = [
        date.fromisoformat(json.loads(footnote("today", "--json", "--pack", pack, cwd=tmp_path, **zone).stdout)["date"])
        for zone in ({"FOOTNOTE_TIMEZONE": "Pacific/Pago_Pago"}, {"FOOTNOTE_TIMEZONE": "Pacific/Kiritimati"})
    ]

    assert 1 <= (days[1] - days[0]).days <= 2


@pytest.mark.parametrize("given", ["2026-02-30", "yesterday", "20260305", "2026-W10-4", "", "0000-01-01"])
def test_what_is_no_date_is_told_in_one_sentence(given: str, pack: str, tmp_path: Path) -> None:
    done = footnote("today", "--date", given, "--pack", pack, cwd=tmp_path)

    assert done.returncode == 1
    assert done.stderr == f"{given!r} is no date; write one such as 2026-03-05\n"
    assert done.stdout == ""


def test_calendar_lists_the_events_known_to_the_day(pack: str, tmp_path: Path) -> None:
    shown = footnote("calendar", "--pack", pack, cwd=tmp_path)
    told = json.loads(footnote("calendar", "--json", "--pack", pack, cwd=tmp_path).stdout)

    assert (shown.returncode, shown.stderr) == (0, "")
    assert "3 March 1931  Ada Merrow died on 3 March 1931." in shown.stdout
    assert {"date", "text", "fact", "sources", "calendar", "solemn"} == told[0].keys()
    assert shown.stdout.splitlines()[-1] == f"{len(told)} events known to the day"


def test_check_holds_a_pack_against_its_documents(pack: str, lighthouse: Path, tmp_path: Path) -> None:
    done = footnote("check", pack, "--documents", str(lighthouse / "documents"), cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert "10 facts, 4 entities, 1 gaps: 0 findings" in done.stdout


def test_check_fails_where_a_document_has_changed(pack: str, lighthouse: Path, tmp_path: Path) -> None:
    documents = shutil.copytree(lighthouse / "documents", tmp_path / "documents")
    (documents / "lighthouse.txt").write_text("Nothing of the kind.\n", encoding="utf-8")

    done = footnote("check", pack, "--documents", str(documents), "--json", cwd=tmp_path)

    assert done.returncode == 1
    assert json.loads(done.stdout)


def test_check_shows_a_paragraph_with_the_facts_that_cite_it(pack: str, lighthouse: Path, tmp_path: Path) -> None:
    documents = str(lighthouse / "documents")

    done = footnote("check", pack, "--documents", documents, "--show", "lighthouse.txt:7", cwd=tmp_path)
    missing = footnote("check", pack, "--documents", documents, "--show", "lighthouse.txt:700", cwd=tmp_path)

    assert "1 Tom Merrow, her brother & helper, rowed the oil across." in done.stdout
    assert "tom-death" in done.stdout
    assert missing.returncode == 1
    assert one_sentence(missing.stderr)


def test_migrate_makes_a_database_and_may_be_repeated(tmp_path: Path) -> None:
    for _ in range(2):
        done = footnote("migrate", cwd=tmp_path)

        assert (done.returncode, done.stdout, done.stderr) == (0, "The database is up to date.\n", "")
    assert (tmp_path / "footnote.db").exists()


@pytest.mark.parametrize("command", [(), ("--help",)])
def test_without_a_command_the_help_is_printed(command: tuple[str, ...], tmp_path: Path) -> None:
    done = footnote(*command, cwd=tmp_path)

    for name in ("run", "ask", "chat", "today", "calendar", "check", "migrate"):
        assert re.search(rf"^ +{name} +\w", done.stdout + done.stderr, re.MULTILINE)


@pytest.mark.parametrize(
    "arguments",
    [
        ("fly",),
        ("ask",),
        ("ask", "one", "--batch", "-"),
        ("ask", "--loud", "one"),
        ("check", "--documents"),
    ],
    ids=" ".join,
)
def test_a_misused_command_explains_itself_with_exit_status_2(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = footnote(*arguments, cwd=tmp_path)

    assert done.returncode == 2
    assert "Error: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "TELEGRAM_BOT_TOKEN is not set"),
        ({"TELEGRAM_BOT_TOKEN": "AAbb cc"}, "TELEGRAM_BOT_TOKEN is no bot token"),
        ({"FOOTNOTE_DATABASE": "mysql://h/n"}, "FOOTNOTE_DATABASE must be"),
        ({"FOOTNOTE_DATABASE": "sqlite+aiosqlite:///no/such/folder/f.db"}, "the database sqlite+aiosqlite:///no/such"),
        ({"FOOTNOTE_DATABASE": "postgresql+psycopg://127.0.0.1:1/n"}, "the database postgresql+psycopg://127"),
        ({"FOOTNOTE_TIMEZONE": "Mars/Olympus"}, "FOOTNOTE_TIMEZONE 'Mars/Olympus' is no time zone"),
        ({"FOOTNOTE_DOCUMENTS": "nowhere"}, "FOOTNOTE_DOCUMENTS nowhere is no folder"),
        ({"FOOTNOTE_LOG": "loud"}, "FOOTNOTE_LOG must be"),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else None,
)
def test_run_names_what_is_missing_or_wrong(settings: dict[str, str], named: str, pack: str, tmp_path: Path) -> None:
    token = {} if "TOKEN" in named else {"TELEGRAM_BOT_TOKEN": TOKEN}

    done = footnote("run", cwd=tmp_path, FOOTNOTE_PACKS=pack, **token, **settings)

    assert done.returncode == 1
    assert named in done.stderr
    assert one_sentence(done.stderr)
    assert "AAbb" not in done.stderr


def test_run_reads_a_dot_env_file(pack: str, tmp_path: Path) -> None:
    lines = f"TELEGRAM_BOT_TOKEN={TOKEN}\nFOOTNOTE_TELEGRAM_API=http://127.0.0.1:1\nFOOTNOTE_PACKS={pack}\n"
    (tmp_path / ".env").write_text(lines, encoding="utf-8")

    done = footnote("run", cwd=tmp_path)

    assert done.returncode == 1
    assert done.stderr.startswith("can't reach Telegram at http://127.0.0.1:1")


@pytest.mark.parametrize("command", ["run", "ask", "chat", "check"])
def test_a_broken_pack_is_named_with_file_and_line(command: str, lighthouse: Path, tmp_path: Path) -> None:
    pack = shutil.copytree(lighthouse, tmp_path / "pack")
    facts = pack / "facts" / "keepers.yaml"
    facts.write_text(facts.read_text(encoding="utf-8").replace("intent: birth", "intent: begin"), encoding="utf-8")
    arguments = {"ask": [BORN], "check": ["--documents", str(pack / "documents")]}.get(command, [])

    done = footnote(command, *arguments, cwd=tmp_path, FOOTNOTE_PACKS=str(pack), TELEGRAM_BOT_TOKEN=TOKEN)

    assert done.returncode == 1
    assert re.search(r"keepers\.yaml:\d+: .*begin", done.stderr)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", BORN, "--pack", "nowhere"),
        ("ask", "--batch", "nowhere.jsonl"),
        ("ask", "--batch", "."),
        ("check", "--documents", "nowhere"),
        ("check", "nowhere", "--documents", "."),
    ],
    ids=" ".join,
)
def test_what_is_not_there_is_named_without_a_traceback(arguments: tuple[str, ...], pack: str, tmp_path: Path) -> None:
    done = footnote(*arguments, cwd=tmp_path, FOOTNOTE_PACKS=pack)

    assert done.returncode == 1
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_a_question_in_broken_letters_is_answered_all_the_same(pack: str, tmp_path: Path) -> None:
    done = footnote("ask", "Who is \udcff?", "--json", "--pack", pack, cwd=tmp_path)

    assert "Traceback" not in done.stderr
    assert done.returncode == 0


def test_a_fault_of_the_program_is_one_sentence_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: object) -> None:
        raise LookupError

    monkeypatch.setattr("sys.argv", ["footnote", "ask", BORN, "--pack", "anything"])
    monkeypatch.setattr(cli, "load_index", broken)

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert one_sentence(said)
    assert re.search(r"LookupError at \S+test_cli\.py:\d+$", said)


def test_asking_imports_neither_telegram_nor_a_database(pack: str, tmp_path: Path) -> None:
    done = footnote("ask", BORN, "--pack", pack, cwd=tmp_path, PYTHONPROFILEIMPORTTIME="1")

    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert {"knowledge", "typer"} <= imported
    assert not imported & {"telegram", "sqlalchemy", "alembic", "httpx", "starlette"}


def test_quiz_asks_and_answers_with_a_footnote(tmp_path: Path) -> None:
    done = footnote("quiz", "-n", "2", "--seed", "7", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line[:2] for line in lines if line[:1].isdigit()] == ["1.", "2."]
    assert sum(line.startswith("   a) ") for line in lines) == 2
    assert sum("→" in line for line in lines) == 2
    assert sum(line.strip().startswith("¹ ") for line in lines) == 2


def test_quiz_prints_the_promised_json_the_same_for_a_seed(tmp_path: Path) -> None:
    once, again = (footnote("quiz", "-n", "3", "--seed", "7", "--json", cwd=tmp_path).stdout for _ in range(2))

    asked = json.loads(once)
    assert once == again
    assert len(asked) == 3
    for question in asked:
        assert list(question) == QUESTION_KEYS
        assert question["options"][question["correct"]]
        assert question["sources"][0]["document"].endswith(".txt")


def test_a_pack_that_gives_no_question_is_told_plainly(pack: str, tmp_path: Path) -> None:
    assert json.loads(footnote("quiz", "--json", "--seed", "1", "--pack", pack, cwd=tmp_path).stdout) == []
    assert "No question" in footnote("quiz", "--seed", "1", "--pack", pack, cwd=tmp_path).stdout


def test_a_round_has_at_least_one_question(tmp_path: Path) -> None:
    assert footnote("quiz", "-n", "0", cwd=tmp_path).returncode == 2


@pytest.fixture
async def reported(tmp_path: Path) -> str:
    """The URL of a database with two reports, one of a fact that no pack has."""
    url = f"sqlite+aiosqlite:///{tmp_path}/footnote.db"
    engine = open_database(url)
    await migrate(engine)
    clock = Clock()
    feedback = Feedback(engine, {1}, clock)
    await feedback.report("lost-fact", 7, "answer")
    clock.now += 60
    await feedback.report("ada-birth", 1, "question")
    await engine.dispose()
    return url


def test_reports_lists_what_is_open_with_place_and_passage(pack: str, reported: str, tmp_path: Path) -> None:
    documents = str(Path(pack) / "documents")
    settings = {"FOOTNOTE_DATABASE": reported, "FOOTNOTE_DOCUMENTS": documents}

    done = footnote("reports", "--pack", pack, cwd=tmp_path, **settings)

    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert lines[0] == "ada-birth  1 report, 1 of a question, last 2025-06-15 15:07 UTC, put aside"
    assert lines[1:3] == [
        "Ada Merrow was born in Wick in 1862.",
        "¹ The Lighthouse on Skerry, “The keepers”, paragraph 5",
    ]
    assert lines[3].startswith("She was born in Wick in 1862")
    assert lines[4].startswith("lost-fact")
    assert lines[5] == "This fact is no longer in the packs."


def test_reports_prints_json_newest_first(pack: str, reported: str, tmp_path: Path) -> None:
    done = footnote("reports", "--json", "--pack", pack, cwd=tmp_path, FOOTNOTE_DATABASE=reported)

    cases = json.loads(done.stdout)
    assert [(case["fact"], case["put_aside"]) for case in cases] == [("ada-birth", True), ("lost-fact", False)]
    assert cases[0]["sources"][0]["place"] == "The Lighthouse on Skerry, “The keepers”, paragraph 5"
    assert cases[0]["sources"][0]["passage"] is None
    assert cases[1]["text"] is None


def test_reports_makes_no_database(pack: str, tmp_path: Path) -> None:
    done = footnote("reports", "--pack", pack, cwd=tmp_path)

    assert done.returncode == 1
    assert "the bot makes it when it starts" in done.stderr
    assert one_sentence(done.stderr)
    assert list(tmp_path.iterdir()) == []


def test_reports_of_a_database_that_is_not_up_to_date_says_so(pack: str, tmp_path: Path) -> None:
    (tmp_path / "footnote.db").touch()

    done = footnote("reports", "--pack", pack, cwd=tmp_path)

    assert done.returncode == 1
    assert "footnote migrate" in done.stderr
    assert one_sentence(done.stderr)
