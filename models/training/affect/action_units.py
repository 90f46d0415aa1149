"""Which action units are read, what each is learned from, and how the teachers' names map to FACS (Ekman, Friesen & Hager 2002)."""

# Rendered truth: keys of mien_render.dataset (weights of ICT-FaceKit shapes, table in models/training/render).
# Teacher: blendshapes of MediaPipe's FaceLandmarker; a list is averaged, sides apart where the teacher has sides.
TEACHER: dict[str, list[str]] = {
    "1": ["browInnerUp"],
    "2": ["browOuterUp{side}"],
    "4": ["browDown{side}"],
    "5": ["eyeWide{side}"],
    "6": ["cheekSquint{side}"],
    "7": ["eyeSquint{side}"],
    "9": ["noseSneer{side}"],
    "10": ["mouthUpperUp{side}"],
    "12": ["mouthSmile{side}"],
    "14": ["mouthDimple{side}"],
    "15": ["mouthFrown{side}"],
    "16": ["mouthLowerDown{side}"],
    "17": ["mouthShrugLower"],
    "18": ["mouthPucker"],
    "20": ["mouthStretch{side}"],
    "22": ["mouthFunnel"],
    "24": ["mouthPress{side}"],
    "26": ["jawOpen"],
    "28": ["mouthRollLower", "mouthRollUpper"],
    "34": ["cheekPuff"],
    "45": ["eyeBlink{side}"],
}
SIDES = {"L": "Left", "R": "Right"}


def teacher_columns(key: str, names: list[str]) -> list[int]:
    """Columns of the teacher's blendshapes that stand for an action unit key ("12", "12L"); empty when it has none."""
    number, side = (key[:-1], key[-1]) if key[-1] in "LR" else (key, "")
    shapes = TEACHER.get(number, [])
    wanted = [SIDES[side]] if side else list(SIDES.values())
    found = []
    for shape in shapes:
        if "{side}" in shape:
            found += [shape.format(side=s) for s in wanted]
        elif not side:
            found.append(shape)
    return [names.index(name) for name in found]
