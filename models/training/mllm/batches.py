"""Work that comes one by one from many connections and is done together."""

import queue
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

WAITING = 256  # pieces; more are told to come later

T = TypeVar("T")


class Batches(threading.Thread, Generic[T]):
    """Does what waits, a batch at a time. What fails in one batch is told to its pieces by `failed`, and the next goes on."""

    def __init__(self, work: Callable[[list[T]], None], failed: Callable[[T, Exception], None], size: int, gather_seconds: float = 0.01) -> None:
        super().__init__(daemon=True)
        self.work, self.failed, self.size, self.gather_seconds = work, failed, size, gather_seconds
        self.waiting: queue.Queue[T] = queue.Queue(WAITING)
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
                self.work(batch)
            except Exception as error:  # noqa: BLE001  told to who asked; the work goes on
                for piece in batch:
                    self.failed(piece, error)
