"""Films of the sessions of the made study: who is in the picture from when to when, and where."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from .renderer import Wall
from .study import Line, Participant, Session
from .timeline import Key, Role, Scenario
from .voice import Sound, noise

WIDTH_PX, HEIGHT_PX, FOCAL_PX, FPS, HAIR_LAYERS = 320, 240, 360.0, 15, 6
LEAVE_S = 1.3
"""How long it takes to get out of the picture, or back."""
OUT_OF_PICTURE = 52.0
ROOM = Wall()
OTHER_SIDE = Wall((0.07, 0.05, 0.035), (0.38, 0.31, 0.24), mirrored=True)
NEAR, TOGETHER = -62.0, -73.0


@dataclass(frozen=True)
class Seat:
    """Where somebody sits in the picture, and how far they turn towards whom they talk with (radians)."""

    x: float
    z: float
    yaw: float = 0.0


@dataclass(frozen=True)
class Shot:
    """What the camera shows from when to when, in session time: seats by the numbers of participants."""

    from_s: float
    to_s: float
    seats: dict[int, Seat]
    wall: Wall = ROOM


@dataclass(frozen=True)
class Take:
    """One video of a session. `from_s`: session time of its first picture, its offset."""

    id: str
    session: Session
    from_s: float
    to_s: float
    shots: tuple[Shot, ...]
    fps: int = FPS
    sound: bool = True

    def scenario(self) -> Scenario:
        """The take as a clip, in its own time."""
        session, start = self.session, self.from_s
        roles, unseen = [], list(session.lines)
        for shot in self.shots:
            for person in session.people:
                if person.number not in shot.seats:
                    continue
                own = [line for line in session.lines if line.who == person.number and shot.from_s <= line.start_s and line.end_s <= shot.to_s]
                unseen = [line for line in unseen if line not in own]
                roles.append(self._role(person, shot, own if self.sound else []))
        heard = [line for line in unseen if start <= line.start_s < self.to_s] if self.sound else []
        sounds = [Sound(line.start_s - start, line.said.samples) for line in heard]
        room = [Sound(0, noise(self.to_s - start, session.seed), 0.03)] if self.sound else []
        others = [(line.start_s - start + a, line.start_s - start + b) for line in heard for a, b in line.said.spoken()]
        return Scenario(
            self.id, WIDTH_PX, HEIGHT_PX, FOCAL_PX, self.fps, self.to_s - start, session.seed, roles,
            cuts_s=[shot.from_s - start for shot in self.shots[1:]], walls=[shot.wall for shot in self.shots], hair_layers=HAIR_LAYERS,
            sounds=[*room, *sounds], others_s=others, listed=self._listed(),
        )  # fmt: skip

    def _listed(self) -> dict[str, object]:
        session = self.session
        return {
            "study": {
                "session": session.id, "condition": session.condition, "offsetUs": round(self.from_s * 1e6), "sound": self.sound,
                "participants": {str(p.number): p.id for p in session.people},
                "glasses": [p.id for p in session.people if p.glasses],
            },
        }  # fmt: skip

    def _role(self, person: Participant, shot: Shot, lines: list[Line]) -> Role:
        start, seat = self.from_s, shot.seats[person.number]
        episodes = [
            replace(e, onset_s=e.onset_s - start, apex_s=e.apex_s - start, release_s=e.release_s - start, offset_s=e.offset_s - start)
            for e in self.session.episodes[person.number]
            if shot.from_s < e.offset_s and e.onset_s < shot.to_s
        ]
        return Role(
            person=person.number, identity_seed=person.identity_seed, look=person.look, glasses=person.glasses,
            keys=[replace(k, t_s=k.t_s - start) for k in head_keys(self.session, person, seat)], episodes=episodes,
            blinks_s=[t - start for t in blinks(self.session, person) if shot.from_s <= t < shot.to_s],
            says=[(line.start_s - start, line.said) for line in lines], enter_s=shot.from_s - start, leave_s=shot.to_s - start,
        )  # fmt: skip


def blinks(session: Session, person: Participant) -> list[float]:
    rng = np.random.default_rng([session.seed, 43, person.number])
    return [float(t) for t in np.cumsum(rng.uniform(1.5, 5, 30))]


def head_keys(session: Session, person: Participant, seat: Seat) -> list[Key]:
    """Somebody who nods and looks about a little, and gets up and leaves the picture where the session says so."""
    rng = np.random.default_rng([session.seed, 47, person.number])
    rest = Key(0, yaw=seat.yaw, x=seat.x, y=-0.5, z=seat.z)
    keys = [rest]
    for t in np.arange(1, 40, 1.6) + rng.uniform(0, 0.6, 25):
        yaw, pitch, roll = (float(rng.normal(0, spread)) for spread in (0.09, 0.05, 0.035))
        keys.append(replace(rest, t_s=float(t), yaw=seat.yaw + yaw, pitch=pitch, roll=roll))
    side = -1 if seat.x < 0 else 1
    for absence in session.absences:
        if absence.who != person.number:
            continue
        out = replace(rest, x=side * OUT_OF_PICTURE, yaw=-0.3 * side)
        keys = [k for k in keys if not absence.from_s - 0.2 < k.t_s < absence.to_s + 0.2]
        moves = ((absence.from_s, rest), (absence.from_s + LEAVE_S, out), (absence.to_s - LEAVE_S, out), (absence.to_s, rest))
        keys += [replace(key, t_s=t) for t, key in moves]
    return sorted(keys, key=lambda key: key.t_s)


def pauses(session: Session) -> list[float]:
    """The middle of each pause between two lines."""
    return [(a.end_s + b.start_s) / 2 for a, b in zip(session.lines, session.lines[1:])]


def pause_near(session: Session, t: float) -> float:
    return round(min(pauses(session), key=lambda at: abs(at - t)), 3)


def closeups(session: Session, from_s: float, to_s: float) -> Iterator[Shot]:
    """Shot and reverse shot: whoever speaks, but for every fourth line, which is shown on the face of who listens."""
    left, right = session.people
    seats = {left.number: ({left.number: Seat(-5, NEAR, -0.25)}, ROOM), right.number: ({right.number: Seat(5, NEAR, 0.25)}, OTHER_SIDE)}
    lines = [line for line in session.lines if from_s <= line.start_s and line.end_s <= to_s]
    shown = [line.who if i % 4 != 3 else left.number + right.number - line.who for i, line in enumerate(lines)]
    begin = from_s
    for i, who in enumerate(shown):
        if i + 1 < len(shown) and shown[i + 1] == who:
            continue
        end = round((lines[i].end_s + lines[i + 1].start_s) / 2, 3) if i + 1 < len(lines) else to_s
        yield Shot(begin, end, *seats[who])
        begin = end


def wide(session: Session) -> dict[int, Seat]:
    """Everybody in one picture: two who turn to each other, or one in its middle."""
    if len(session.people) == 1:
        return {session.people[0].number: Seat(2, NEAR, -0.08)}
    left, right = session.people
    return {left.number: Seat(-12.5, TOGETHER, -0.18), right.number: Seat(12.5, TOGETHER, 0.18)}


def whole(session: Session, **more) -> Take:  # noqa: ANN003
    """A session filmed by one camera that does not move."""
    end = session.markers[-1].to_s + 0.19
    return Take(session.id, session, 0.0, end, (Shot(0.0, end, wide(session)),), **more)


def takes(sessions: list[Session]) -> list[Take]:
    """The videos of the study: fourteen of twelve sessions."""
    films = {session.id: whole(session) for session in sessions}
    by_id = {session.id: session for session in sessions}
    end = films["S05"].to_s
    films["S05"] = replace(films["S05"], shots=tuple(closeups(by_id["S05"], 0.0, end)))
    near, far = pause_near(by_id["S06"], 6), pause_near(by_id["S06"], 19)
    between = tuple(closeups(by_id["S06"], near, far))
    films["S06"] = replace(films["S06"], shots=(Shot(0.0, near, wide(by_id["S06"])), *between, Shot(far, end, wide(by_id["S06"]))))
    films["S12"] = replace(films["S12"], sound=False)
    close, parts = by_id["S03"], by_id["S08"]
    # A second camera on one of two, which starts later and counts otherwise.
    films["S03-close"] = Take("S03-close", close, 1.24, 14.0, (Shot(1.24, 14.0, {close.people[1].number: Seat(4, NEAR, 0.2)}, OTHER_SIDE),), fps=12)
    # Recorded in two parts.
    change = pause_near(parts, 7.5)
    for name, from_s, to_s in (("S08-1", 0.0, change), ("S08-2", change, films["S08"].to_s)):
        films[name] = Take(name, parts, from_s, to_s, (Shot(from_s, to_s, wide(parts)),))
    del films["S08"]
    return [films[name] for name in sorted(films)]
