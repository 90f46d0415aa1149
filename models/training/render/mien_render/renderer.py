"""Draws people into frames with OpenGL on the CPU (Mesa llvmpipe through EGL; no display needed)."""

from dataclasses import dataclass

import moderngl
import numpy as np

from . import body, glasses, paint, shading, wrinkles
from .mesh import FaceModel

HAIR_LAYERS = 14
SHADOW_SIZE = 1024


@dataclass(frozen=True)
class Look:
    """Colours are linear RGB."""

    skin: tuple[float, float, float] = (0.52, 0.30, 0.215)
    hair: tuple[float, float, float] = (0.045, 0.028, 0.018)
    iris: tuple[float, float, float] = (0.16, 0.09, 0.045)
    cloth: tuple[float, float, float] = (0.05, 0.09, 0.16)
    hair_length: float = 1.3
    hairline: float = 0.0
    stubble: float = 0.4
    lip_tint: float = 0.85
    brow_tint: float = 0.95
    iris_plane: float = 0.0
    """How far the iris lies before the middle of the ball, in mesh units, seen through the cornea; 0 paints it on the ball."""


@dataclass(frozen=True)
class Light:
    """Directions point from the face to the light (x right, y up, z to the camera); colours are linear RGB."""

    key_dir: tuple[float, float, float] = (-0.42, 0.52, 0.80)
    key: tuple[float, float, float] = (2.15, 2.0, 1.85)
    fill_dir: tuple[float, float, float] = (0.75, 0.05, 0.65)
    fill: tuple[float, float, float] = (0.42, 0.46, 0.52)
    sky: tuple[float, float, float] = (0.42, 0.44, 0.48)
    ground: tuple[float, float, float] = (0.20, 0.17, 0.15)


@dataclass(frozen=True)
class Wall:
    """What is seen behind people: darkest and brightest colour (linear RGB), and whether its window is on the right."""

    low: tuple[float, float, float] = (0.05, 0.055, 0.06)
    high: tuple[float, float, float] = (0.30, 0.31, 0.33)
    mirrored: bool = False


@dataclass(frozen=True)
class Camera:
    """Pinhole at the origin looking along -z; `focal_px` in pixels of the output frame."""

    width_px: int = 640
    height_px: int = 480
    focal_px: float = 700.0

    def matrix(self, near: float = 10.0, far: float = 400.0) -> np.ndarray:
        m = np.zeros((4, 4), np.float32)
        m[0, 0], m[1, 1] = 2 * self.focal_px / self.width_px, 2 * self.focal_px / self.height_px
        m[2, 2], m[2, 3], m[3, 2] = (far + near) / (near - far), 2 * far * near / (near - far), -1
        return m

    def project(self, points: np.ndarray) -> np.ndarray:
        """Pixels [N, 2], x right and y down, of world points [N, 3]."""
        depth = -points[:, 2:3]
        centre = np.array([self.width_px / 2, self.height_px / 2], np.float32)
        return centre + points[:, :2] * np.array([1, -1], np.float32) * self.focal_px / depth


@dataclass(frozen=True)
class Eye:
    """An eyeball: its centre at rest and in the world, and the rotation [3, 3] from rest to the world."""

    rest: np.ndarray
    centre: np.ndarray
    turn: np.ndarray


@dataclass(frozen=True)
class Drawn:
    """One person ready to draw: world positions and normals [V, 3], folds [V], body positions, looks, and the relief of the skin (wrinkles.Skin)."""

    positions: np.ndarray
    normals: np.ndarray
    fold: np.ndarray
    ao: np.ndarray
    eyes: dict[str, Eye]
    body_offset: np.ndarray
    look: Look
    relief: np.ndarray
    worn: glasses.Worn | None = None


class Renderer:
    """Owns the GL context; `close` frees it. One instance draws any number of frames of one size."""

    def __init__(self, model: FaceModel, camera: Camera, hair_layers: int = HAIR_LAYERS) -> None:
        self.model, self.camera, self.hair_layers = model, camera, hair_layers
        self.light = Light()
        self.ctx = moderngl.create_standalone_context(backend="egl")
        ctx = self.ctx
        self.surface = ctx.program(vertex_shader=shading.VERTEX, fragment_shader=shading.FRAGMENT)
        self.depth = ctx.program(vertex_shader=shading.VERTEX, fragment_shader=shading.DEPTH_FRAGMENT)
        self.picture = ctx.program(vertex_shader=shading.PICTURE_VERTEX, fragment_shader=shading.PICTURE_FRAGMENT)
        size = (camera.width_px * 2, camera.height_px * 2)
        self.scene_colour = ctx.texture(size, 4, dtype="f2")
        self.scene_colour.filter = (moderngl.NEAREST, moderngl.NEAREST)
        self.scene = ctx.framebuffer([self.scene_colour], ctx.depth_renderbuffer(size))
        self.shadow_map = ctx.depth_texture((SHADOW_SIZE, SHADOW_SIZE))
        self.shadow_map.compare_func = ""
        self.shadow_map.filter = (moderngl.NEAREST, moderngl.NEAREST)
        self.shadow_map.repeat_x = self.shadow_map.repeat_y = False
        self.shadow = ctx.framebuffer(depth_attachment=self.shadow_map)
        self.glasses = glasses.Painter(ctx)
        self.final = ctx.framebuffer([ctx.texture((camera.width_px, camera.height_px), 4)])
        self.paint = self._texture(paint.paint_map())
        self.relief = ctx.texture(wrinkles.SIZE, 3, dtype="f2", alignment=2)
        self.relief.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self.relief.repeat_x = self.relief.repeat_y = False
        self.body_rest, self.body_triangles = body.torso()
        self.body_normals = _surface_normals(self.body_rest, self.body_triangles)
        self.vertices = ctx.buffer(reserve=len(model.neutral) * 44, dynamic=True)
        self.body_vertices = ctx.buffer(reserve=len(self.body_rest) * 44, dynamic=True)
        self.indices = {name: ctx.buffer(t.astype(np.int32).tobytes()) for name, t in model.parts.items() if len(t)}
        self.indices["body"] = ctx.buffer(self.body_triangles.tobytes())
        self.indices["hair"] = ctx.buffer(_hairy(model).astype(np.int32).tobytes())
        corners = ctx.buffer(np.array([-1, -1, 1, -1, -1, 1, 1, 1], np.float32).tobytes())
        self.quad = ctx.vertex_array(self.picture, [(corners, "2f", "in_corner")])
        self.arrays = {(program, name): self._array(program, name) for program in ("surface", "depth") for name in self.indices}

    def close(self) -> None:
        self.ctx.release()

    def _texture(self, pixels: np.ndarray) -> moderngl.Texture:
        texture = self.ctx.texture((pixels.shape[1], pixels.shape[0]), 4, np.ascontiguousarray(pixels).tobytes())
        texture.build_mipmaps()
        texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        texture.repeat_x = texture.repeat_y = False
        return texture

    def _array(self, program: str, name: str) -> moderngl.VertexArray:
        source = self.body_vertices if name == "body" else self.vertices
        layout = (source, "3f 3f 3f 2f", "in_pos", "in_normal", "in_rest", "in_ao")
        if program == "depth":
            layout = (source, "3f 32x", "in_pos")
            return self.ctx.vertex_array(self.depth, [layout], self.indices[name], skip_errors=True)
        return self.ctx.vertex_array(self.surface, [layout], self.indices[name])

    def _upload(self, person: Drawn) -> None:
        rest = self.model.neutral
        packed = np.concatenate([person.positions, person.normals, rest, person.ao[:, None], person.fold[:, None]], 1)
        self.vertices.write(packed.astype(np.float32).tobytes())
        ones = np.ones((len(self.body_rest), 2), np.float32)
        ones[:, 0] = np.clip(0.55 + (-15.0 - self.body_rest[:, 1]) / 12.0, 0.55, 1)
        ones[:, 1] = 0
        cloth = np.concatenate([self.body_rest + person.body_offset, self.body_normals, self.body_rest, ones], 1)
        self.body_vertices.write(cloth.astype(np.float32).tobytes())

    def draw(self, people: list[Drawn], wall: Wall, exposure: float = 1.0) -> np.ndarray:
        """The frame [H, W, 3] uint8 without grain."""
        ctx = self.ctx
        ctx.enable(moderngl.DEPTH_TEST)
        self.scene.use()
        self.scene.clear(0, 0, 0, 0)
        for person in people:
            self._upload(person)
            light, key_dir = self._shadow_pass(person)
            self._surface_pass(person, light, key_dir)
            if person.worn:
                self.glasses.draw(person.worn, self.camera.matrix(), self.light)
        self.final.use()
        ctx.disable(moderngl.DEPTH_TEST)
        self.scene_colour.use(0)
        self.picture["u_scene"] = 0
        self.picture["u_back_low"], self.picture["u_back_high"], self.picture["u_mirrored"] = wall.low, wall.high, wall.mirrored
        self.picture["u_exposure"] = exposure
        self.picture["u_aspect"] = self.camera.width_px / self.camera.height_px
        self.quad.render(moderngl.TRIANGLE_STRIP)
        raw = np.frombuffer(self.final.read(components=3, alignment=1), np.uint8)
        return raw.reshape(self.camera.height_px, self.camera.width_px, 3)[::-1]

    def _shadow_pass(self, person: Drawn) -> tuple[np.ndarray, np.ndarray]:
        key_dir = _unit(list(self.light.key_dir))
        centre = person.body_offset + np.array([0, -2, 0], np.float32)
        light = _orthographic(key_dir, centre, 24.0)
        self.shadow.use()
        self.shadow.clear(depth=1.0)
        self.depth["u_view_projection"].write(np.ascontiguousarray(light.T).tobytes())
        if "u_shell" in self.depth:
            self.depth["u_shell"] = 0.0
        for name in ("skin", "mouth", "body"):
            if ("depth", name) in self.arrays:
                self.arrays["depth", name].render()
        return light, key_dir

    def _surface_pass(self, person: Drawn, light: np.ndarray, key_dir: np.ndarray) -> None:
        s, look = self.surface, person.look
        self.scene.use()
        self.relief.write(np.ascontiguousarray(person.relief).tobytes())
        self.paint.use(0), self.relief.use(1), self.shadow_map.use(2)
        values = {
            "u_paint": 0, "u_relief": 1, "u_shadow": 2, "u_skin": look.skin, "u_hair": look.hair, "u_iris": look.iris,
            "u_cloth": look.cloth, "u_key_dir": tuple(key_dir), "u_key": self.light.key,
            "u_fill_dir": tuple(_unit(list(self.light.fill_dir))), "u_fill": self.light.fill, "u_sky": self.light.sky,
            "u_ground": self.light.ground, "u_hairline": look.hairline, "u_stubble": look.stubble,
            "u_lip_tint": look.lip_tint, "u_brow_tint": look.brow_tint, "u_shell": 0.0,
            "u_layer": 0.0, "u_iris_plane": look.iris_plane,
        }  # fmt: skip
        for name, value in values.items():
            if name in s:
                s[name] = value
        s["u_view_projection"].write(np.ascontiguousarray(self.camera.matrix().T).tobytes())
        s["u_light"].write(np.ascontiguousarray(light.T).tobytes())
        for name in self.indices:
            if name == "hair":
                continue
            kind = "cloth" if name == "body" else "eye" if name.startswith("eye") else name.rstrip("LR")
            s["u_material"] = shading.MATERIALS[kind]
            if kind == "eye":
                eye = person.eyes[name]
                s["u_eye_centre"], s["u_eye_at"] = (tuple(map(float, at)) for at in (eye.rest, eye.centre))
                # Column by column, as GLSL reads it, the turn is its own inverse's rows: world to eye.
                s["u_eye_turn"].write(np.ascontiguousarray(eye.turn, np.float32).tobytes())
            self.arrays["surface", name].render()
        if look.hair_length > 0:
            s["u_material"] = shading.MATERIALS["hair"]
            for layer in range(1, self.hair_layers + 1):
                s["u_layer"] = layer / self.hair_layers
                s["u_shell"] = look.hair_length * layer / self.hair_layers
                self.arrays["surface", "hair"].render()

    def occlusion(self, shape: np.ndarray, directions: int = 64) -> np.ndarray:
        """Share [V] of the sky each vertex of a shape sees (cosine weighted), from orthographic depth maps."""
        normals = self.model.normals(shape)
        packed = np.zeros((len(shape), 11), np.float32)
        packed[:, :3] = shape
        self.vertices.write(packed.tobytes())
        self.ctx.enable(moderngl.DEPTH_TEST)
        total, seen = np.zeros(len(shape)), np.zeros(len(shape))
        for k in range(directions):
            y = 1 - 2 * (k + 0.5) / directions
            angle = k * np.pi * (3 - np.sqrt(5))
            direction = np.array([np.sqrt(1 - y * y) * np.cos(angle), y, np.sqrt(1 - y * y) * np.sin(angle)])
            view = _orthographic(direction, np.array([0, -2, 0]), 24.0)
            self.shadow.use()
            self.shadow.clear(depth=1.0)
            self.depth["u_view_projection"].write(np.ascontiguousarray(view.astype(np.float32).T).tobytes())
            self.arrays["depth", "skin"].render()
            depth = np.frombuffer(self.shadow_map.read(alignment=1), np.float32).reshape(SHADOW_SIZE, SHADOW_SIZE)
            clip = np.c_[shape, np.ones(len(shape))] @ view.T * 0.5 + 0.5
            px = np.clip((clip[:, :2] * SHADOW_SIZE).astype(int), 0, SHADOW_SIZE - 1)
            visible = clip[:, 2] - 0.006 < depth[px[:, 1], px[:, 0]]
            weight = np.maximum(normals @ direction, 0)
            total += weight
            seen += weight * visible
        raw = seen / np.maximum(total, 1e-6)
        smooth = self.model.smoother @ (self.model.smoother @ raw)
        return np.clip(0.12 + 0.88 * smooth, 0, 1).astype(np.float32)


def _hairy(model: FaceModel) -> np.ndarray:
    """Skin triangles [T, 3] on which hair may grow; the shader decides per pixel."""
    skin = model.parts["skin"]
    x, y, z = model.neutral[skin].mean(1).T
    return skin[((y > 8.5) | ((z < 4.5) & (y > 2.5)) | ((z < 0.5) & (y > -8.0))) & ~((np.abs(x) > 10.6) & (y < 4))]


def _unit(v: list[float]) -> np.ndarray:
    a = np.asarray(v, np.float32)
    return a / np.linalg.norm(a)


def _orthographic(direction: np.ndarray, centre: np.ndarray, half: float) -> np.ndarray:
    """Clip matrix of a camera looking along -direction at `centre` with a cube of half size `half` in view."""
    forward = np.asarray(direction, float)
    right = np.cross([0.0, 1.0, 0.0] if abs(forward[1]) < 0.99 else [1.0, 0.0, 0.0], forward)
    right /= np.linalg.norm(right)
    basis = np.stack([right, np.cross(forward, right), -forward])
    m = np.eye(4)
    m[:3, :3] = basis / half
    m[:3, 3] = -(basis @ centre) / half
    return m.astype(np.float32)


def _surface_normals(positions: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    a, b, c = (positions[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    out = np.zeros_like(positions)
    for k in range(3):
        np.add.at(out, triangles[:, k], face)
    out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
    outward = positions - positions.mean(0)
    return out * (1 if (out * outward).sum() > 0 else -1)
