"""Glasses: a frame of tubes before the eyes, and lenses that mirror a window."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import moderngl
import numpy as np

SEGMENTS, ROUND = 40, 8


@dataclass(frozen=True)
class Style:
    """Sizes in mesh units (about centimetres), colours linear RGB."""

    half_width: float = 2.45
    half_height: float = 1.9
    squareness: float = 3.0
    thickness: float = 0.13
    distance: float = 1.25
    drop: float = 0.35
    frame: tuple[float, float, float] = (0.02, 0.02, 0.025)
    tint: float = 0.06
    window: float = 1.0
    """How bright the mirrored window is."""

    @staticmethod
    def random(rng: np.random.Generator) -> "Style":
        frames = [(0.015, 0.015, 0.018), (0.10, 0.05, 0.02), (0.30, 0.28, 0.25), (0.25, 0.02, 0.03), (0.02, 0.04, 0.12)]
        return Style(
            float(rng.uniform(2.2, 2.7)), float(rng.uniform(1.45, 2.3)), float(rng.uniform(2.0, 4.5)), float(rng.uniform(0.05, 0.2)),
            float(rng.uniform(1.0, 1.5)), float(rng.uniform(0.1, 0.6)), frames[rng.integers(len(frames))], float(rng.uniform(0.02, 0.12)),
            float(rng.choice([0.3, 1.0, 2.5])),
        )  # fmt: skip


@dataclass(frozen=True)
class Worn:
    """Glasses in the world: frame and lenses as triangles [T, 3, 6] of positions and normals."""

    frame: np.ndarray
    lenses: np.ndarray
    style: Style

    def moved(self, shift: np.ndarray) -> "Worn":
        """The same glasses, this [3] further on."""
        by = np.concatenate([shift, np.zeros(3)]).astype(np.float32)
        return Worn(self.frame + by, self.lenses + by, self.style)


def wear(style: Style, shape: np.ndarray, eyes: dict[str, np.ndarray], placed: Callable[[np.ndarray], np.ndarray]) -> Worn:
    """Glasses before the eyes of a head's shape [V, 3]; `placed` carries points [N, 3] of the head into the world."""
    centres = {name: (shape[index].min(0) + shape[index].max(0)) / 2 for name, index in eyes.items()}
    front = max(float(shape[index][:, 2].max()) for index in eyes.values()) + style.distance - 0.9
    angle = np.linspace(0, 2 * np.pi, SEGMENTS, endpoint=False)
    power = 2 / style.squareness
    outline = np.stack(
        [np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power * style.half_width, np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** power * style.half_height], 1
    )  # fmt: skip
    tubes, lenses = [], []
    inner, outer = [], []
    for centre in centres.values():
        side = np.sign(centre[0])
        middle = np.array([centre[0] + side * 0.15, centre[1] - style.drop, front])
        # The frame is bent around the face.
        rim = middle + np.c_[outline, -0.02 * (middle[0] + outline[:, 0]) ** 2 + 0.02 * middle[0] ** 2]
        tubes.append(_tube(np.vstack([rim, rim[:1]]), style.thickness))
        lenses.append(_fan(middle, rim))
        inner.append(rim[np.argmin(np.abs(rim[:, 0]) + np.abs(rim[:, 1] - middle[1] - 0.4))])
        end = rim[np.argmax(np.abs(rim[:, 0]) + 0.3 * (rim[:, 1] - middle[1]))]
        outer.append(np.array([end, end + [side * 0.5, 0.1, -0.8], [side * 8.4, end[1] + 0.2, 1.0], [side * 8.6, end[1] - 0.4, -2.0]]))
    bridge = np.array([inner[0], (inner[0] + inner[1]) / 2 + [0, 0.25, 0.35], inner[1]])
    tubes.extend(_tube(path, style.thickness) for path in (bridge, *outer))

    def world(triangles: np.ndarray) -> np.ndarray:
        points = placed(triangles[..., :3].reshape(-1, 3)).reshape(triangles.shape[:2] + (3,))
        ends = placed((triangles[..., :3] + triangles[..., 3:]).reshape(-1, 3)).reshape(points.shape)
        return np.concatenate([points, ends - points], -1).astype(np.float32)

    return Worn(world(np.concatenate(tubes)), world(np.concatenate(lenses)), style)


def _fan(middle: np.ndarray, rim: np.ndarray) -> np.ndarray:
    """A lens [T, 3, 6]: its normals spread as those of a curved glass."""
    def corner(point: np.ndarray) -> np.ndarray:
        normal = np.array([0, 0, 1.0]) + (point - middle) * [0.10, 0.10, 0]
        return np.concatenate([point, normal / np.linalg.norm(normal)])

    following = np.roll(rim, -1, 0)
    return np.array([[corner(middle), corner(a), corner(b)] for a, b in zip(rim, following, strict=True)])


def _tube(path: np.ndarray, radius: float) -> np.ndarray:
    """A round bar [T, 3, 6] along points [N, 3]."""
    rings = []
    for i, at in enumerate(path):
        along = path[min(i + 1, len(path) - 1)] - path[max(i - 1, 0)]
        along = along / max(np.linalg.norm(along), 1e-9)
        across = np.cross(along, [0.0, 0.3, 1.0])
        across /= max(np.linalg.norm(across), 1e-9)
        up = np.cross(across, along)
        turn = np.linspace(0, 2 * np.pi, ROUND, endpoint=False)[:, None]
        normal = np.cos(turn) * across + np.sin(turn) * up
        rings.append(np.concatenate([at + radius * normal, normal], 1))
    triangles = []
    for a, b in zip(rings, rings[1:], strict=False):
        for k in range(ROUND):
            n = (k + 1) % ROUND
            triangles += [[a[k], b[k], a[n]], [a[n], b[k], b[n]]]
    return np.array(triangles)


VERTEX = """
#version 330
in vec3 in_pos; in vec3 in_normal; uniform mat4 u_view_projection; out vec3 v_pos; out vec3 v_normal;
void main() { v_pos = in_pos; v_normal = in_normal; gl_Position = u_view_projection * vec4(in_pos, 1.0); }
"""

FRAGMENT = """
#version 330
in vec3 v_pos; in vec3 v_normal;
uniform vec3 u_colour, u_key_dir, u_key, u_sky; uniform float u_lens, u_window;
out vec4 f_colour;
void main() {
  vec3 n = normalize(v_normal), view = normalize(-v_pos);
  if (dot(n, view) < 0.0) n = -n;
  vec3 mirrored = reflect(-view, n), half_way = normalize(u_key_dir + view);
  if (u_lens < 0.5) {
    float shine = pow(max(dot(n, half_way), 0.0), 60.0);
    f_colour = vec4(u_colour * (u_sky + u_key * max(dot(n, u_key_dir), 0.0)) + 0.35 * shine * u_key, 1.0);
    return;
  }
  // A window of four panes around the light, and the room, mirrored by a coated glass.
  vec3 side = normalize(cross(vec3(0.0, 1.0, 0.0), u_key_dir)), up = cross(u_key_dir, side);
  vec2 at = vec2(dot(mirrored, side), dot(mirrored, up)) / max(dot(mirrored, u_key_dir), 0.05);
  vec2 pane = smoothstep(0.42, 0.38, abs(at)) * smoothstep(0.01, 0.03, abs(at));
  float seen = pane.x * pane.y * step(0.0, dot(mirrored, u_key_dir));
  float fresnel = 0.03 + 0.97 * pow(1.0 - max(dot(n, view), 0.0), 5.0);
  vec3 shine = fresnel * (0.6 * u_sky + seen * u_window * 5.0 * u_key);
  f_colour = vec4(shine, u_colour.x);
}
"""


class Painter:
    """Draws glasses into the framebuffer in use, over what is there."""

    def __init__(self, ctx: moderngl.Context) -> None:
        self.ctx = ctx
        self.program = ctx.program(vertex_shader=VERTEX, fragment_shader=FRAGMENT)

    def draw(self, worn: Worn, view_projection: np.ndarray, light: Any) -> None:
        """`light` is a renderer.Light."""
        program, ctx = self.program, self.ctx
        program["u_view_projection"].write(np.ascontiguousarray(view_projection.T).tobytes())
        key = np.asarray(light.key_dir, np.float32)
        program["u_key_dir"] = tuple(map(float, key / np.linalg.norm(key)))
        program["u_key"], program["u_sky"], program["u_window"] = tuple(map(float, light.key)), tuple(map(float, light.sky)), worn.style.window
        self._triangles(worn.frame, worn.style.frame, 0.0)
        ctx.enable(moderngl.BLEND)
        ctx.blend_func = moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA, moderngl.ZERO, moderngl.ONE
        self._triangles(worn.lenses, (worn.style.tint,) * 3, 1.0)
        ctx.disable(moderngl.BLEND)

    def _triangles(self, triangles: np.ndarray, colour: tuple[float, float, float], lens: float) -> None:
        self.program["u_colour"], self.program["u_lens"] = colour, lens
        buffer = self.ctx.buffer(np.ascontiguousarray(triangles, np.float32).tobytes())
        array = self.ctx.vertex_array(self.program, [(buffer, "3f 3f", "in_pos", "in_normal")])
        array.render(moderngl.TRIANGLES)
        array.release()
        buffer.release()
