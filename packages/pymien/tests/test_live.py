import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

import pymien
from pymien import Message

QUICK = pymien.Waits(answer=10, first=0.001, longest=0.01)


async def take(messages: AsyncGenerator[Message, None], count: int) -> list[Message]:
    taken: list[Message] = []
    async with aclosing(messages):
        async for message in messages:
            taken.append(message)
            if len(taken) == count:
                break
    return taken


def test_reads_faces_of_a_running_mien(server: str) -> None:
    async def first_face() -> tuple[Message, Any]:
        async with aclosing(pymien.subscribe(server, kinds=["faces"], max_rate_hz=30)) as messages:
            async for message in messages:
                if message["type"] == "faces":
                    for face in message["faces"]:
                        if face["track"] is not None and face["emotions"]:
                            return message, face
        raise AssertionError("the messages ended")

    message, face = asyncio.run(asyncio.wait_for(first_face(), 60))
    assert message["type"] == "faces"
    assert abs(sum(face["emotions"]["smoothed"].values()) - 1) < 1e-3


def test_a_real_mien_refuses_what_it_does_not_take(server: str) -> None:
    with pytest.raises(pymien.Refused, match="maxRateHz"):
        asyncio.run(take(pymien.subscribe(server, max_rate_hz=100_000), 1))


def test_a_real_mien_sends_episodes_and_states(server: str) -> None:
    async def until_end() -> list[Message]:
        seen: list[Message] = []
        async with aclosing(pymien.subscribe(server, kinds=["episodes", "states"])) as messages:
            async for message in messages:
                seen.append(message)
                if message["type"] == "episode" and message["episode"]["phase"] == "end":
                    break
        return seen

    seen = asyncio.run(asyncio.wait_for(until_end(), 60))
    numbers = [message["seq"] for message in seen if message["type"] in ("episode", "state")]
    assert numbers == sorted(numbers)


Script = Callable[["Peer"], Awaitable[None]]


class Peer:
    """The server's end of one connection, as a script plays it."""

    def __init__(self, socket: ServerConnection) -> None:
        self.socket = socket

    async def send(self, **message: object) -> None:
        await self.socket.send(json.dumps(message))

    async def heard(self) -> dict[str, Any]:
        heard: dict[str, Any] = json.loads(await self.socket.recv())
        return heard

    async def welcome(self, epoch: str = "e1", seq: int = 5) -> dict[str, Any]:
        """Do what comes before the messages; return the request to subscribe."""
        assert (await self.heard())["type"] == "hello"
        await self.send(type="welcome", v=1, epoch=epoch, seq=seq)
        return await self.heard()

    async def subscribed(self, replayed: int = 0, gap: bool = False) -> None:
        await self.send(type="subscribed", id="pymien", replayed=replayed, gap=gap, unknown=[])

    async def episode(self, seq: int) -> None:
        await self.send(type="episode", seq=seq, source="door", episode={})


@asynccontextmanager
async def scripted(*scripts: Script) -> AsyncGenerator[str, None]:
    """A server whose first connection runs the first script, and so on; its failures are the test's."""
    waiting, failures = list(scripts), []

    async def play(socket: ServerConnection) -> None:
        try:
            await waiting.pop(0)(Peer(socket))
        except AssertionError as error:
            failures.append(error)

    async with serve(play, "127.0.0.1", 0, subprotocols=["mien.v1"]) as listening:  # type: ignore[list-item]
        port = listening.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    if failures:
        raise failures[0]


def run(count: int, *scripts: Script, **more: Any) -> list[Message]:  # noqa: ANN401
    async def all_of_it() -> list[Message]:
        async with scripted(*scripts) as url:
            return await take(pymien.subscribe(url, waits=QUICK, **more), count)

    return asyncio.run(asyncio.wait_for(all_of_it(), 30))


def test_says_hello_with_its_token_and_asks_for_what_is_wanted() -> None:
    async def script(peer: Peer) -> None:
        assert await peer.heard() == {"type": "hello", "v": 1, "client": "pymien", "token": "secret"}
        await peer.send(type="welcome", v=1, epoch="e1", seq=5)
        assert await peer.heard() == {
            "type": "subscribe",
            "id": "pymien",
            "sources": ["door"],
            "kinds": ["faces", "episodes"],
            "landmarks": "68",
            "maxRateHz": 5,
            "resume": {"epoch": "e1", "seq": 5},
        }
        await peer.subscribed()
        await peer.episode(6)

    run(1, script, token="secret", cameras=["door"], max_rate_hz=5, landmarks="68")


def test_resumes_after_a_cut_where_it_was() -> None:
    async def first(peer: Peer) -> None:
        await peer.welcome()
        await peer.subscribed()
        await peer.episode(6)
        peer.socket.transport.abort()

    async def second(peer: Peer) -> None:
        assert (await peer.welcome(seq=9))["resume"] == {"epoch": "e1", "seq": 6}
        await peer.subscribed(replayed=2)
        await peer.episode(7)
        await peer.episode(9)

    messages = run(3, first, second)
    assert [message["seq"] for message in messages if message["type"] == "episode"] == [6, 7, 9]


def test_a_replay_that_is_cut_short_begins_anew() -> None:
    async def first(peer: Peer) -> None:
        await peer.welcome()
        await peer.subscribed(replayed=2)
        await peer.episode(4)
        peer.socket.transport.abort()

    async def second(peer: Peer) -> None:
        assert (await peer.welcome(seq=9))["resume"] == {"epoch": "e1", "seq": 5}
        await peer.subscribed(replayed=0)
        peer.socket.transport.abort()

    async def third(peer: Peer) -> None:
        # Nothing had to be repeated: all up to the welcome was told.
        assert (await peer.welcome(seq=9))["resume"] == {"epoch": "e1", "seq": 9}
        await peer.subscribed()
        await peer.episode(10)

    assert len(run(2, first, second, third)) == 2


def test_tells_a_gap_when_the_server_was_started_again() -> None:
    async def first(peer: Peer) -> None:
        await peer.welcome()
        await peer.subscribed()
        await peer.episode(6)
        await peer.socket.close(1001)

    async def second(peer: Peer) -> None:
        await peer.welcome(epoch="e2", seq=0)
        await peer.subscribed(gap=True)
        await peer.episode(1)

    assert [message["type"] for message in run(3, first, second)] == ["episode", "gap", "episode"]


@pytest.mark.parametrize("code", [1001, 1013, 4408, 4429])
def test_comes_back_after(code: int) -> None:
    async def first(peer: Peer) -> None:
        await peer.welcome()
        await peer.subscribed()
        await peer.socket.close(code)

    async def second(peer: Peer) -> None:
        await peer.welcome()
        await peer.subscribed()
        await peer.episode(6)

    assert len(run(1, first, second)) == 1


@pytest.mark.parametrize(("code", "said"), [(4401, "token"), (4400, "version"), (1009, "larger"), (1007, "UTF-8")])
def test_does_not_come_back_after(code: int, said: str) -> None:
    async def script(peer: Peer) -> None:
        await peer.heard()
        await peer.socket.close(code, "why")

    with pytest.raises(pymien.Refused, match=said) as refused:
        run(1, script)
    assert refused.value.code == code


def test_reads_pictures() -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome()
        await peer.subscribed()
        header = json.dumps({"type": "preview", "id": "pymien", "source": "door", "ptsUs": 1}).encode()
        await peer.socket.send(len(header).to_bytes(4, "big") + header + b"\xff\xd8jpeg")

    (message,) = run(1, script, kinds=["preview"])
    assert message["type"] == "preview"
    assert message["source"] == "door"
    assert message["jpeg"] == b"\xff\xd8jpeg"


def test_passes_over_what_a_newer_server_says() -> None:
    async def script(peer: Peer) -> None:
        await peer.welcome()
        await peer.send(type="news")
        await peer.subscribed()
        await peer.episode(6)

    assert len(run(1, script)) == 1


def test_says_that_nobody_is_there() -> None:
    with pytest.raises(pymien.NoServer, match=r"ws://127\.0\.0\.1:9/ws: no mien answers .*start `mien serve`"):
        asyncio.run(take(pymien.subscribe("http://127.0.0.1:9", waits=QUICK), 1))


def test_an_address_is_checked_before() -> None:
    with pytest.raises(ValueError, match="not an http or ws address"):
        asyncio.run(take(pymien.subscribe("localhost:7420"), 1))
    with pytest.raises(TypeError, match="list of camera ids"):
        asyncio.run(take(pymien.subscribe("http://127.0.0.1:9", cameras="door"), 1))
