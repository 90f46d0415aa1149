"""python -m mllm.serve --model BASE --run RUN [--port 8000] [--batch 8]: the OpenAI chat interface for a model with the papers' parts.

vLLM does not know them; this server does, on one GPU or the processor. It takes what comes within a few milliseconds as one batch, streams, and reads
`mien: {landmarks: [[…]]}`, the numbers of each picture, beside the messages. Listens on this machine alone unless --host says otherwise. No key, no
state, nothing is kept.
"""

import argparse
import json
import queue
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

import torch
from torch import nn
from transformers import ProcessorMixin

from .bases import base_model, parts_of, processor_of
from .batches import Batches
from .chat_http import ChatHandler
from .low_rank import merged
from .speak import Question, answer, question_of


class Handler(ChatHandler):
    """Questions go into the batches, and what they hear comes back, at once or piece by piece."""

    batches: Batches[Question]

    def chat(self, body: dict) -> None:
        said: queue.Queue[tuple[str, str | None]] = queue.Queue()
        gone = threading.Event()
        question = question_of(body, self.prior_size, lambda text, reason: said.put((text, reason)), gone.is_set)
        try:
            self.batches.waiting.put_nowait(question)
        except queue.Full:
            return self.problem(503, "too many questions wait; come again later")
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
            return self.problem(500, reason)
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": reason}
        return self.send_json(200, {"object": "chat.completion", "model": self.name, "choices": [choice]})

    def _stream(self, said: queue.Queue) -> None:
        self.begin_stream()
        reason = None
        while reason is None:
            piece, reason = said.get()
            if reason is not None and reason.startswith("error"):
                self._event({"error": {"message": reason}})
            else:
                self._event({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": reason}]})
        self.chunk(b"data: [DONE]\n\n")
        self.chunk(b"")

    def _event(self, value: dict) -> None:
        self.chunk(f"data: {json.dumps(value)}\n\n".encode())


def server_of(model: nn.Module, processor: ProcessorMixin, name: str, address: tuple[str, int], size: int) -> ThreadingHTTPServer:
    """A server whose port is bound; `serve_forever` answers."""
    model.eval()
    batches = Batches(lambda questions: answer(model, processor, questions), lambda question, error: question.heard("", f"error: {error}"), size)
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
