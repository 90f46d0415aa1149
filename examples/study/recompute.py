"""Makes numbers.csv of a study again, from the raw files and by other code, and compares every cell.

python examples/study/recompute.py results

Needs pandas and numpy. Reads numbers.json (what the table was made of), videos/*/*.records.jsonl, *.episodes.jsonl and
*.people.json; shares no code with mien. docs/study-numbers.md says how each number is made. Ends with 1 when a cell differs.
"""

import json
import math
import sys
from decimal import ROUND_HALF_UP, Context
from functools import lru_cache
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd

EMOTIONS = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]
NINE = Context(prec=9, rounding=ROUND_HALF_UP)
DEGREES = 180 / math.pi


def nine(value):
    """Nine significant digits, half away from zero."""
    return None if value is None else float(NINE.create_decimal(float(value))) + 0.0


def running(values):
    """Sum from left to right: numpy's own sum adds in another order."""
    return np.cumsum(values, axis=-1)[..., -1] if np.shape(values)[-1] else 0.0


# -- chance ------------------------------------------------------------------------------------------------------------


def mulberry32(seed, count):
    """The first numbers in [0, 1) of the generator that mien uses."""
    out, state = np.empty(count), seed & 0xFFFFFFFF
    for at in range(count):
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        mixed = ((state ^ (state >> 15)) * (state | 1)) & 0xFFFFFFFF
        mixed ^= (mixed + (((mixed ^ (mixed >> 7)) * (mixed | 61)) & 0xFFFFFFFF)) & 0xFFFFFFFF
        out[at] = ((mixed ^ (mixed >> 14)) & 0xFFFFFFFF) / 2**32
    return out


@lru_cache(None)
def block_starts(cells, block, draws, seed):
    per_draw = -(-cells // block)
    return np.floor(mulberry32(seed, per_draw * draws) * cells).astype(int).reshape(draws, per_draw)


@lru_cache(None)
def cluster_times(count, draws):
    """How often each of `count` units is in each resample."""
    drawn = np.floor(mulberry32(1, count * draws) * count).astype(int).reshape(draws, count)
    return np.stack([np.bincount(row, minlength=count) for row in drawn])


@lru_cache(None)
def student975(df):
    """97.5 % point of Student's t, by integrating its density."""

    def share(t):
        x = np.linspace(0, t, 20001)
        log_density = (
            math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - 0.5 * math.log(df * math.pi)
            - (df + 1) / 2 * np.log1p(x * x / df)
        )
        y = np.exp(log_density)
        return 0.5 + (x[1] - x[0]) / 3 * (y[0] + y[-1] + 4 * y[1:-1:2].sum() + 2 * y[2:-1:2].sum())

    low, high = 1.0, 13.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if share(middle) < 0.975 else (low, middle)
    return low


@lru_cache(None)
def tail(units):
    return NormalDist().cdf(-student975(units - 1) * math.sqrt(units / (units - 1)))


def interval(draws, units, count):
    known = np.sort(draws[~np.isnan(draws)])
    if units < 2 or len(known) < count / 2:
        return None
    at = lambda share: known[math.floor(share * (len(known) - 1) + 0.5)]
    return at(tail(units)), at(1 - tail(units))


# -- reading -----------------------------------------------------------------------------------------------------------


def lines(path):
    with open(path, encoding="utf8") as file:
        return [json.loads(line) for line in file if line.strip()]


def at(record, path):
    for key in path.split("."):
        record = record.get(key)
        if record is None:
            return np.nan
    return float(record)


def stem(key):
    return f"au{int(key):02d}"


def paths(units):
    yield from ((emotion, f"emotions.smoothed.{emotion}") for emotion in EMOTIONS)
    yield from ((axis, f"valenceArousal.smoothed.{axis}") for axis in ("valence", "arousal"))
    for key in units:
        yield f"{stem(key)}_intensity", f"actionUnits.{key}.intensity.smoothed"
        yield f"{stem(key)}_presence", f"actionUnits.{key}.presence.smoothed"
        yield f"{stem(key)}_active", f"actionUnits.{key}.active"
    yield from (("blink", "blink"), ("gaze_contact", "gaze.contact"), ("speaking", "speaking"))
    yield from ((f"head_{axis}", f"pose.{axis}") for axis in ("pitch", "yaw", "roll"))


def read_video(base, video):
    """Frames of the video, and records and episodes of each participant in it."""
    people = json.loads(Path(f"{base}.people.json").read_text(encoding="utf8"))["people"]

    def whose(track, time):
        for person in people:
            for part in person["tracks"]:
                begun = part["fromUs"] is None or time >= part["fromUs"]
                over = part["toUs"] is not None and time >= part["toUs"]
                if part["track"] == track and begun and not over:
                    return video["people"].get(str(person["person"]))
        return None

    named = set(video["participants"])
    records = lines(f"{base}.records.jsonl")
    frames = {}
    for record in records:
        time, seen = frames.setdefault(record["frame"], (record["ptsUs"], {}))
        who = None if record["track"] is None else whose(record["track"], record["ptsUs"])
        if who is not None:
            seen.setdefault(who, record)
    episodes = [
        (whose(e["track"], e["onsetUs"]), e["kind"], e["label"], e["onsetUs"] + video["offsetUs"], e["offsetUs"] + video["offsetUs"])
        for e in lines(f"{base}.episodes.jsonl")
        if e["offsetUs"] is not None
    ]
    frames = [(time + video["offsetUs"], seen) for time, seen in frames.values()]
    return frames, episodes, named, any(record.get("speaking") is not None for record in records)


class Series:
    """One participant in one session."""

    def __init__(self, name, videos, signals, max_gap):
        self.name, self.episodes, rows, spans = name, [], [], []
        for frames, episodes, named, _ in videos:
            if name not in named:
                continue
            covered = lambda time: any(low <= time <= high for low, high in spans)
            rows += [(time, seen.get(name)) for time, seen in frames if not covered(time)]
            self.episodes += [e[1:] for e in episodes if e[0] == name and not covered(e[3])]
            if frames:
                spans.append((frames[0][0], frames[-1][0]))
        self.episodes.sort(key=lambda e: e[2])
        rows.sort(key=lambda row: row[0])
        self.time = np.array([float(time) for time, _ in rows])
        table = {
            signal: [np.nan if record is None else at(record, path) for _, record in rows] for signal, path in signals
        }
        table["label"] = [
            np.nan if r is None or r["emotions"] is None else -1 if r["label"] is None else EMOTIONS.index(r["label"])
            for _, r in rows
        ]
        self.table = pd.DataFrame(table, dtype=float)
        gaps = np.diff(self.time)
        if len(self.time) == 1:
            self.weight = np.array([float(max_gap)])
        elif len(self.time):
            counted = np.minimum(gaps, max_gap)
            self.weight = (np.r_[counted[0], counted] + np.r_[counted, counted[-1]]) / 2
        else:
            self.weight = np.zeros(0)
        self.table["head_speed"] = self.head_speed(np.r_[np.nan, gaps] if len(self.time) else gaps, max_gap)

    def head_speed(self, gaps, max_gap):
        pitch, yaw, roll = (self.table[f"head_{axis}"].to_numpy() for axis in ("pitch", "yaw", "roll"))
        one, none = np.ones_like(pitch), np.zeros_like(pitch)

        def turn(rows):
            return np.array(rows).reshape(3, 3, -1).transpose(2, 0, 1)

        ry = turn([[np.cos(yaw), none, np.sin(yaw)], [none, one, none], [-np.sin(yaw), none, np.cos(yaw)]])
        rx = turn([[one, none, none], [none, np.cos(-pitch), -np.sin(-pitch)], [none, np.sin(-pitch), np.cos(-pitch)]])
        rz = turn([[np.cos(roll), -np.sin(roll), none], [np.sin(roll), np.cos(roll), none], [none, none, one]])
        heads = ry @ rx @ rz
        speed = np.full(len(pitch), np.nan)
        for n in range(1, len(pitch)):
            if 0 < gaps[n] <= max_gap:
                chord = np.linalg.norm(heads[n] - heads[n - 1]) / math.sqrt(8)
                speed[n] = 2 * math.asin(min(1, chord)) * DEGREES / (gaps[n] / 1e6) if chord == chord else np.nan
        return np.floor(speed * 1e3 + 0.5) / 1e3


# -- windows -----------------------------------------------------------------------------------------------------------


def ranges(session, people):
    merged = []
    for one in sorted(session["excluded"], key=lambda r: r["fromUs"]):
        if one["participant"] is not None and one["participant"] not in people:
            continue
        if merged and one["fromUs"] <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], one["toUs"])
        else:
            merged.append([one["fromUs"], one["toUs"]])
    return merged


def left_of(low, high, excluded):
    return high - low - sum(max(0, min(high, b) - max(low, a)) for a, b in excluded)


def windows_of(session, people, span):
    whole = dict(window="session", marker=None, marker_id=None, marker_kind=None, low=span[0], high=span[1])
    markers = [
        dict(window="marker", marker=m["label"], marker_id=m["id"], marker_kind=m["kind"], low=m["fromUs"], high=m["toUs"])
        for m in session["markers"]
        if m["participant"] is None or all(person == m["participant"] for person in people)
    ]
    return [whole, *markers]


class Frames:
    """The frames of a window that count, numbered by their cells."""

    def __init__(self, series, window, counts, excluded, silent, cell_us):
        self.low, self.high, self.series = window["low"], window["high"], series
        inside = (series.time >= self.low) & (series.time < self.high)
        self.index = np.flatnonzero(inside & counts)
        self.first = int(np.searchsorted(series.time, self.low))
        cell = np.floor((series.time[self.index] - self.low) / cell_us)
        self.cell = np.cumsum(np.r_[True, np.diff(cell) != 0]) - 1 if len(cell) else np.zeros(0, int)
        self.cells = int(self.cell[-1]) + 1 if len(cell) else 0
        self.window = running(series.weight[self.index]) if silent else left_of(self.low, self.high, excluded)
        self.place = dict(zip(self.index.tolist(), self.cell.tolist()))

    def readings(self, signal):
        values = self.series.table[signal].to_numpy()[self.index]
        known = ~np.isnan(values)
        return values[known], self.series.weight[self.index][known], self.cell[known], self.index[known]

    def began(self, kind, label):
        found = []
        for episode in self.series.episodes:
            if episode[:2] != (kind, label) or not self.low <= episode[2] < self.high:
                continue
            frame = max(self.first, int(np.searchsorted(self.series.time, episode[2], "right")) - 1)
            if frame in self.place:
                found.append((episode, self.place[frame]))
        return found


# -- measures ----------------------------------------------------------------------------------------------------------


def declared(units, speech, speaking_from):
    """name, kind, signal, more, scale, windows, relative"""
    every, here, marker = ("session", "marker", "condition"), ("session", "marker"), ("marker",)
    mean = lambda name: (f"{name}_mean", "mean", name, None, 1, every, ("baseline", "median"))
    apex = lambda name: [
        (f"{name}_apex", "apex", name, None, 1, marker, ("median",)),
        (f"{name}_apex_time", "apex-time", name, None, 1e-6, marker, ()),
    ]
    share = lambda name, signal, low, high: (f"{name}_share", "share", signal, (low, high), 1, every, ("baseline",))
    episodes = lambda name, signal, which: [
        (f"{name}_rate", "rate", signal, which, 60e6, every, ("baseline",)),
        (f"{name}_length", "length", signal, which, 1e-6, every, ("baseline",)),
        (f"{name}_latency", "latency", signal, which, 1e-6, marker, ()),
    ]
    for emotion in EMOTIONS:
        yield mean(emotion)
        if emotion != "neutral":
            yield from apex(emotion)
    yield from (mean(axis) for axis in ("valence", "arousal"))
    yield from (share(emotion, "label", code, code) for code, emotion in enumerate(EMOTIONS))
    for emotion in EMOTIONS[1:]:
        yield from episodes(emotion, "label", ("emotion", emotion))
    for key in units:
        yield mean(f"{stem(key)}_intensity")
        yield mean(f"{stem(key)}_presence")
        yield share(f"{stem(key)}_active", f"{stem(key)}_active", 1, 1)
        yield from episodes(stem(key), f"{stem(key)}_active", ("action-unit", f"AU{key}"))
        yield from apex(f"{stem(key)}_intensity")
    yield from episodes("blink", "blink", ("blink", "blink"))
    yield from episodes("eyes_closed", "blink", ("blink", "eyes-closed"))
    yield mean("gaze_contact")
    yield mean("head_speed")
    for axis in ("pitch", "yaw", "roll"):
        yield (f"head_{axis}_amplitude", "deviation", f"head_{axis}", None, DEGREES, here, ("baseline",))
    if speech:
        yield share("speaking", "speaking", speaking_from, 1)
        yield from episodes("turn", "speaking", ("speech", "speech"))
        yield ("turns", "count", "speaking", ("speech", "speech"), 1, here, ())


class Made(dict):
    """A measure of a window."""

    __getattr__ = dict.__getitem__


def blocks_of(cells, o, seed):
    usual = max(math.floor(o["blockSeconds"] / o["cellSeconds"] + 0.5), cells // o["maxBlocks"])
    block = min(usual, cells // o["minBlocks"])
    if block < 1 or block * o["cellSeconds"] < o["minBlockSeconds"]:
        return None
    return Made(block=block, starts=block_starts(cells, block, o["draws"], seed), seconds=block * o["cellSeconds"], blocks=cells // block)


def block_sums(cells, plan):
    before = np.r_[0.0, np.cumsum(cells)]
    count, per_draw = len(cells), plan.starts.shape[1]
    total = np.zeros(len(plan.starts))
    for n in range(per_draw):
        begin = plan.starts[:, n]
        end = begin + (plan.block if n < per_draw - 1 else count - (per_draw - 1) * plan.block)
        wraps = end > count
        straight = before[np.where(wraps, begin, end)] - before[begin]
        around = before[count] - before[begin] + before[np.where(wraps, end - count, 0)]
        total = total + np.where(wraps, around, straight)
    return total


def divided(kind, scale, top, bottom, squares):
    with np.errstate(invalid="ignore", divide="ignore"):
        if kind != "deviation":
            return np.where(bottom == 0, np.nan, scale * top / bottom)
        mean = top / bottom
        variance = squares / bottom - mean * mean
        found = np.where(variance < 1e-12, 0.0, scale * np.sqrt(np.maximum(variance, 0)))
        return np.where(bottom == 0, np.nan, found)


def measured(measure, frames, plan):
    name, kind, signal, more, scale, _, _ = measure
    values, weights, cell, index = frames.readings(signal)
    known = float(running(weights))
    per_cell = lambda what, where: np.bincount(where, weights=what, minlength=frames.cells) if frames.cells else np.zeros(0)
    began = frames.began(*more) if kind in ("rate", "length", "latency", "count") else []
    event = lambda value, n: Made(value=value, draws=None, weight=known, n=n, known=known)
    if kind == "apex":
        return event(values.max() * scale if len(values) else None, len(values))
    if kind == "apex-time":
        first = frames.series.time[index[values.argmax()]] if len(values) else None
        return event(None if first is None else (first - frames.low) * scale, len(values))
    if kind == "count":
        return event(len(began), len(began))
    if kind == "latency":
        return event((began[0][0][2] - frames.low) * scale if began else None, len(began))
    where = np.array([at for _, at in began], dtype=int)
    n, squares = len(values), None
    if kind == "share":
        top, bottom = per_cell(weights * ((values >= more[0]) & (values <= more[1])), cell), per_cell(weights, cell)
    elif kind == "rate":
        top, bottom, n = per_cell(np.ones(len(began)), where), per_cell(weights, cell), len(began)
    elif kind == "length":
        lengths = np.array([float(e[3] - e[2]) for e, _ in began])
        top, bottom, n = per_cell(lengths, where), per_cell(np.ones(len(began)), where), len(began)
    else:
        top, bottom = per_cell(weights * values, cell), per_cell(weights, cell)
        squares = per_cell(weights * values * values, cell) if kind == "deviation" else None
    parts = [top, bottom, np.zeros_like(top) if squares is None else squares]
    totals = [float(running(part)) for part in parts]
    value = float(divided(kind, scale, *map(np.float64, totals)))
    draws = None if plan is None else divided(kind, scale, *(block_sums(part, plan) for part in parts))
    return Made(value=None if math.isnan(value) else value, draws=draws, weight=totals[1], n=n, known=known)


def median_of(frames, signal):
    values, weights, _, _ = frames.readings(signal)
    if not len(values):
        return None
    order = np.argsort(values, kind="stable")
    return values[order][np.argmax(np.cumsum(weights[order]) >= running(weights) / 2)]


def thin(value, known, window, o):
    if known == 0:
        return "not-seen"
    if known < o["minSeconds"] * 1e6:
        return "few-seconds"
    if known < o["minCoverage"] * window:
        return "low-coverage"
    return "no-episode" if value is None else None


NO_INTERVAL = ("count", "latency", "apex", "apex-time")


def person_numbers(series, session, span, speech, measures, o):
    """All numbers of a person in a session, window by window."""
    excluded = ranges(session, [series.name])
    counts = np.ones(len(series.time), bool)
    for low, high in excluded:
        counts &= ~((series.time >= low) & (series.time < high))
    windows = windows_of(session, [series.name], span)
    baseline = next((w for w in windows if w["marker_kind"] == "baseline"), None)
    for window in windows:
        for filtered in ("all", "silent") if speech else ("all",):
            counted = counts
            if filtered == "silent":
                counted = counts & (series.table["speaking"].to_numpy() < o["speakingFrom"])
            frames_of = lambda w: Frames(series, w, counted, excluded, filtered == "silent", o["cellSeconds"] * 1e6)
            frames, whole = frames_of(window), frames_of(windows[0])
            rest = frames_of(baseline) if baseline else None
            plan = blocks_of(frames.cells, o, 1)
            for measure in measures:
                if window["window"] not in measure[5]:
                    continue
                made = measured(measure, frames, plan)
                told = [("raw", made, None)]
                against = next((r for r in measure[6] if r == "median" or baseline), None)
                if against == "median":
                    median = median_of(whole, measure[2])
                    told.append((against, minus(made, median and median * measure[4], True), None))
                if against == "baseline":
                    told.append((against, *relative(measure, made, rest, window is baseline, o)))
                for reference, one, because in told:
                    yield window, filtered, measure, reference, finished(measure, one, because, frames.window, plan, o)


def relative(measure, made, rest, itself, o):
    base = measured(measure, rest, blocks_of(rest.cells, o, 2))
    if itself or thin(base.value, base.known, base.known, o):
        return Made(made, value=None, draws=None), "is-baseline" if itself else "thin-baseline"
    return minus(made, base.value, base.draws), None


def minus(made, rest, draws):
    """`draws`: those of what is taken off; True where it counts as known."""
    if rest is None:
        return Made(made, value=None, draws=None)
    drawn = None if made.draws is None or draws is None else made.draws - (rest if draws is True else draws)
    return Made(made, value=None if made.value is None else made.value - rest, draws=drawn)


def finished(measure, made, because, window, plan, o):
    reason = thin(made.value if because is None else 0, made.known, window, o) or because
    value = made.value if reason is None else None
    ends = None if value is None or made.draws is None else interval(made.draws, plan.blocks, o["draws"])
    if value is not None and ends is None and measure[1] not in NO_INTERVAL:
        reason = "short-for-interval"
    return Made(
        made, value=value, ends=ends, block=plan.seconds if ends else None, window=window, reason=reason,
        blocks=plan.blocks if plan else 0,
    )


def pooled(measure, all_numbers, o):
    """Sessions of a person under one condition."""
    told = [number for number in all_numbers if number.value is not None]
    if len(told) <= 1:
        return told[0] if told else all_numbers[0]
    weight = running([number.weight for number in told])
    mean = lambda parts: running(np.array(parts).T) / weight
    value = mean([number.weight * number.value for number in told])
    blocks = sum(number.blocks for number in told)
    ends = None
    if all(number.ends for number in told):
        ends = interval(mean([number.weight * number.draws for number in told]), blocks, o["draws"])
    return Made(
        value=value, ends=ends, block=max(number.block for number in told) if ends else None,
        n=sum(number.n for number in told), known=sum(number.known for number in told),
        window=sum(number.window for number in told),
        reason=None if ends or measure[1] in NO_INTERVAL else "short-for-interval",
    )


# -- pairs -------------------------------------------------------------------------------------------------------------


def grid(series, signal, window, excluded, step):
    cells = int((window["high"] - window["low"]) // step)
    cell = np.floor((series.time - window["low"]) / step)
    values = series.table[signal].to_numpy()
    use = (series.time >= window["low"]) & (cell < cells) & ~np.isnan(values)
    for low, high in excluded:
        use &= ~((series.time >= low) & (series.time < high))
    where = cell[use].astype(int)
    sums = np.bincount(where, weights=(series.weight * values)[use], minlength=cells)
    with np.errstate(invalid="ignore"):
        return sums / np.bincount(where, weights=series.weight[use], minlength=cells)


def segment_zs(a, b, s, pairing):
    """z by lag and segment, NaN where there is none."""
    size, reach = s["segment"], s["lag"]
    begins = np.arange(0, len(a) - size + 1, size)
    lags = np.arange(-reach, reach + 1)
    mine = begins[None, :, None] + np.arange(size)[None, None, :]
    theirs = begins[pairing][None, :, None] + np.arange(size)[None, None, :] + lags[:, None, None]
    outside = (theirs[..., 0] < 0) | (theirs[..., -1] >= len(b))
    x = np.broadcast_to(a[mine], theirs.shape)
    y = b[np.clip(theirs, 0, len(b) - 1)]
    both = ~np.isnan(x) & ~np.isnan(y)
    n = both.sum(-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        dx = np.where(both, x - (running(np.where(both, x, 0)) / n)[..., None], 0)
        dy = np.where(both, y - (running(np.where(both, y, 0)) / n)[..., None], 0)
        xx, yy = running(dx * dx), running(dy * dy)
        z = np.arctanh(np.clip(running(dx * dy) / np.sqrt(xx * yy), -0.999999, 0.999999))
    bad = outside | (n < s["minShare"] * size) | (xx < 1e-12 * n) | (yy < 1e-12 * n)
    return lags, np.where(bad, np.nan, z)


def best(a, b, s, pairing):
    if len(pairing) < s["minSegments"]:
        return None
    lags, zs = segment_zs(a, b, s, pairing)
    counts = (~np.isnan(zs)).sum(-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(counts >= s["minSegments"], running(np.nan_to_num(zs)) / counts, -np.inf)
    top = int(means.argmax())
    return None if means[top] == -np.inf else (means[top], int(lags[top]), zs[top][~np.isnan(zs[top])])


def synchrony(a, b, s, draws):
    pairing = np.arange(len(a) // s["segment"])
    found = best(a, b, s, pairing)
    if found is None:
        return None
    z, lag, zs = found
    chance, reached = iter(mulberry32(1, s["surrogates"] * (len(pairing) - 1))), 0
    for _ in range(s["surrogates"]):
        for last in range(len(pairing) - 1, 0, -1):
            other = math.floor(next(chance) * (last + 1))
            pairing[[last, other]] = pairing[[other, last]]
        found_by_chance = best(a, b, s, pairing)
        reached += found_by_chance is not None and found_by_chance[0] >= z
    drawn = np.tanh(running(zs * cluster_times(len(zs), draws)) / len(zs))
    return math.tanh(z), interval(drawn, len(zs), draws), lag, (1 + reached) / (1 + s["surrogates"]), len(zs)


# -- the table ---------------------------------------------------------------------------------------------------------


def covered(known, window):
    share = nine(min(1, known / window)) if window > 0 else None
    return dict(seconds=nine(known / 1e6), window_s=nine(window / 1e6), coverage=share)


def cells_of(number):
    low, high = number.ends or (None, None)
    told = dict(value=nine(number.value), low=nine(low), high=nine(high), block_s=number.block, n=number.n)
    return dict(**told, **covered(number.known, number.window), reason=number.reason)


def place(window):
    told = {key: window[key] for key in ("window", "marker", "marker_id", "marker_kind")}
    return dict(**told, from_s=nine(window["low"] / 1e6), to_s=nine(window["high"] / 1e6))


NOWHERE = dict(window="condition", marker=None, marker_id=None, marker_kind=None, from_s=None, to_s=None)


def rows_of(results, made):
    study, o = made["study"], made["options"]
    ids = [participant["id"] for participant in study["participants"]]
    units = [key for key in made["units"] if key[-1].isdigit()]
    signals = list(paths(units))
    read = []
    for session in study["sessions"]:
        videos = [read_video(results / "videos" / video["id"] / video["id"], video) for video in session["videos"]]
        named = set().union(*(named for _, _, named, _ in videos))
        read.append((session, videos, [name for name in ids if name in named]))
    speech = any(video[3] for _, videos, _ in read for video in videos)
    measures = list(declared(units, speech, o["speakingFrom"]))
    compared = [s for s in o["synchrony"]["signals"] if s == "head_speed" or s in dict(signals)]
    s = dict(o["synchrony"])
    s["segment"], s["lag"] = (math.floor(s[key] / s["stepSeconds"] + 0.5) for key in ("segmentSeconds", "lagSeconds"))
    conditions = {}
    for session, _, people in read:
        for name in people:
            conditions.setdefault((name, session["condition"]), []).append(session["id"])
    pending = {}
    for session, videos, people in read:
        series = [Series(name, videos, signals, o["maxFrameSeconds"] * 1e6) for name in people]
        filmed = [one for one in series if len(one.time)]
        span = (0, 0)
        if filmed:
            span = (min(one.time[0] for one in filmed), max(one.time[-1] + one.weight[-1] for one in filmed))
        where = dict(study=study["name"], session=session["id"], condition=session["condition"])
        for one in series:
            for window, filtered, measure, reference, number in person_numbers(one, session, span, speech, measures, o):
                key = dict(speech=filtered, measure=measure[0], reference=reference)
                who = dict(level="person", participant=one.name, partner=None)
                yield {**where, **who, **place(window), **key, **cells_of(number)}
                if window["window"] == "session" and session["condition"] is not None and "condition" in measure[5]:
                    kept = pending.setdefault((one.name, session["condition"]), {})
                    kept.setdefault(tuple(key.items()), (measure, []))[1].append(number)
        for first, a in enumerate(series):
            for b in series[first + 1 :]:
                yield from pair_rows(a, b, session, span, where, compared, s, o)
        for name in people:
            left = conditions[(name, session["condition"])]
            left.remove(session["id"])
            if not left and session["condition"] is not None:
                for key, (measure, numbers) in pending.pop((name, session["condition"])).items():
                    who = dict(level="person", participant=name, partner=None)
                    told = cells_of(pooled(measure, numbers, o))
                    yield {**where, "session": None, **who, **NOWHERE, **dict(key), **told}


def pair_rows(a, b, session, span, where, compared, s, o):
    excluded = ranges(session, [a.name, b.name])
    step = s["stepSeconds"] * 1e6
    for window in windows_of(session, [a.name, b.name], span):
        for signal in compared:
            x, y = (grid(one, signal, window, excluded, step) for one in (a, b))
            known = float((~np.isnan(x) & ~np.isnan(y)).sum() * step)
            found = synchrony(x, y, s, o["draws"])
            asked = left_of(window["low"], window["high"], excluded)
            for at, name in enumerate(("synchrony", "synchrony_lag", "synchrony_p")):
                value = found and (found[0], found[2] * s["stepSeconds"], found[3])[at]
                low, high = (found[1] if found and at == 0 else None) or (None, None)
                yield {
                    **where, **dict(level="pair", participant=a.name, partner=b.name), **place(window),
                    **dict(speech="all", measure=f"{signal}_{name}", reference="raw", block_s=None),
                    **dict(value=nine(value), low=nine(low), high=nine(high), n=found[4] if found else 0),
                    **covered(known, asked), "reason": None if found else "few-segments" if known else "not-seen",
                }


def group_rows(rows, o):
    groups = {}
    for row in rows:
        if row["measure"].endswith("_synchrony_p"):
            continue
        if row["window"] == "session" and row["condition"] is not None and row["level"] == "person":
            continue
        key = tuple(row[name] for name in ("condition", "window", "marker", "marker_kind", "speech", "measure", "reference"))
        first, persons, known, window = groups.setdefault(key, (row, {}, [], []))
        if row["value"] is not None:
            persons.setdefault((row["participant"], row["partner"]), []).append(row["value"])
            known.append(row["seconds"])
            window.append(row["window_s"])
    for first, persons, known, window in groups.values():
        values = np.array([running(each) / len(each) for each in persons.values()])
        enough = len(values) >= o["minPersons"]
        ends = None
        if enough:
            ends = interval(running(values * cluster_times(len(values), o["draws"])) / len(values), len(values), o["draws"])
        low, high = ends or (None, None)
        known, window = running(known), running(window)
        yield {
            **first, **dict(level="group", session=None, participant=None, partner=None, marker_id=None),
            **dict(from_s=None, to_s=None, value=nine(running(values) / len(values)) if enough else None),
            **dict(low=nine(low), high=nine(high), block_s=None, n=len(values), seconds=nine(known), window_s=nine(window)),
            "coverage": nine(min(1, known / window)) if window > 0 else None,
            "reason": None if enough else "few-persons",
        }


def main(folder):
    results = Path(folder)
    made = json.loads((results / "numbers.json").read_text(encoding="utf8"))
    mine = list(rows_of(results, made))
    mine += list(group_rows(mine, made["options"]))
    texts = "study level session condition participant partner window marker marker_id marker_kind speech measure reference reason"
    # Python reads a number to its last digit; pandas by default may not.
    theirs = pd.read_csv(results / "numbers.csv", dtype=str)
    theirs = theirs.astype(object).where(theirs.notna(), None)
    names = [name for name in theirs.columns if name != "unit" and not name.startswith("trait_")]
    for name in set(names) - set(texts.split()):
        theirs[name] = pd.Series([cell if cell is None else float(cell) for cell in theirs[name]], dtype=object)
    if len(mine) != len(theirs):
        sys.exit(f"{len(mine)} rows here, {len(theirs)} in numbers.csv")
    different = 0
    for number, (row, told) in enumerate(zip(mine, theirs[names].to_dict("records")), start=2):
        for name in names:
            if row[name] != told[name]:
                different += 1
                if different <= 20:
                    print(f"line {number} {row['participant']} {row['window']} {row['marker']} {row['measure']} {row['reference']}: {name} {row[name]!r} here, {told[name]!r} in numbers.csv")
    cells = len(mine) * len(names)
    print(f"{len(mine)} rows, {cells} cells: {different} differ")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main(sys.argv[1])
