from pathlib import Path

import pytest

from bot.config import SHIPPED_PACK, ConfigError, load_settings

TOKEN = "123456:AAbb-ccDD_eeFF"
DEFAULTS: dict[str, object] = {
    "token": None,
    "telegram_api": "https://api.telegram.org",
    "packs": (SHIPPED_PACK,),
    "documents": None,
    "database": "sqlite+aiosqlite:///footnote.db",
    "webhook_url": None,
    "webhook_secret": None,
    "listen": "127.0.0.1:8443",
    "owners": frozenset(),
    "timezone": "UTC",
    "post_at": "09:00",
    "log": "info",
    "log_format": "text",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Tests run where no `.env` lies about."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_any_variable_every_setting_has_its_default() -> None:
    assert load_settings().model_dump() == DEFAULTS


@pytest.mark.parametrize(
    ("variable", "written", "setting", "value"),
    [
        ("FOOTNOTE_TELEGRAM_API", "http://127.0.0.1:8081/", "telegram_api", "http://127.0.0.1:8081"),
        ("FOOTNOTE_PACKS", "one: two:", "packs", (Path("one"), Path("two"))),
        ("FOOTNOTE_DOCUMENTS", ".", "documents", Path()),
        ("FOOTNOTE_DATABASE", "sqlite+aiosqlite:////var/lib/f.db", "database", "sqlite+aiosqlite:////var/lib/f.db"),
        ("FOOTNOTE_DATABASE", "postgresql+psycopg://u:p@h:5432/n", "database", "postgresql+psycopg://u:p@h:5432/n"),
        ("FOOTNOTE_DATABASE", "postgresql+psycopg:///n?host=/tmp", "database", "postgresql+psycopg:///n?host=/tmp"),
        ("FOOTNOTE_WEBHOOK_URL", "https://bot.example/hook", "webhook_url", "https://bot.example/hook"),
        ("FOOTNOTE_LISTEN", "0.0.0.0:80", "listen", "0.0.0.0:80"),
        ("FOOTNOTE_OWNERS", "17, 4200000042", "owners", frozenset({17, 4_200_000_042})),
        ("FOOTNOTE_TIMEZONE", "Europe/Kyiv", "timezone", "Europe/Kyiv"),
        ("FOOTNOTE_POST_AT", "7:05", "post_at", "07:05"),
        ("FOOTNOTE_LOG", "DEBUG", "log", "debug"),
        ("FOOTNOTE_LOG_FORMAT", "json", "log_format", "json"),
        ("FOOTNOTE_TIMEZONE", "", "timezone", "UTC"),
    ],
)
def test_a_setting_is_read_from_its_variable(
    variable: str, written: str, setting: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, written)

    assert load_settings().model_dump() == {**DEFAULTS, setting: value}


@pytest.mark.parametrize(
    ("variable", "written"),
    [
        ("TELEGRAM_BOT_TOKEN", "my token"),
        ("FOOTNOTE_TELEGRAM_API", "api.telegram.org"),
        ("FOOTNOTE_TELEGRAM_API", "http://"),
        ("FOOTNOTE_TELEGRAM_API", "http://localhost:eighty"),
        ("FOOTNOTE_PACKS", ":"),
        ("FOOTNOTE_DOCUMENTS", "no/such/folder"),
        ("FOOTNOTE_DATABASE", "footnote.db"),
        ("FOOTNOTE_DATABASE", "sqlite:///footnote.db"),
        ("FOOTNOTE_DATABASE", "sqlite+aiosqlite://footnote.db"),
        ("FOOTNOTE_DATABASE", "sqlite+aiosqlite:///:memory:"),
        ("FOOTNOTE_DATABASE", "postgresql+psycopg://h:port/name"),
        ("FOOTNOTE_WEBHOOK_URL", "bot.example"),
        ("FOOTNOTE_WEBHOOK_SECRET", "not so secret!"),
        ("FOOTNOTE_LISTEN", "8443"),
        ("FOOTNOTE_OWNERS", "17,me"),
        ("FOOTNOTE_TIMEZONE", "Mars/Olympus"),
        ("FOOTNOTE_POST_AT", "25:00"),
        ("FOOTNOTE_LOG", "loud"),
        ("FOOTNOTE_LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(variable: str, written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, written)

    with pytest.raises(ConfigError, match=rf"^wrong settings: {variable} \S.*$"):
        load_settings()


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_LOG", "loud")
    monkeypatch.setenv("FOOTNOTE_POST_AT", "noon")

    with pytest.raises(ConfigError, match=r"FOOTNOTE_POST_AT .*; FOOTNOTE_LOG "):
        load_settings()


def test_a_dot_env_file_is_read_and_the_environment_goes_before_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = f"TELEGRAM_BOT_TOKEN={TOKEN}\nFOOTNOTE_POST_AT=08:00\nFOOTNOTE_LOG=error\nOTHER=kept out\n"
    (folder / ".env").write_text(lines, encoding="utf-8")
    monkeypatch.setenv("FOOTNOTE_LOG", "debug")

    settings = load_settings()

    assert settings.token
    assert settings.token.get_secret_value() == TOKEN
    assert (settings.post_at, settings.log) == ("08:00", "debug")


def test_a_dot_env_file_that_is_no_text_is_named(folder: Path) -> None:
    (folder / ".env").write_bytes(b"FOOTNOTE_LOG=\xff\n")

    with pytest.raises(ConfigError, match=r"\.env"):
        load_settings()


def test_secrets_stay_out_of_the_settings_words_for_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("FOOTNOTE_WEBHOOK_SECRET", "hook-secret")
    monkeypatch.setenv("FOOTNOTE_DATABASE", "postgresql+psycopg://u:db-secret@h/n")

    settings = load_settings()

    told = f"{settings!r} {settings} {settings.model_dump(exclude={'database'})}"
    assert "AAbb" not in told
    assert "secret" not in told.replace("webhook_secret", "")


def test_a_malformed_token_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", f"{TOKEN} # mine")

    with pytest.raises(ConfigError) as caught:
        load_settings()

    assert "AAbb" not in str(caught.value)
    assert caught.value.__cause__ is None
