"""Settings from the environment or a `.env` file, read once into one frozen object."""

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SHIPPED_PACK = Path("knowledge/packs/stalin")


class StartError(Exception):
    """What was asked for can't be begun, told in one sentence."""


class ConfigError(StartError):
    """A setting that is missing or wrong; the sentence names it."""


def _parts(text: str, separator: str) -> list[str]:
    return [part for p in text.split(separator) if (part := p.strip())]


def _paths(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not (paths := _parts(value, ":")):
        raise ValueError("names no pack; write folders separated by colons")
    return paths


def _user_ids(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not all(re.fullmatch(r"[0-9]{1,16}", part) for part in _parts(value, ",")):
        raise ValueError("must be user ids, which are whole numbers, separated by commas")
    return _parts(value, ",")


def _bot_token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", value.get_secret_value()):
        raise ValueError("is no bot token; one looks like 123456:letters-and-digits")
    return value


def _secret(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
        raise ValueError("must be 1 to 256 of the characters A–Z a–z 0–9 _ -")
    return value


def _split(url: str) -> SplitResult | None:
    """A URL's parts; None where its host or port is malformed."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        return None
    return parts


def _web_address(value: str) -> str:
    parts = _split(value)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be a web address that begins with http:// or https://")
    return value.rstrip("/")


def _database_url(value: str) -> str:
    # Checked here without SQLAlchemy, which takes longer to import than an answer takes to find.
    file = re.fullmatch(r"sqlite\+aiosqlite:///(?!:memory:)[^?#]+", value)
    server = re.fullmatch(r"postgresql\+psycopg://\S+", value) and _split(value)
    if not file and not server:
        raise ValueError("must be a URL such as sqlite+aiosqlite:///footnote.db or postgresql+psycopg://user@host/name")
    return value


def _folder(value: Path) -> Path:
    if not value.is_dir():
        raise ValueError(f"{value} is no folder")
    return value


def _address(value: str) -> str:
    if not re.fullmatch(r"\S+:[0-9]{1,5}", value):
        raise ValueError("must be an address and a port such as 127.0.0.1:8443")
    return value


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f"{value!r} is no time zone; write one such as Europe/Kyiv")
    return value


def _time_of_day(value: str) -> str:
    try:
        return dt.datetime.strptime(value, "%H:%M").strftime("%H:%M")  # noqa: DTZ007 - a wall clock's time
    except ValueError:
        raise ValueError(f"{value!r} is no time of day; write one such as 09:00") from None


Token = Annotated[SecretStr, AfterValidator(_bot_token)]
Secret = Annotated[SecretStr, AfterValidator(_secret)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Folder = Annotated[Path, AfterValidator(_folder)]
Level = Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(str.lower)]


class Settings(BaseSettings):
    """All settings; each field's alias is its environment variable."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True, str_strip_whitespace=True
    )

    token: Annotated[Token | None, Field(alias="TELEGRAM_BOT_TOKEN")] = None
    telegram_api: Annotated[WebAddress, Field(alias="FOOTNOTE_TELEGRAM_API")] = "https://api.telegram.org"
    packs: Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_paths), Field(alias="FOOTNOTE_PACKS")] = (
        SHIPPED_PACK,
    )
    documents: Annotated[Folder | None, Field(alias="FOOTNOTE_DOCUMENTS")] = None
    database: Annotated[str, AfterValidator(_database_url), Field(alias="FOOTNOTE_DATABASE", repr=False)] = (
        "sqlite+aiosqlite:///footnote.db"
    )
    webhook_url: Annotated[WebAddress | None, Field(alias="FOOTNOTE_WEBHOOK_URL")] = None
    webhook_secret: Annotated[Secret | None, Field(alias="FOOTNOTE_WEBHOOK_SECRET")] = None
    listen: Annotated[str, AfterValidator(_address), Field(alias="FOOTNOTE_LISTEN")] = "127.0.0.1:8443"
    owners: Annotated[frozenset[int], NoDecode, BeforeValidator(_user_ids), Field(alias="FOOTNOTE_OWNERS")] = (
        frozenset()
    )
    timezone: Annotated[str, AfterValidator(_zone), Field(alias="FOOTNOTE_TIMEZONE")] = "UTC"
    post_at: Annotated[str, AfterValidator(_time_of_day), Field(alias="FOOTNOTE_POST_AT")] = "09:00"
    log: Annotated[Level, Field(alias="FOOTNOTE_LOG")] = "info"
    log_format: Annotated[Literal["text", "json"], Field(alias="FOOTNOTE_LOG_FORMAT")] = "text"


def load_settings() -> Settings:
    """Settings as the environment has them now. Raises ConfigError naming each wrong variable."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False, include_context=False)
        said = "; ".join(f"{e['loc'][0]} {_in_words(e['msg'])}" for e in wrong)
        raise ConfigError(f"wrong settings: {said}") from None
    except UnicodeDecodeError:
        raise ConfigError("the file .env is not written in UTF-8") from None


def _in_words(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Input should be", "must be")
