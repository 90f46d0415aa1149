"""Serving of models with the papers' parts: over HTTP, batches, streams, refusals."""

import base64
import http.client
import io
import json
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from tests.mllm_world import ALL, BASES, based

from mllm import low_rank, serve, tiny
from mllm.batches import Batches
from mllm.parts import FaceParts


@pytest.fixture(scope="module", params=BASES)
def served(request: pytest.FixtureRequest) -> Iterator[tuple[str, Batches]]:
    """The address of a server of a random model, and what asks it."""
    model, processor = tiny.model(ALL, base=request.param), tiny.processor(ALL, base=request.param)
    other = serve.Served(tiny.model(FaceParts(), seed=2, base=request.param), tiny.processor(FaceParts(), base=request.param))
    server = serve.server_of({"tiny": serve.Served(model, processor), "plain": other}, ("127.0.0.1", 0), 4)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1", server.RequestHandlerClass.batches["tiny"]
    server.shutdown()
    server.server_close()


def question(text: str = "Which?", shade: int = 90, **more: object) -> dict:
    jpeg = io.BytesIO()
    Image.new("RGB", (40, 40), (shade, shade, shade)).save(jpeg, "JPEG")
    url = f"data:image/jpeg;base64,{base64.b64encode(jpeg.getvalue()).decode()}"
    content = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": text}]
    return {"model": "tiny", "messages": [{"role": "user", "content": content}], "max_tokens": 6, "mien": {"landmarks": [[0.5] * 6]}} | more


def asked(address: str, body: dict) -> tuple[int, str]:
    request = urllib.request.Request(f"{address}/chat/completions", json.dumps(body).encode(), {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def text_of(answer: tuple[int, str]) -> str:
    assert answer[0] == 200, answer[1]
    return json.loads(answer[1])["choices"][0]["message"]["content"]


def test_a_batch_answers_what_each_question_alone_does(served: tuple[str, Batches]) -> None:
    address, batches = served
    bodies = [question("Which?", 40), question("What is it that this face shows?", 200), question("?", 120)]
    alone = [text_of(asked(address, body)) for body in bodies]
    assert len(set(alone)) > 1
    batches.gather_seconds, batches.sizes = 1.0, []
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda body: text_of(asked(address, body)), bodies))
    batches.gather_seconds = 0.0
    assert together == alone
    assert max(batches.sizes) > 1


def test_a_streamed_answer_is_the_same_text_in_pieces(served: tuple[str, Batches]) -> None:
    address, _ = served
    whole = text_of(asked(address, question()))
    _, streamed = asked(address, question(stream=True))
    events = [json.loads(line[6:]) for line in streamed.splitlines() if line.startswith("data: {")]
    assert "".join(event["choices"][0]["delta"]["content"] for event in events) == whole
    assert len(events) > 1
    assert events[-1]["choices"][0]["finish_reason"] in ("stop", "length")
    assert streamed.rstrip().endswith("data: [DONE]")


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"mien": {"landmarks": [[1, 2]]}}, 400, "mien.landmarks must be a list with 6 numbers for each picture"),
        ({"messages": [{"role": "user", "content": "no picture"}]}, 400, "0 pictures; a question is about one"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://example.org/a.jpg"}}]}]}, 400, "addresses are not fetched"),
        ({"messages": []}, 400, "messages is empty"),
        ({"logprobs": True}, 400, "logprobs is not supported"),
        ({"model": "another"}, 404, "there is tiny, plain"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_line(served: tuple[str, Batches], change: dict, status: int, said: str) -> None:
    code, text = asked(served[0], question(**change))
    assert (code, said in text) == (status, True), text


def test_a_batch_that_fails_ends_its_questions_alone(served: tuple[str, Batches], monkeypatch: pytest.MonkeyPatch) -> None:
    address, _ = served
    monkeypatch.setattr(serve, "answer", lambda *_: (_ for _ in ()).throw(RuntimeError("out of memory")))
    assert asked(address, question()) == (500, json.dumps({"error": {"message": "error: out of memory", "type": "server_error"}}))
    monkeypatch.undo()
    assert asked(address, question())[0] == 200


def test_the_server_says_what_numbers_it_wants(served: tuple[str, Batches]) -> None:
    with urllib.request.urlopen(f"{served[0]}/models") as answer:
        listed = json.load(answer)["data"]
    assert [(entry["id"], entry["mien"]) for entry in listed] == [("tiny", {"landmarks": 6}), ("plain", {"landmarks": 0})]


def test_each_model_is_asked_by_its_name(served: tuple[str, Batches]) -> None:
    body = question()
    first = text_of(asked(served[0], body))
    other = text_of(asked(served[0], {name: value for name, value in body.items() if name != "mien"} | {"model": "plain"}))
    assert first != other
    assert text_of(asked(served[0], {name: value for name, value in body.items() if name != "model"})) == first


def test_a_run_is_called_as_it_is_told_or_as_its_folder() -> None:
    assert serve.named("fea=runs/a") == ("fea", Path("runs/a"))
    assert serve.named("runs/a") == ("a", Path("runs/a"))


@pytest.mark.parametrize("faces", [[[0.0] * 6], [[1] * 6]])
def test_zeros_and_whole_numbers_are_faces_too(served: tuple[str, Batches], faces: list) -> None:
    assert asked(served[0], question(mien={"landmarks": faces}))[0] == 200


@pytest.mark.parametrize("faces", [None, [0.5] * 6, [[0.5] * 6, [0.5] * 6], [["a"] * 6], {"0": [0.5] * 6}])
def test_landmarks_are_one_list_for_each_picture(served: tuple[str, Batches], faces: object) -> None:
    code, text = asked(served[0], question(mien={"landmarks": faces}))
    assert (code, "a list with 6 numbers for each picture" in text) == (400, True)


def test_a_server_that_was_killed_answers_again_where_it_was(tmp_path: Path) -> None:
    """A process of its own, killed while somebody waits for an answer."""
    model = based(tmp_path / "base", ALL, "llava")
    low_rank.save(model, tmp_path / "run")
    tiny.processor(ALL).save_pretrained(tmp_path / "run")

    def started(port: int) -> tuple[subprocess.Popen, int]:
        told = ["--model", tmp_path / "base", "--run", f"tiny={tmp_path / 'run'}", "--port", port]
        program = subprocess.Popen([sys.executable, "-m", "mllm.serve", *map(str, told)], stdout=subprocess.PIPE, text=True)
        return program, int(re.search(r":(\d+)/v1", program.stdout.readline())[1])

    first, port = started(0)
    address = f"http://127.0.0.1:{port}/v1"
    said = asked(address, question())
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(asked, address, question(max_tokens=900))
        first.kill()
        first.wait()
        with pytest.raises((urllib.error.URLError, ConnectionError, http.client.HTTPException)):
            waiting.result()
    second, _ = started(port)
    try:
        assert asked(address, question()) == said
    finally:
        second.kill()
        second.wait()
