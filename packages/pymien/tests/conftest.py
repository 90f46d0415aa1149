"""Results of the demo's clips, and a running mien, made by the built `mien` of this repository."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
MAIN = ROOT / "dist" / "main.js"
CLIP = ROOT / "test" / "fixtures" / "demo" / "step-smile.mp4"


def mien(*args: str | Path) -> list[str]:
    return ["node", str(MAIN), *map(str, args)]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the results of the demo's short clip, in all formats that are read here."""
    if given := os.environ.get("MIEN_DEMO_RESULTS"):
        return Path(given)
    out = tmp_path_factory.mktemp("demo")
    command = mien("analyze", CLIP, "--formats", "jsonl,csv,parquet,people", "--words", "--out", out)
    subprocess.run(command, check=True, capture_output=True)
    return next(out.rglob("*.manifest.json")).parent


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a mien that reads the demo's clip over and over."""
    process = subprocess.Popen(
        mien("serve", "--purpose", "testing", "--port", "0", "--camera", CLIP), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        found = None
        for line in process.stdout:
            if found := re.search(r"serves (http:\S+)", line):
                break
        assert found, f"mien serve ended with {process.wait()}"
        yield found[1]
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
