"""The clips this generator is asked for."""

from math import radians

from .renderer import Look
from .timeline import Episode, Key, Role, Scenario

SMILE = {"6": 0.9, "12": 1.0, "25": 0.55}
SURPRISE = {"1": 1.0, "2": 1.0, "5": 0.9, "25": 0.5, "26": 0.8}
ANGER = {"4": 1.0, "7": 0.8, "23": 0.3, "24": 0.9}
SADNESS = {"1": 0.9, "4": 0.55, "15": 1.0, "17": 0.5}

FIRST = Look()
SECOND = Look(
    skin=(0.30, 0.165, 0.105), hair=(0.012, 0.010, 0.009), iris=(0.07, 0.04, 0.02), cloth=(0.22, 0.055, 0.05),
    hair_length=0.7, hairline=0.5, stubble=0.9,
)  # fmt: skip

TURN = radians(30)


def talking_face() -> Scenario:
    """22 s: expressions and rest; then, after a cut, head turns, talk, a visitor, and a walk out of the picture."""
    near, far = -62.0, -82.0
    first = Role(
        person=1, identity_seed=2, look=FIRST,
        keys=[Key(0, z=near, y=-0.5), Key(14, z=near, y=-0.5)],
        episodes=[
            Episode("smile", 2.5, 3.1, 4.4, 5.1, SMILE),
            Episode("surprise", 6.0, 6.32, 7.4, 7.9, SURPRISE),
            Episode("anger", 8.7, 9.2, 10.4, 11.0, ANGER),
            Episode("sadness", 11.6, 12.2, 13.2, 13.8, SADNESS),
        ],
        blinks_s=[0.9, 1.76, 5.36, 8.2, 11.2], leave_s=14.0,
    )  # fmt: skip
    second_cut = Role(
        person=1, identity_seed=2, look=FIRST,
        keys=[
            Key(14.0, y=-0.5, z=far), Key(14.3, y=-0.5, z=far), Key(14.9, yaw=TURN, y=-0.5, z=far),
            Key(15.3, yaw=TURN, y=-0.5, z=far),
            Key(16.3, yaw=-TURN, y=-0.5, z=far), Key(16.7, yaw=-TURN, y=-0.5, z=far), Key(17.2, y=-0.5, z=far, x=-9),
            Key(17.6, y=-0.5, z=far, x=-14),
            Key(18.2, pitch=0.22, y=-0.5, z=far, x=-14), Key(18.8, pitch=-0.2, y=-0.5, z=far, x=-14),
            Key(19.3, roll=0.25, y=-0.5, z=far, x=-14), Key(19.6, roll=0.25, y=-0.5, z=far, x=-14),
            Key(20.0, y=-0.5, z=far, x=-14), Key(20.7, yaw=0.15, y=-0.5, z=far, x=-52),
            Key(20.9, y=-0.5, z=far, x=-52), Key(21.6, yaw=-0.12, y=-0.5, z=far, x=-10), Key(22.0, y=-0.5, z=far, x=-9),
        ],
        episodes=[Episode("smile", 21.2, 21.5, 22.2, 22.6, {"6": 0.5, "12": 0.7})],
        blinks_s=[15.0, 16.4, 18.6, 19.7], speech_s=[(17.4, 19.9)], enter_s=14.0,
    )  # fmt: skip
    visitor = Role(
        person=2, identity_seed=10, look=SECOND,
        keys=[
            Key(17.2, yaw=0.3, y=-0.5, z=far - 4, x=54), Key(18.1, yaw=0.05, y=-0.5, z=far - 4, x=15),
            Key(19.7, y=-0.5, z=far - 4, x=15),
            Key(20.5, yaw=-0.3, y=-0.5, z=far - 4, x=54),
        ],
        episodes=[Episode("smile", 18.3, 18.7, 19.5, 20.0, {"6": 0.7, "12": 0.9, "25": 0.3})],
        blinks_s=[18.1, 19.6], enter_s=17.2, leave_s=20.5,
    )  # fmt: skip
    return Scenario("talking-face", 640, 480, 720.0, 25, 22.0, 1, [first, second_cut, visitor], [14.0])


def step_smile() -> Scenario:
    """4 s: rest, a smile that is full within three frames, and back within three frames. No other movement."""
    role = Role(
        person=1, identity_seed=2, look=FIRST, keys=[Key(0, z=-62, y=-0.5)],
        episodes=[Episode("smile", 1.60, 1.72, 2.80, 2.92, SMILE)], blinks_s=[], sway=0.25,
    )  # fmt: skip
    return Scenario("step-smile", 320, 320, 520.0, 25, 4.0, 1, [role])


SCENARIOS = {"talking-face": talking_face, "step-smile": step_smile}
