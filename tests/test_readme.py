"""The README says what is so."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import cli
from bot.config import Settings
from handlers.start import COMMANDS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TRANSCRIPT = re.search(r"```\n(\? .*?)```", README, re.DOTALL)


def footnote(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "COLUMNS": "100", "HOME": os.environ.get("HOME", "/")},
    )


def test_the_transcript_is_real() -> None:
    assert TRANSCRIPT is not None
    shown = TRANSCRIPT[1].strip()
    questions = [line.removeprefix("? ") for line in shown.splitlines() if line.startswith("? ")]
    assert len(questions) >= 3
    printed = footnote("chat", given="\n".join(questions) + "\nquit\n").stdout
    flat = " ".join(printed.split())
    for line in shown.splitlines():
        if not line.startswith("? "):
            assert " ".join(line.split()) in flat


@pytest.mark.parametrize("command", [c.name or getattr(c.callback, "__name__", "") for c in cli.registered_commands])
def test_every_command_stands_in_the_readme_and_has_help(command: str) -> None:
    assert f"`footnote {command}" in README
    shown = footnote(command, "--help")
    assert shown.returncode == 0
    assert "Usage" in shown.stdout


@pytest.mark.parametrize("command", [name for name, _ in COMMANDS])
def test_every_telegram_command_stands_in_the_readme(command: str) -> None:
    assert f"`/{command}`" in README


USED = {
    "token", "packs", "documents", "database", "telegram_api", "owners", "timezone", "post_at", "log", "log_format",
}  # fmt: skip


@pytest.mark.parametrize("field", sorted(USED))
def test_every_setting_in_use_stands_in_the_readme(field: str) -> None:
    assert f"`{Settings.model_fields[field].alias}`" in README


@pytest.mark.parametrize("question", re.findall(r'`footnote ask "([^"]+)"`', README))
def test_the_questions_of_the_readme_are_answered(question: str) -> None:
    assert '"status": "answered"' in footnote("ask", question, "--json").stdout


def test_make_help_names_the_two_commands() -> None:
    shown = subprocess.run(["make", "help"], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert "make run" in shown
    assert "make test" in shown


def test_no_link_of_the_readme_leads_nowhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target
