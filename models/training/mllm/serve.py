"""python -m mllm.serve --model BASE --run [NAME=]RUN [--run ...] [--port 8000] [--batch 8]: the OpenAI chat interface for models with the papers' parts.

vLLM does not know them; this server does, on one GPU or the processor. It takes what comes within a few milliseconds as one batch, streams, and reads
`mien: {landmarks: [[…]]}`, the numbers of each picture, beside the messages. Listens on this machine alone unless --host says otherwise. No key, no
state, nothing is kept. Several runs are several models, each with its weights in memory, asked one batch after another.
"""

import argparse
import json
import queue
import threading
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path

import torch
from transformers import ProcessorMixin

from .bases import FaceModel, base_model, parts_of, processor_of
from .batches import Batches
from .chat_http import ChatHandler, answer_until_stopped
from .low_rank import merged
from .speak import Question, answer, question_of


class Handler(ChatHandler):
    """Questions go into the batches, and what they hear comes back, at once or piece by piece."""

    batches: dict[str, Batches[Question]]

    def chat(self, body: dict, name: str) -> None:
        said: queue.Queue[tuple[str, str | None]] = queue.Queue()
        gone = threading.Event()
        question = question_of(body, self.prior_size(name), lambda text, reason: said.put((text, reason)), gone.is_set)
        try:
            self.batches[name].waiting.put_nowait(question)
        except queue.Full:
            return self.problem(503, "too many questions wait; come again later")
        try:
            return self._stream(said) if body.get("stream") else self._whole(said, name)
        except OSError:
            gone.set()  # nobody listens any more: the answer ends at its next token
            self.close_connection = True

    def _whole(self, said: queue.Queue, name: str) -> None:
        text = ""
        while True:
            piece, reason = said.get()
            text += piece
            if reason is not None:
                break
        if reason.startswith("error"):
            return self.problem(500, reason)
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": reason}
        return self.send_json(200, {"object": "chat.completion", "model": name, "choices": [choice]})

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


@dataclass(frozen=True)
class Served:
    """A model and its processor."""

    model: FaceModel
    processor: ProcessorMixin


def batches_of(served: Served, size: int, turn: threading.Lock) -> Batches[Question]:
    """Questions to one model, begun; `turn` is that of all models on the same machine."""
    served.model.eval()

    def work(questions: list[Question]) -> None:
        with turn:
            answer(served.model, served.processor, questions)

    made = Batches(work, lambda question, error: question.heard("", f"error: {error}"), size)
    made.start()
    return made


def server_of(models: dict[str, Served], address: tuple[str, int], size: int) -> ThreadingHTTPServer:
    """A server whose port is bound; `serve_forever` answers."""
    turn = threading.Lock()
    bound = {
        "batches": {name: batches_of(served, size, turn) for name, served in models.items()},
        "served": {name: served.model.config.parts for name, served in models.items()},
    }
    return ThreadingHTTPServer(address, type("BoundHandler", (Handler,), bound))


def loaded(base: str, run: Path) -> Served:
    model = merged(base_model(base, parts_of(run)), run)
    processor = processor_of(str(run), model)
    return Served(model.to("cuda" if torch.cuda.is_available() else "cpu"), processor)


def named(said: str) -> tuple[str, Path]:
    """NAME=FOLDER, or FOLDER, which is its own name."""
    name, mark, folder = said.rpartition("=")
    return (name, Path(folder)) if mark else (Path(said).name, Path(said))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="the base: a folder or a name that transformers knows")
    parser.add_argument("--run", type=named, action="append", required=True, help="what mllm.sft or mllm.grpo has trained, and what clients call it")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--batch", type=int, default=8, help="questions answered together at most")
    options = parser.parse_args()
    runs = dict(options.run)
    if len(runs) < len(options.run):
        parser.error("two runs have the same name; write NAME=FOLDER")
    models = {name: loaded(options.model, run) for name, run in runs.items()}
    server = server_of(models, (options.host, options.port), options.batch)
    answer_until_stopped(server, list(models), options.host)


if __name__ == "__main__":
    main()
