"""Settings from the environment or a `.env` file, read once into one frozen object."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

SHIPPED_PACK = Path("knowledge/packs/stalin")
DATABASES = ("sqlite+aiosqlite", "postgresql+psycopg")


class ConfigError(Exception):
    """A setting that is missing or wrong, in one sentence that names it."""


def _split(separator: str) -> BeforeValidator:
    return BeforeValidator(lambda v: [p for p in v.split(separator) if p.strip()] if isinstance(v, str) else v)


class Settings(BaseSettings):
    """All settings; each field's alias is its environment variable."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True)

    token: Annotated[SecretStr | None, Field(alias="TELEGRAM_BOT_TOKEN")] = None
    telegram_api: Annotated[str, Field(alias="FOOTNOTE_TELEGRAM_API")] = "https://api.telegram.org"
    packs: Annotated[tuple[Path, ...], NoDecode, _split(":"), Field(alias="FOOTNOTE_PACKS", min_length=1)] = (
        SHIPPED_PACK,
    )
    documents: Annotated[Path | None, Field(alias="FOOTNOTE_DOCUMENTS")] = None
    database: Annotated[str, Field(alias="FOOTNOTE_DATABASE")] = "sqlite+aiosqlite:///footnote.db"
    webhook_url: Annotated[str | None, Field(alias="FOOTNOTE_WEBHOOK_URL")] = None
    webhook_secret: Annotated[SecretStr | None, Field(alias="FOOTNOTE_WEBHOOK_SECRET")] = None
    listen: Annotated[str, Field(alias="FOOTNOTE_LISTEN")] = "127.0.0.1:8443"
    owners: Annotated[frozenset[int], NoDecode, _split(","), Field(alias="FOOTNOTE_OWNERS")] = frozenset()
    timezone: Annotated[str, Field(alias="FOOTNOTE_TIMEZONE")] = "UTC"
    post_at: Annotated[str, Field(alias="FOOTNOTE_POST_AT")] = "09:00"
    log: Annotated[Literal["debug", "info", "warning", "error"], Field(alias="FOOTNOTE_LOG")] = "info"
    log_format: Annotated[Literal["text", "json"], Field(alias="FOOTNOTE_LOG_FORMAT")] = "text"

    @field_validator("telegram_api")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("database")
    @classmethod
    def _database_url(cls, value: str) -> str:
        try:
            driver = make_url(value).drivername
        except ArgumentError:
            driver = ""
        if driver not in DATABASES:
            raise ValueError(
                "must be a URL such as sqlite+aiosqlite:///footnote.db or postgresql+psycopg://user@host/name"
            )
        return value

    @field_validator("documents")
    @classmethod
    def _folder(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError(f"{value} is no folder")
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is no time zone; write one such as Europe/Kyiv")
        return ZoneInfo(value).key

    @field_validator("post_at")
    @classmethod
    def _time(cls, value: str) -> str:
        try:
            return dt.datetime.strptime(value, "%H:%M").strftime("%H:%M")  # noqa: DTZ007 - a wall clock's time
        except ValueError:
            raise ValueError(f"{value!r} is no time of day; write one such as 09:00") from None


def load_settings() -> Settings:
    """Settings as the environment has them now. Raises ConfigError naming each wrong variable."""
    try:
        return Settings()
    except ValidationError as error:
        said = "; ".join(
            f"{e['loc'][0]}: {_in_words(e['msg'])}" for e in error.errors(include_url=False, include_input=False)
        )
        raise ConfigError(f"wrong settings: {said}") from None


def _in_words(message: str) -> str:
    return message.removeprefix("Value error, ")
