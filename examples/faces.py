"""Prints the smoothed emotion of every face, five times a second, from a running `mien serve`. Needs websockets.

python examples/faces.py ws://127.0.0.1:7420/ws
"""

import asyncio
import json
import os
import sys

import websockets


async def main(url: str) -> None:
    async with websockets.connect(url, subprotocols=["mien.v1"]) as socket:
        await socket.send(json.dumps({"type": "hello", "v": 1, "token": os.environ.get("MIEN_TOKEN", "")}))
        await socket.send(
            json.dumps({"type": "subscribe", "id": "example", "sources": "*", "kinds": ["faces"], "maxRateHz": 5})
        )
        async for text in socket:
            message = json.loads(text)
            if message["type"] == "error":
                print(message, file=sys.stderr)
            for face in message.get("faces", []):
                if face["label"] is None:  # no reading: "missing" says why
                    print(message["source"], face["track"], face["validity"])
                else:
                    print(message["source"], face["track"], face["label"], face["confidence"])


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "ws://127.0.0.1:7420/ws"))
