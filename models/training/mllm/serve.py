"""python -m mllm.serve --model BASE --run RUN [--port 8000] [--batch 8]: the OpenAI chat interface for a model with the papers' parts.

vLLM does not know them; this server does, on one GPU or the processor. It takes what comes within a few milliseconds as one batch, streams, and reads
`mien: {landmarks: [[…]]}`, the numbers of each picture, beside the messages. Listens on this machine alone unless --host says otherwise. No key, no state, nothing is kept.
"""

import argparse
import json
import queue
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import torch
from torch import nn
from transformers import ProcessorMixin

from .bases import base_model, parts_of, processor_of
from .low_rank import merged
from .parts import FaceParts
from .speak import Question, Refused, answer, question_of

BODY_BYTES = 16 * 2**20
WAITING = 256  # questions; more are told to come later


class Batches(threading.Thread):
    """Asks the model, a batch at a time. What fails in one batch is told to its questions, and the next goes on."""

    def __init__(self, model: nn.Module, processor: ProcessorMixin, size: int, gather_seconds: float = 0.01) -> None:
        super().__init__(daemon=True)
        self.model, self.processor, self.size, self.gather_seconds = model, processor, size, gather_seconds
        self.waiting: queue.Queue[Question] = queue.Queue(WAITING)
        self.sizes: list[int] = []

    def run(self) -> None:
        while True:
            batch = [self.waiting.get()]
            until = time.monotonic() + self.gather_seconds
            while len(batch) < self.size:
                try:
                    batch.append(self.waiting.get(timeout=max(0.0, until - time.monotonic())))
                except queue.Empty:
                    break
            self.sizes = [*self.sizes[-999:], len(batch)]
            try:
                answer(self.model, self.processor, batch)
            except Exception as error:  # noqa: BLE001  told to who asked; the server goes on
                for question in batch:
                    question.heard("", f"error: {error}")


class Handler(BaseHTTPRequestHandler):
    """GET /health, GET /v1/models, POST /v1/chat/completions."""

    protocol_version = "HTTP/1.1"
    batches: Batches
    name: str
    parts: FaceParts

    @property
    def prior_size(self) -> int:
        return self.parts.prior_size if self.parts.prior != "none" else 0

    def log_message(self, *_: object) -> None:
        """Says nothing: requests carry pictures of people."""

    def do_GET(self) -> None:  # noqa: N802
        if self.path == "/health":
            return self._json(200, {"status": "ok"})
        if self.path == "/v1/models":
            entry = {"id": self.name, "object": "model", "owned_by": "mien", "parent": None, "mien": {"landmarks": self.prior_size}}
            return self._json(200, {"object": "list", "data": [entry]})
        return self._problem(404, f"nothing is at {self.path}")

    def do_POST(self) -> None:  # noqa: N802
        length = int(self.headers.get("content-length") or 0)
        if not 0 < length <= BODY_BYTES:
            self.close_connection = True
            return self._problem(413, f"a body of 1 to {BODY_BYTES} bytes is taken")
        raw = self.rfile.read(length)
        if self.path != "/v1/chat/completions":
            return self._problem(404, f"nothing is at {self.path}")
        said: queue.Queue[tuple[str, str | None]] = queue.Queue()
        gone = threading.Event()
        try:
            body = json.loads(raw)
            if body.get("model") not in (None, self.name):
                return self._problem(404, f"no model {body.get('model')!r}; there is {self.name}")
            question = question_of(body, self.prior_size, lambda text, reason: said.put((text, reason)), gone.is_set)
        except (Refused, ValueError, AttributeError, TypeError) as error:
            return self._problem(400, str(error) if isinstance(error, Refused) else "the body is no chat completion request")
        try:
            self.batches.waiting.put_nowait(question)
        except queue.Full:
            return self._problem(503, "too many questions wait; come again later")
        try:
            return self._stream(said) if body.get("stream") else self._whole(said)
        except OSError:
            gone.set()  # nobody listens any more: the answer ends at its next token
            self.close_connection = True

    def _whole(self, said: queue.Queue) -> None:
        text = ""
        while True:
            piece, reason = said.get()
            text += piece
            if reason is not None:
                break
        if reason.startswith("error"):
            return self._problem(500, reason)
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": reason}
        return self._json(200, {"object": "chat.completion", "model": self.name, "choices": [choice]})

    def _stream(self, said: queue.Queue) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        reason = None
        while reason is None:
            piece, reason = said.get()
            if reason is not None and reason.startswith("error"):
                self._event({"error": {"message": reason}})
            else:
                self._event({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": reason}]})
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _event(self, value: dict) -> None:
        self._chunk(f"data: {json.dumps(value)}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _json(self, status: int, value: dict) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _problem(self, status: int, text: str) -> None:
        self._json(status, {"error": {"message": text, "type": "invalid_request_error" if status < 500 else "server_error"}})


def server_of(model: nn.Module, processor: ProcessorMixin, name: str, address: tuple[str, int], size: int) -> ThreadingHTTPServer:
    """A server whose port is bound; `serve_forever` answers."""
    batches = Batches(model.eval(), processor, size)
    batches.start()
    handler = type("BoundHandler", (Handler,), {"batches": batches, "name": name, "parts": model.config.parts})
    return ThreadingHTTPServer(address, handler)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="the base: a folder or a name that transformers knows")
    parser.add_argument("--run", type=Path, required=True, help="what mllm.sft has trained")
    parser.add_argument("--name", help="what clients call it; the run's folder without one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--batch", type=int, default=8, help="questions answered together at most")
    options = parser.parse_args()
    model = merged(base_model(options.model, parts_of(options.run)), options.run)
    processor = processor_of(str(options.run), model)
    model = model.to("cuda" if torch.cuda.is_available() else "cpu")
    server = server_of(model, processor, options.name or options.run.name, (options.host, options.port), options.batch)
    print(f"{options.name or options.run.name} at http://{options.host}:{server.server_address[1]}/v1", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
