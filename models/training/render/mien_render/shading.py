"""GLSL programs: one lit surface shader with a material switch, a depth-only pass, and the final picture pass."""

MATERIALS = {"skin": 0, "mouth": 1, "socket": 1, "gums": 2, "teeth": 3, "eye": 4, "lashes": 5, "hair": 6, "cloth": 7}

VERTEX = """
#version 330
in vec3 in_pos; in vec3 in_normal; in vec3 in_rest; in vec2 in_ao;
uniform mat4 u_view_projection; uniform mat4 u_light;
uniform float u_shell;
out vec3 v_pos; out vec3 v_normal; out vec3 v_rest; out vec2 v_ao; out vec4 v_light;
void main() {
  vec3 p = in_pos + in_normal * u_shell;
  v_pos = p; v_normal = in_normal; v_rest = in_rest; v_ao = in_ao;
  v_light = u_light * vec4(p, 1.0);
  gl_Position = u_view_projection * vec4(p, 1.0);
}
"""

DEPTH_FRAGMENT = "#version 330\nvoid main() {}"

FRAGMENT = """
#version 330
in vec3 v_pos; in vec3 v_normal; in vec3 v_rest; in vec2 v_ao; in vec4 v_light;
uniform int u_material;
uniform vec3 u_skin, u_hair, u_iris, u_cloth;
uniform vec3 u_eye_centre, u_eye_at; uniform mat3 u_eye_turn; uniform float u_iris_plane;
uniform vec3 u_key_dir, u_key, u_fill_dir, u_fill, u_sky, u_ground;
uniform float u_layer, u_hairline, u_stubble;
uniform float u_lip_tint, u_brow_tint;
uniform sampler2D u_paint, u_relief, u_shadow;
out vec4 f_colour;

float hash(vec3 p) { p = fract(p * 0.3183099 + vec3(0.1, 0.2, 0.3)); p *= 17.0;
  return fract(p.x * p.y * p.z * (p.x + p.y + p.z)); }
float noise(vec3 x) {
  vec3 i = floor(x), f = fract(x); f = f * f * (3.0 - 2.0 * f);
  return mix(mix(mix(hash(i), hash(i + vec3(1,0,0)), f.x), mix(hash(i + vec3(0,1,0)), hash(i + vec3(1,1,0)), f.x), f.y),
             mix(mix(hash(i + vec3(0,0,1)), hash(i + vec3(1,0,1)), f.x), mix(hash(i + vec3(0,1,1)), hash(i + vec3(1,1,1)), f.x), f.y), f.z);
}
float fbm(vec3 p) { return 0.5 * noise(p) + 0.25 * noise(p * 2.03) + 0.125 * noise(p * 4.1) + 0.0625 * noise(p * 8.3); }

float lit(vec3 n) {
  vec3 s = v_light.xyz / v_light.w * 0.5 + 0.5;
  if (any(lessThan(s, vec3(0.002))) || any(greaterThan(s, vec3(0.998)))) return 1.0;
  float bias = 0.004 + 0.008 * (1.0 - max(dot(n, u_key_dir), 0.0)), sum = 0.0;
  vec2 texel = 1.3 / vec2(textureSize(u_shadow, 0));
  for (int i = -2; i <= 2; i++) for (int j = -2; j <= 2; j++)
    sum += step(s.z - bias, texture(u_shadow, s.xy + vec2(i, j) * texel).r);
  return sum / 25.0;
}
// The normal of a surface raised by a height whose slopes along x and y of the rest face are known (Mikkelsen 2010).
vec3 folded(vec3 n, vec2 slope) {
  vec3 p1 = dFdx(v_pos), p2 = dFdy(v_pos); vec2 r1 = dFdx(v_rest.xy), r2 = dFdy(v_rest.xy);
  vec3 a = cross(p2, n), b = cross(n, p1); float det = dot(p1, a);
  vec3 along = a * r1.x + b * r2.x, up = a * r1.y + b * r2.y;
  return abs(det) < 1e-9 ? n : normalize(n - (slope.x * along + slope.y * up) / det);
}
vec2 paint_uv() { return vec2((v_rest.x + 11.0) / 22.0, (v_rest.y + 12.0) / 26.0); }

// Where hair grows on the scalp, 0..1, in rest coordinates.
float scalp(vec3 p) {
  float front = 10.6 + u_hairline - 0.035 * p.x * p.x + 1.1 * (fbm(p * 1.3) - 0.45) + 0.5 * (noise(p * 6.0) - 0.5);
  float temple = mix(front, 3.6, smoothstep(5.6, 1.6, p.z));
  float back = mix(temple, -6.5, smoothstep(-0.6, -3.0, p.z));
  float above = smoothstep(-0.25, 0.5, p.y - back);
  float ear = smoothstep(3.3, 2.3, length((p - vec3(sign(p.x) * 10.4, 1.0, -1.2)) * vec3(0.7, 0.62, 0.8)));
  return above * (1.0 - ear);
}

void main() {
  vec3 n = normalize(gl_FrontFacing ? v_normal : -v_normal), view = normalize(-v_pos);
  vec3 albedo; float rough = 0.5, gloss = 0.03, wrap = 0.0, ao = v_ao.x, occlude = 1.0;
  float front = smoothstep(1.0, 4.0, v_rest.z);
  if (u_material == 0) {
    vec4 paint = texture(u_paint, paint_uv()) * front;
    vec3 relief = texture(u_relief, paint_uv()).rgb * front;
    float mottle = fbm(v_rest * 1.1), pores = noise(v_rest * 16.0);
    albedo = u_skin * (0.90 + 0.20 * mottle) * (0.97 + 0.06 * pores);
    albedo *= mix(vec3(1.0), vec3(1.06, 0.80, 0.76), 0.75 * paint.b + 0.25 * (mottle - 0.4));
    float beard = u_stubble * smoothstep(-1.0, -5.0, v_rest.y + 0.10 * v_rest.x * v_rest.x * 0.5 - 0.25 * abs(v_rest.x)) * smoothstep(-12.0, -9.0, v_rest.y) * (1.0 - paint.g);
    albedo *= 1.0 - 0.30 * beard * (0.6 + 0.8 * noise(v_rest * vec3(22.0, 14.0, 22.0)));
    albedo = mix(albedo, u_skin * vec3(0.80, 0.47, 0.46) * (0.92 + 0.16 * noise(v_rest * vec3(9.0, 1.5, 3.0))), u_lip_tint * paint.g);
    // Brow hairs: thin strokes that lean outwards.
    float side = sign(v_rest.x);
    float stroke = noise(vec3(v_rest.x * 7.0 - side * v_rest.y * 3.0, v_rest.y * 2.2 + side * v_rest.x * 0.8, 3.0));
    float brow = smoothstep(0.30, 0.62, paint.r * (0.55 + 0.75 * stroke));
    albedo = mix(albedo, u_hair * 0.55, u_brow_tint * brow);
    // A furrow is darker than its slopes tell: light does not reach its bottom, and blood shows.
    albedo *= 1.0 - 0.38 * clamp(-relief.r / 0.12, 0.0, 1.0);
    n = folded(n, relief.gb);
    // The scalp under the hair shells is dark, so that no skin shines through between them.
    albedo = mix(albedo, u_hair * 0.7, 0.85 * scalp(v_rest));
    vec3 bump = vec3(noise(v_rest * 9.0), noise(v_rest * 9.0 + 40.0), noise(v_rest * 9.0 + 80.0)) - 0.5;
    n = normalize(n + 0.07 * bump);
    float cloth = smoothstep(0.04, -0.04, v_rest.y + 13.6 - 0.012 * v_rest.x * v_rest.x + 1.0 * smoothstep(-4.0, 6.0, v_rest.z));
    albedo = mix(albedo, u_cloth * (0.85 + 0.3 * noise(v_rest * 24.0)), cloth);
    rough = mix(0.52, 0.34, paint.g); gloss = mix(0.030, 0.045, paint.g) * (1.0 - brow) * (1.0 - cloth); wrap = 0.25;
    ao *= mix(1.0, exp(-v_ao.y * 3.2), 0.9);
  } else if (u_material == 1) {
    albedo = vec3(0.30, 0.085, 0.075); ao = 0.8;
    occlude = smoothstep(3.0, 9.6, v_rest.z);
  } else if (u_material == 2) {
    albedo = vec3(0.42, 0.14, 0.14); gloss = 0.05; rough = 0.3; occlude = 0.4 + 0.45 * smoothstep(5.0, 10.0, v_rest.z); ao = 0.9;
  } else if (u_material == 3) {
    albedo = vec3(0.74, 0.69, 0.60); gloss = 0.05; rough = 0.25; occlude = 0.25 + 0.65 * smoothstep(6.0, 10.0, v_rest.z); ao = 1.0;
  } else if (u_material == 4) {
    vec3 d = v_rest - u_eye_centre; float r = length(d.xy);
    if (u_iris_plane > 0.0) {
      // Where the ray meets the plane of the iris; beyond its edge the ball is white.
      vec3 at = u_eye_turn * (v_pos - u_eye_at), ray = u_eye_turn * view;
      vec2 hit = 1.12 * (at.xy + ray.xy * (u_iris_plane - at.z) / ray.z);
      if (at.z > 0.0 && length(hit) < 0.735) { d.xy = hit; r = length(hit); } else r = max(r, 0.735);
    }
    float angle = atan(d.y, d.x);
    float fibres = 0.75 + 0.5 * noise(vec3(cos(angle) * 9.0, sin(angle) * 9.0, r * 3.0));
    vec3 sclera = vec3(0.70, 0.66, 0.62) - vec3(0.02, 0.10, 0.10) * smoothstep(0.7, 1.35, r) * (0.5 + noise(d * 7.0));
    vec3 iris = u_iris * fibres * mix(1.25, 0.7, smoothstep(0.28, 0.62, r)) * (1.0 - 0.75 * smoothstep(0.55, 0.68, r));
    albedo = mix(iris, sclera, smoothstep(0.66, 0.73, r));
    albedo = mix(vec3(0.004), albedo, smoothstep(0.23, 0.28, r));
    gloss = 0.06; rough = 0.12; ao = 1.0;
    // The lids shade the ball: the upper part more, and the corners.
    occlude = v_ao.x;
  } else if (u_material == 5) {
    if (noise(vec3(v_rest.x * 22.0, v_rest.z * 2.0, 1.0)) < 0.12 + 0.9 * smoothstep(9.65, 10.35, v_rest.z + 0.12 * (abs(v_rest.x) - 2.0))) discard;
    albedo = vec3(0.03, 0.022, 0.018); gloss = 0.0;
  } else if (u_material == 6) {
    float grow = scalp(v_rest);
    vec3 q = v_rest * vec3(1.0, 0.55, 0.55);
    float lock = noise(q * 2.1 + 1.7 * noise(q * 0.7)), strand = noise(v_rest * vec3(15.0, 5.0, 5.0));
    float height = grow * (0.35 + 0.65 * lock) * (0.72 + 0.45 * strand);
    if (u_layer > height) discard;
    albedo = u_hair * (0.35 + 0.9 * u_layer) * (0.7 + 0.6 * strand);
    n = normalize(n + 0.5 * (vec3(strand, lock, noise(v_rest * 8.0)) - 0.5));
    gloss = 0.035; rough = 0.42; wrap = 0.1; ao *= 0.45 + 0.55 * u_layer;
  } else {
    albedo = u_cloth * (0.85 + 0.3 * noise(v_rest * vec3(24.0, 24.0, 24.0))) * (0.9 + 0.2 * fbm(v_rest * 0.4)); gloss = 0.0; wrap = 0.1;
  }
  float shadow = lit(n);
  float kd = dot(n, u_key_dir), fd = dot(n, u_fill_dir);
  // Wrapped diffuse: red light travels farther under the skin, so the shadow edge is warm.
  vec3 soft = wrap * vec3(1.0, 0.45, 0.35);
  vec3 key = max((kd + soft) / (1.0 + soft), 0.0) * mix(vec3(shadow), vec3(1.0), 0.10 * soft);
  vec3 fill = max((fd + soft) / (1.0 + soft), 0.0);
  vec3 ambient = mix(u_ground, u_sky, 0.5 + 0.5 * n.y);
  vec3 tinted = mix(vec3(ao), pow(vec3(max(ao, 0.0)), vec3(0.75, 1.05, 1.1)), step(0.2, wrap));
  vec3 light = u_key * key * mix(vec3(1.0), tinted, 0.45) + (u_fill * fill + ambient) * tinted;
  vec3 half_way = normalize(u_key_dir + view), half_fill = normalize(u_fill_dir + view);
  float power = 2.0 / (rough * rough * rough * rough) - 2.0;
  float fresnel = gloss + (1.0 - gloss) * pow(1.0 - max(dot(half_way, view), 0.0), 5.0);
  float norm = (power + 8.0) / 25.0;
  vec3 spec = u_key * shadow * fresnel * norm * pow(max(dot(n, half_way), 0.0), power) * max(kd, 0.0)
            + u_fill * gloss * norm * pow(max(dot(n, half_fill), 0.0), power) * max(fd, 0.0);
  float rim = pow(1.0 - max(dot(n, view), 0.0), 4.0) * 0.10 * ao;
  f_colour = vec4((albedo * (light + rim) + spec * ao * 0.9) * occlude, 1.0);
}
"""

PICTURE_VERTEX = """
#version 330
in vec2 in_corner; out vec2 v_uv;
void main() { v_uv = in_corner * 0.5 + 0.5; gl_Position = vec4(in_corner, 0.0, 1.0); }
"""

PICTURE_FRAGMENT = """
#version 330
in vec2 v_uv; uniform sampler2D u_scene; uniform vec3 u_back_low, u_back_high; uniform bool u_mirrored; uniform float u_exposure; uniform float u_aspect;
out vec4 f_colour;
vec3 film(vec3 x) { return clamp((x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14), 0.0, 1.0); }
void main() {
  vec2 wall = vec2(u_mirrored ? 1.0 - v_uv.x : v_uv.x, v_uv.y);
  vec2 p = (wall - vec2(0.62, 0.6)) * vec2(u_aspect, 1.0);
  vec3 back = mix(u_back_high, u_back_low, smoothstep(0.0, 0.95, length(p)));
  // A blurred window frame and shelf, so the background is not empty.
  back *= 1.0 - 0.22 * smoothstep(0.05, 0.0, abs(wall.x - 0.10) - 0.02) + 0.18 * smoothstep(0.12, 0.0, abs(wall.y - 0.86) - 0.02) * smoothstep(0.3, 0.0, wall.x - 0.2);
  vec2 size = vec2(textureSize(u_scene, 0)); vec4 sum = vec4(0.0); vec3 toned = vec3(0.0);
  for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++) {
    vec4 s = texelFetch(u_scene, ivec2(floor(v_uv * size * 0.5)) * 2 + ivec2(i, j), 0);
    toned += film(u_exposure * mix(back, s.rgb, s.a));
  }
  toned *= 0.25;
  toned *= 1.0 - 0.22 * dot(v_uv - 0.5, v_uv - 0.5);
  f_colour = vec4(pow(toned, vec3(1.0 / 2.2)), 1.0);
}
"""
