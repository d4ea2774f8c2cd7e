"""The server: who is let in, which bodies are read, how it starts and stops."""

import asyncio
import json
import logging
import os
import signal
import sys
from pathlib import Path

import httpx
import pytest

from bot.playground import Person, Playground, serve
from bot.playground.__main__ import main

ROOT = Path(__file__).parents[3]
OTHER_TOKEN = "4200000042:" + "y" * 35


@pytest.mark.parametrize(
    ("token", "code", "description"),
    [(OTHER_TOKEN, 401, "Unauthorized"), ("42", 404, "Not Found"), ("nonsense:x", 404, "Not Found")],
)
async def test_only_the_bots_own_token_is_let_in(
    playground: Playground, token: str, code: int, description: str
) -> None:
    async with httpx.AsyncClient() as http:
        response = await http.get(f"{playground.base_url}{token}/getMe")

    assert response.status_code == code
    assert response.json() == {"ok": False, "error_code": code, "description": description}
    assert await playground.calls() == []


async def test_json_forms_multipart_and_queries_are_read_alike(playground: Playground, ann: Person) -> None:
    url = f"{playground.base_url}{playground.token}/sendMessage"
    markup = {"inline_keyboard": [[{"text": "Ja?", "callback_data": "é"}]]}
    fields = {"chat_id": str(ann.id), "text": "12 é", "reply_markup": json.dumps(markup)}

    async with httpx.AsyncClient() as http:
        responses = [
            await http.post(url, json={"chat_id": ann.id, "text": "12 é", "reply_markup": markup}),
            await http.post(url, data=fields),
            await http.post(url, files={name: (None, value) for name, value in fields.items()}),
            await http.get(url, params=fields),
            await http.post(url, params={"chat_id": ann.id}, json={"text": "12 é", "reply_markup": markup}),
        ]

    results = [response.json()["result"] for response in responses]
    assert {result["text"] for result in results} == {"12 é"}
    assert all(result["reply_markup"] == markup for result in results)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/json", b'{"text": NaN}'),
        ("application/json", rb'{"text": "\ud83d"}'),
        ("application/x-www-form-urlencoded", b"text"),
        ("multipart/form-data; boundary=x", b"text"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\ntext\r\n--x--\r\n"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--\r\n',
        ),
        ("text/plain", b"text"),
    ],
)
async def test_a_body_that_cannot_be_read_is_a_bad_request(
    playground: Playground, content_type: str, body: bytes
) -> None:
    async with httpx.AsyncClient() as http:
        url = f"{playground.base_url}{playground.token}/getMe"
        response = await http.post(url, content=body, headers={"content-type": content_type})

    assert response.status_code == 400
    assert response.json()["error_code"] == 400
    assert len(await playground.violations()) == 1


async def test_a_file_where_text_belongs_is_refused(playground: Playground, ann: Person) -> None:
    async with httpx.AsyncClient() as http:
        response = await http.post(
            f"{playground.base_url}{playground.token}/sendMessage",
            data={"chat_id": str(ann.id)},
            files={"text": ("text.txt", b"hello")},
        )

    assert response.json()["description"].startswith('Bad Request: parameter "text" is wrong')


async def test_unknown_methods_and_paths_are_not_found(playground: Playground) -> None:
    async with httpx.AsyncClient() as http:
        elsewhere = await http.get(f"{playground.url}/elsewhere")

    assert (await playground.call("sendRegards"))["error_code"] == 404
    assert elsewhere.json() == {"ok": False, "error_code": 404, "description": "Not Found"}
    assert [violation["method"] for violation in await playground.violations()] == ["sendRegards"]


async def test_web_pages_from_elsewhere_cannot_steer_the_playground(playground: Playground) -> None:
    async with httpx.AsyncClient(base_url=playground.url) as http:
        as_plain_form = await http.post("/control/users", content=b'{"first_name": "Eve"}')
        under_another_name = await http.get("/control/calls", headers={"host": "attacker.example"})

    assert as_plain_form.status_code == 415
    assert under_another_name.status_code == 400


@pytest.mark.parametrize(
    ("path", "form"), [("users", {}), ("users", {"first_name": "Ann", "age": 7}), ("chats", {"type": "channel"})]
)
async def test_a_control_request_that_makes_no_sense_is_refused(
    playground: Playground, path: str, form: dict[str, object]
) -> None:
    async with httpx.AsyncClient(base_url=playground.url) as http:
        response = await http.post(f"/control/{path}", json=form)

    assert response.status_code == 400
    assert response.json()["error"]


async def test_a_token_that_no_bot_has_is_refused() -> None:
    with pytest.raises(ValueError, match="the token must look like"):
        async with serve(token="short"):
            pass


async def test_the_token_stays_out_of_the_log(playground: Playground, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)

    await playground.call("getMe")
    await playground.call("sendRegards")

    assert playground.token not in caplog.text
    assert playground.token not in repr(playground)


async def test_it_stops_at_once_though_a_poll_waits() -> None:
    async with httpx.AsyncClient() as http:
        async with serve() as playground:
            url = f"{playground.base_url}{playground.token}/getUpdates"
            waiting = asyncio.create_task(http.get(url, params={"timeout": 50}, timeout=60))
            await asyncio.sleep(0.2)
        answered = await asyncio.wait_for(waiting, 1)

    assert answered.json() == {"ok": True, "result": []}


async def test_as_a_process_it_prints_its_url_first_and_stops_when_told() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.playground", "--port", "0", "--token", OTHER_TOKEN,
        cwd=ROOT, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()

    async with Playground.connect(url, token=OTHER_TOKEN) as playground:
        assert (await playground.call("getMe"))["result"]["username"] == "footnote_bot"
    process.send_signal(signal.SIGTERM)
    _, errors = await asyncio.wait_for(process.communicate(), 10)

    assert process.returncode == 0
    assert errors == b""


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [(["--token", "short"], "the token must look like"), (["--port", "65536"], "port must be 0-65535")],
)
def test_what_keeps_it_from_starting_is_told_in_one_sentence(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 1
    assert reason in capsys.readouterr().err


async def test_a_taken_port_is_told(playground: Playground) -> None:
    with pytest.raises(OSError, match="in use"):
        async with serve(int(playground.url.rpartition(":")[2])):
            pass
