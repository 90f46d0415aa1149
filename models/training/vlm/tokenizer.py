"""Byte-pair encoding in its plainest form: ids below 256 are bytes, 256 + i is the i-th merge, special tokens come last.

Any text can be written (byte fallback). tokenizer.json holds `pattern` (one regular expression for Python and JavaScript, ASCII
classes only), `merges` [[left id, right id], ...] in order of rank, and `special` {name: id}.
"""

import json
import re
from collections import Counter
from pathlib import Path

PATTERN = r" ?AU[0-9]+[LR]?| ?[A-Za-z]+| ?[0-9]| ?[^ \t\r\nA-Za-z0-9]+|[ \t\r\n]+"
BYTES = 256
# A question is `<ask>text<say>`, its answer `text<end>`; `<pad>` fills batches and is masked. The others are kept for later.
SPECIAL = ["<pad>", "<ask>", "<say>", "<end>", "<face>", "<second>", "<spare1>", "<spare2>"]


class Tokenizer:
    def __init__(self, merges: list[tuple[int, int]], pattern: str = PATTERN) -> None:
        self.pattern, self.merges = pattern, [tuple(pair) for pair in merges]
        self.rank = {pair: index for index, pair in enumerate(self.merges)}
        self.bytes = [bytes([value]) for value in range(BYTES)]
        for left, right in self.merges:
            self.bytes.append(self.bytes[left] + self.bytes[right])
        self.special = {name: len(self.bytes) + index for index, name in enumerate(SPECIAL)}
        self.size = len(self.bytes) + len(SPECIAL)
        self._words, self._cache = re.compile(pattern), {}

    def encode(self, text: str) -> list[int]:
        """Ids of a text; special tokens cannot be written in it."""
        return [token for word in self._words.findall(text) for token in self._word(word)]

    def decode(self, ids: list[int]) -> str:
        """The text; special tokens say nothing, broken characters become U+FFFD."""
        return b"".join(self.bytes[i] for i in ids if i < len(self.bytes)).decode("utf-8", "replace")

    def _word(self, word: str) -> list[int]:
        if word not in self._cache:
            self._cache[word] = merged(list(word.encode()), self.rank)
        return self._cache[word]

    def save(self, path: Path) -> None:
        path.write_text(json.dumps({"pattern": self.pattern, "merges": self.merges, "special": self.special}, separators=(",", ":")) + "\n")


def merged(ids: list[int], rank: dict[tuple[int, int], int]) -> list[int]:
    """Applies the merge of lowest rank until none is left."""
    while len(ids) > 1:
        place = min(range(len(ids) - 1), key=lambda i: rank.get((ids[i], ids[i + 1]), len(rank)))
        pair = (ids[place], ids[place + 1])
        if pair not in rank:
            break
        ids = [*ids[:place], BYTES + rank[pair], *ids[place + 2 :]]
    return ids


def load(path: Path) -> Tokenizer:
    stored = json.loads(path.read_text())
    return Tokenizer([(left, right) for left, right in stored["merges"]], stored["pattern"])


def learn(texts: list[str], size: int, whole: list[str]) -> Tokenizer:
    """At most `size` ids from texts; each of `whole` (words an answer is read by) becomes one token first."""
    counts = Counter(word for text in texts for word in re.findall(PATTERN, text))
    words = {word: list(word.encode()) for word in counts}
    merges: list[tuple[int, int]] = []
    rank: dict[tuple[int, int], int] = {}

    def add(pair: tuple[int, int]) -> None:
        rank[pair] = len(merges)
        merges.append(pair)

    for word in whole:
        while len(ids := merged(list(word.encode()), rank)) > 1:
            add((ids[0], ids[1]))
    words = {word: merged(ids, rank) for word, ids in words.items()}
    while len(merges) < size - BYTES - len(SPECIAL):
        pairs: Counter[tuple[int, int]] = Counter()
        for word, ids in words.items():
            for pair in zip(ids, ids[1:], strict=False):
                pairs[pair] += counts[word]
        if not pairs:
            break
        best = max(pairs, key=lambda p: (pairs[p], -p[0], -p[1]))
        add(best)
        token = BYTES + rank[best]
        for word, ids in words.items():
            at = 0
            while at < len(ids) - 1:
                if (ids[at], ids[at + 1]) == best:
                    ids[at : at + 2] = [token]
                at += 1
    return Tokenizer(merges)
