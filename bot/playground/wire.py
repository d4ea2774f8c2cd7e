"""What comes in over HTTP: one reading for JSON, form and multipart bodies."""

from __future__ import annotations

import json
from email import message_from_bytes
from email.policy import HTTP
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from starlette.requests import Request

Json: TypeAlias = dict[str, Any]


class UnreadableError(ValueError):
    """The body is not what its content type says."""


async def read_parameters(request: Request) -> Json:
    """The query string and the body as one mapping. Form values stay strings, uploaded files become bytes."""
    parameters: Json = dict(request.query_params)
    if body := await request.body():
        parameters |= _read_body(body, request.headers.get("content-type", ""))
    return parameters


def _read_body(body: bytes, content_type: str) -> Json:
    match content_type.partition(";")[0].strip().lower():
        case "application/json":
            return _read_json(body)
        case "application/x-www-form-urlencoded":
            return _read_form(body)
        case "multipart/form-data":
            return _read_multipart(body, content_type)
        case other:
            raise UnreadableError(f"unsupported content type {other!r}")


def parse_json(source: str | bytes) -> object:
    """JSON that can be told again as UTF-8: neither NaN nor half a surrogate pair. ValueError for anything else."""
    value = json.loads(source)
    json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    return value


def _read_json(body: bytes) -> Json:
    try:
        value = parse_json(body)
    except ValueError as error:
        raise UnreadableError("can't parse JSON object") from error
    if not isinstance(value, dict):
        raise UnreadableError("object expected as JSON body")
    return value


def _read_form(body: bytes) -> Json:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, errors="strict"))
    except ValueError as error:
        raise UnreadableError("can't parse form") from error


def _read_multipart(body: bytes, content_type: str) -> Json:
    message = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body, policy=HTTP)
    if not message.is_multipart():
        raise UnreadableError("can't parse multipart form")
    values: Json = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            raise UnreadableError("can't parse multipart form")
        values[name] = content if part.get_filename() else _text(content)
    return values


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise UnreadableError("strings must be encoded in UTF-8") from error
