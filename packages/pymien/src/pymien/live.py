"""Faces, episodes and the rest of a running mien, as they happen: a client of its WebSocket protocol, version 1."""

import asyncio
import json
import logging
import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal, cast
from urllib.parse import urlsplit, urlunsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.typing import Subprotocol

from .errors import NoServer, Refused
from .messages import Message, SubscribedMessage, WelcomeMessage

#: Kinds of messages that can be subscribed to.
Kind = Literal["faces", "episodes", "insights", "rules", "states", "stats", "preview"]

#: Close codes after which coming back cannot help.
FINAL_CODES = {
    1002: "the server met frames that are no WebSocket frames",
    1007: "the server met text that is not UTF-8",
    1009: "a message was larger than the server takes",
    4400: "the server speaks another version of the protocol",
    4401: "the token is missing or wrong",
}
_VERSION = 1
_SUBSCRIPTION = "pymien"
_NUMBERED = ("episode", "insight", "rule", "state", "removed")
_DURABLE = ("episodes", "insights", "rules", "states")
_log = logging.getLogger("pymien")


@dataclass(frozen=True)
class Waits:
    """How long to wait, in seconds: for an answer, and before the first and the longest new attempt."""

    answer: float = 10
    first: float = 0.25
    longest: float = 10


@dataclass(frozen=True)
class _Told:
    """Up to where nothing is missing: a run of the server, and a number in it."""

    epoch: str
    seq: int


async def subscribe(
    url: str,
    *,
    token: str | None = None,
    cameras: Sequence[str] | None = None,
    kinds: Sequence[Kind] = ("faces", "episodes"),
    max_rate_hz: float | None = None,
    landmarks: Literal["none", "68", "468"] = "none",
    waits: Waits | None = None,
) -> AsyncGenerator[Message, None]:
    """Yield messages of a running mien, and come back after a lost connection without missing what it remembers.

    `cameras` None is all, also those that are added later. Of faces and pictures a reader that is too slow gets the
    newest; episodes, insights, firings and states all come, in order. Where the server has forgotten some of them, or
    was started again, a message of type "gap" comes first. Why a connection ended is logged under "pymien".

    Raises NoServer when nothing answers at first, Refused when coming back cannot help: code 4401 for the token, 4400
    for the protocol, and the code of the server's error for a subscription that it does not take. Close the iterator
    (`contextlib.aclosing`, or leave `asyncio.run`) to end the connection.
    """
    session = _Session(_request(cameras, kinds, max_rate_hz, landmarks), token, waits or Waits())
    address, attempt = _socket_url(url), 0
    while True:
        problem = "the connection was lost"
        try:
            async with (
                _open(address, session.waits) as socket,
                aclosing(session.conversation(socket)) as messages,
            ):
                async for message in messages:
                    attempt = 0
                    yield message
        except ConnectionClosed as error:
            code, said = (error.rcvd.code, error.rcvd.reason) if error.rcvd else (1006, "")
            if code in FINAL_CODES:
                raise Refused(f"{address}: {FINAL_CODES[code]}{f' ({said})' if said else ''}", code) from error
            problem = f"closed with {code} {said}".strip()
        except InvalidStatus as error:
            status = error.response.status_code
            if status < 500:
                raise Refused(
                    f"{address}: HTTP {status} instead of a WebSocket; is this mien serve?", status
                ) from error
            problem = f"HTTP {status}"
        except (OSError, InvalidHandshake, TimeoutError) as error:
            problem = str(error) or type(error).__name__
        if not session.welcomed:
            raise NoServer(f"{address}: no mien answers ({problem}); start `mien serve`, or check the address")
        wait = min(session.waits.longest, session.waits.first * 2**attempt) * (0.5 + random.random() / 2)
        _log.warning("%s: %s; trying again in %.1f s", address, problem, wait)
        attempt += 1
        await asyncio.sleep(wait)


class _Session:
    """One subscription over all connections."""

    def __init__(self, request: dict[str, Any], token: str | None, waits: Waits) -> None:
        self.request = request
        self.token = token
        self.waits = waits
        self.welcomed = False
        self._told: _Told | None = None

    async def conversation(self, socket: ClientConnection) -> AsyncGenerator[Message, None]:
        welcome = await self._hello(socket)
        subscribed = await self._subscribe(socket, welcome)
        epoch, seq, replay = welcome["epoch"], welcome["seq"], subscribed["replayed"]
        if subscribed["unknown"]:
            _log.warning("no camera called %s; its messages come once it is added", ", ".join(subscribed["unknown"]))
        if subscribed["gap"]:
            yield {"type": "gap"}
        if replay == 0:
            self._told = _Told(epoch, seq)
        async for data in socket:
            message = _decoded(data)
            kind = message.get("type")
            if kind == "error":
                raise Refused(message["message"], message["code"])
            if kind in ("pong", "subscribed", "unsubscribed", "welcome"):
                continue
            if kind in _NUMBERED:
                seq, replay = max(seq, message["seq"]), max(0, replay - 1)
            yield cast(Message, message)
            # Once the reader has it; a replay that was cut short begins anew.
            if kind in _NUMBERED and replay == 0:
                self._told = _Told(epoch, seq)

    async def _hello(self, socket: ClientConnection) -> WelcomeMessage:
        hello = {"type": "hello", "v": _VERSION, "client": "pymien"} | ({"token": self.token} if self.token else {})
        await socket.send(json.dumps(hello))
        welcome = cast(WelcomeMessage, await self._answer(socket, "welcome"))
        self.welcomed = True
        return welcome

    async def _subscribe(self, socket: ClientConnection, welcome: WelcomeMessage) -> SubscribedMessage:
        self._told = self._told or _Told(welcome["epoch"], welcome["seq"])
        resume = {"resume": {"epoch": self._told.epoch, "seq": self._told.seq}}
        durable = any(kind in _DURABLE for kind in self.request["kinds"])
        await socket.send(json.dumps(self.request | (resume if durable else {})))
        return cast(SubscribedMessage, await self._answer(socket, "subscribed"))

    async def _answer(self, socket: ClientConnection, wanted: str) -> dict[str, Any]:
        while True:
            message = _decoded(await asyncio.wait_for(socket.recv(), self.waits.answer))
            if message.get("type") == "error":
                raise Refused(message["message"], message["code"])
            if message.get("type") == wanted:
                return message


def _open(address: str, waits: Waits) -> connect:
    # Compression costs the server more than it saves on one machine; silence is asked about by WebSocket pings.
    return connect(
        address,
        subprotocols=[Subprotocol("mien.v1")],
        compression=None,
        max_size=None,
        open_timeout=waits.answer,
        ping_interval=waits.answer,
        ping_timeout=waits.answer,
        user_agent_header="pymien",
    )


def _request(
    cameras: Sequence[str] | None, kinds: Sequence[Kind], max_rate_hz: float | None, landmarks: str
) -> dict[str, Any]:
    if isinstance(cameras, str):
        raise TypeError(f"cameras is a list of camera ids: [{cameras!r}]")
    request: dict[str, Any] = {
        "type": "subscribe",
        "id": _SUBSCRIPTION,
        "sources": "*" if cameras is None else list(cameras),
        "kinds": list(kinds),
        "landmarks": landmarks,
    }
    return request if max_rate_hz is None else request | {"maxRateHz": max_rate_hz}


def _decoded(data: str | bytes) -> dict[str, Any]:
    if isinstance(data, str):
        return cast(dict[str, Any], json.loads(data))
    end = 4 + int.from_bytes(data[:4], "big")
    return cast(dict[str, Any], json.loads(data[4:end])) | {"jpeg": data[end:]}


def _socket_url(url: str) -> str:
    parts = urlsplit(url)
    scheme = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}.get(parts.scheme)
    if scheme is None or not parts.netloc:
        raise ValueError(f"{url!r} is not an http or ws address; write http://127.0.0.1:7420")
    return urlunsplit((scheme, parts.netloc, "/ws" if parts.path in ("", "/") else parts.path, parts.query, ""))
