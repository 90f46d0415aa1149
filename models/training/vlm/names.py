"""Words for what can be seen: emotions, action units with their region and name, degrees. All of it our own wording."""

EMOTIONS = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]
# The label as FERPlus questions of FERBench write it.
ASKED = {"neutral": "neutral", "happiness": "happy", "surprise": "surprise", "sadness": "sad", "anger": "angry", "disgust": "disgust", "fear": "fear", "contempt": "contempt"}
COMPOUNDS = {
    "happily surprised": ("happiness", "surprise"), "sadly surprised": ("sadness", "surprise"), "fearfully surprised": ("fear", "surprise"),
    "angrily surprised": ("anger", "surprise"), "disgustedly surprised": ("disgust", "surprise"), "sadly fearful": ("sadness", "fear"),
    "sadly angry": ("sadness", "anger"), "happily disgusted": ("happiness", "disgust"), "sadly disgusted": ("sadness", "disgust"),
    "fearfully angry": ("fear", "anger"), "angrily disgusted": ("anger", "disgust"),
}  # fmt: skip

# unit -> (region, FACS name, what is seen)
UNITS: dict[str, tuple[str, str, str]] = {
    "1": ("brows", "inner brow raiser", "the inner brows are raised"),
    "2": ("brows", "outer brow raiser", "the outer brows are raised"),
    "4": ("brows", "brow lowerer", "the brows are lowered and drawn together"),
    "5": ("eyes", "upper lid raiser", "the upper lids are raised"),
    "6": ("eyes", "cheek raiser", "the cheeks are raised and fold the skin beside the eyes"),
    "7": ("eyes", "lid tightener", "the lids are tightened"),
    "9": ("nose", "nose wrinkler", "the nose is wrinkled"),
    "10": ("mouth", "upper lip raiser", "the upper lip is raised"),
    "12": ("mouth", "lip corner puller", "the lip corners are pulled up"),
    "14": ("mouth", "dimpler", "the mouth corners are pressed into a dimple"),
    "15": ("mouth", "lip corner depressor", "the lip corners are drawn down"),
    "17": ("mouth", "chin raiser", "the chin is pushed up"),
    "20": ("mouth", "lip stretcher", "the lips are stretched sideways"),
    "22": ("mouth", "lip funneler", "the lips are funneled"),
    "24": ("mouth", "lip pressor", "the lips are pressed together"),
    "25": ("mouth", "lips part", "the lips are parted"),
    "26": ("mouth", "jaw drop", "the jaw is dropped"),
    "27": ("mouth", "mouth stretch", "the mouth is stretched wide open"),
    "45": ("eyes", "blink", "the eyes are closed"),
}
KEYS = list(UNITS)
SIDED = ["1", "2", "9", "10", "12", "14", "15", "20"]
REGIONS = ["brows", "eyes", "nose", "mouth"]
DEGREES = ["a trace of", "slight", "marked", "strong", "extreme"]
# Which units speak for an emotion, in our reading of EMFACS; the first are the ones that matter most.
SPEAKS = {
    "neutral": [], "happiness": ["12", "6", "25"], "surprise": ["1", "2", "5", "26", "27", "25"], "sadness": ["15", "1", "4", "17"],
    "anger": ["4", "7", "24", "5", "17"], "disgust": ["9", "10", "17"], "fear": ["20", "1", "4", "5", "2", "25", "26"], "contempt": ["14"],
}  # fmt: skip
PLEASANT = {"happiness": "pleasant", "neutral": "neither", "surprise": "neither"}


def degree(value: float) -> str:
    """Intensity 1..5 in a word: A to E of FACS."""
    return DEGREES[min(4, max(0, round(value) - 1))]


def listed(words: list[str]) -> str:
    """a; a and b; a, b and c."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else "none"


def sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."
