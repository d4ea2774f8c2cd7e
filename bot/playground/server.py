"""The HTTP server: the Bot API below `/bot<token>/` and the people's side below `/control/`."""

from __future__ import annotations

import asyncio
import re
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.playground import control
from bot.playground.client import Playground
from bot.playground.errors import ApiError, bad_request
from bot.playground.journal import CUT_OFF
from bot.playground.methods import find_method
from bot.playground.remote import DEFAULT_TOKEN
from bot.playground.wire import Json, UnreadableError, read_parameters
from bot.playground.world import World

LOOPBACK = "127.0.0.1"
SHUTDOWN_SECONDS = 2
TOKEN = re.compile(r"[0-9]{1,16}:[A-Za-z0-9_-]{24,}")


@dataclass(frozen=True, slots=True)
class _Outcome:
    given: Json
    result: object = None
    error: ApiError | None = None


@dataclass(frozen=True, slots=True)
class BotApi:
    """Answers the bot's calls out of a world."""

    world: World
    token: str = field(repr=False)
    cut: Callable[[Request], None]

    async def respond(self, request: Request) -> Response:
        """Carry out one call, with the fault that waits for it, and write it down."""
        try:
            self._authorise(request.path_params["token"])
        except ApiError as error:
            return _refusal(error)
        name, began = request.path_params["method"], time.monotonic()
        fault = self.world.faults.take(name)
        untouched = fault is not None and fault.when == "before" and fault.kind != "slow"
        outcome = await self._carry_out(request, name, only_read=untouched)
        told = (fault.error() if fault else None) or outcome.error
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        dropped = fault is not None and fault.kind == "drop"
        self.world.journal.write(
            name,
            outcome.given,
            code=CUT_OFF if dropped else (told.code if told else HTTPStatus.OK),
            description=told.description if told and not dropped else None,
            seconds=time.monotonic() - began,
            mistake=outcome.error if outcome.error and outcome.error.is_violation else None,
        )
        if dropped:
            return await self._hang_up(request)
        return _refusal(told) if told else JSONResponse({"ok": True, "result": outcome.result})

    async def _carry_out(self, request: Request, name: str, *, only_read: bool) -> _Outcome:
        given: Json = {}
        try:
            given = await _read(request)
            if only_read:
                return _Outcome(given)
            self.world.limits.check(name, given)
            result = await find_method(name)(self.world, given)
        except ApiError as error:
            return _Outcome(given, error=error)
        return _Outcome(given, result)

    def _authorise(self, token: str) -> None:
        if not TOKEN.fullmatch(token):
            raise ApiError(HTTPStatus.NOT_FOUND, "Not Found")
        if not secrets.compare_digest(token, self.token):
            raise ApiError(HTTPStatus.UNAUTHORIZED, "Unauthorized")

    async def _hang_up(self, request: Request) -> Response:
        """Cut the connection and wait until the server has noticed: what is returned then goes nowhere."""
        self.cut(request)
        while (await request.receive())["type"] != "http.disconnect":
            pass
        return Response()


async def _read(request: Request) -> Json:
    try:
        return await read_parameters(request)
    except UnreadableError as error:
        raise bad_request(str(error)) from error


def _refusal(error: ApiError) -> JSONResponse:
    return JSONResponse(error.answer(), error.code)


async def _not_found(_: Request, __: Exception) -> Response:
    return _refusal(ApiError(HTTPStatus.NOT_FOUND, "Not Found"))


async def _broken(_: Request, __: Exception) -> Response:
    return _refusal(ApiError(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal Server Error"))


def create_app(world: World, token: str, cut: Callable[[Request], None]) -> Starlette:
    """The ASGI application. `cut` closes the connection that a request came in on.

    Only requests that name a loopback host are served, so that no web page elsewhere can steer the playground.
    """
    api = BotApi(world, token, cut)
    return Starlette(
        routes=[Route("/bot{token}/{method}", api.respond, methods=["GET", "POST"]), *control.routes(world)],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[LOOPBACK, "localhost"], www_redirect=False)],
        exception_handlers={HTTPStatus.NOT_FOUND: _not_found, Exception: _broken},
    )


class _Server(uvicorn.Server):
    """A server inside somebody else's loop leaves the signals to its host."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def cut(self, request: Request) -> None:
        for connection in list(self.server_state.connections):
            if getattr(connection, "client", None) == tuple(request.client or ()):
                connection.transport.abort()


@asynccontextmanager
async def serve(port: int = 0, *, token: str = DEFAULT_TOKEN) -> AsyncIterator[Playground]:
    """Run a playground in this loop, on a free loopback port unless one is named, and yield its driver.

    Raises ValueError for a token that no bot can have, OSError when the port is taken.
    """
    if not TOKEN.fullmatch(token):
        raise ValueError("the token must look like 123456:letters-and-digits, with at least 24 of them")
    world = World(int(token.partition(":")[0]))
    # asyncio turns Nagle's delay off only where TCP is named: left on, each small answer takes 40 ms
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen()
        server = _server_of(world, token)
        running = asyncio.create_task(server.serve(sockets=[listener]), name="playground")
        try:
            async with Playground.connect(f"http://{LOOPBACK}:{listener.getsockname()[1]}", token=token) as playground:
                yield playground
        finally:
            world.close()
            server.should_exit = True
            await running


def _server_of(world: World, token: str) -> _Server:
    app = create_app(world, token, lambda request: server.cut(request))
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    server = _Server(config)
    return server
