"""What a researcher would write beside the videos of the made study: study file, lists, transcripts, an ELAN file; and what is true."""

import csv
import io
import json
from pathlib import Path
from xml.sax.saxutils import escape

from .study import CALM, INTERVIEWER, STRESS, TOPICS, Marker, Session
from .takes import Take

IN_TABLE = ("S01", "S02", "S03", "S04")
IN_TRANSCRIPT, IN_ELAN, IN_VTT, IN_LIST = "S05", "S06", "S07", "S10"
TABLED_EXCLUSION = "S09"
PEOPLE_BY_PLACE = ("left", "right")


def number(seconds: float) -> str:
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def clock(seconds: float, comma: str = ",") -> str:
    """00:01:02,500"""
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{comma}{ms % 1000:03}"


def table(columns: list[str], rows: list[list[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def participants_csv(people: dict[str, bool]) -> str:
    return table(["id", "glasses"], [[who, "yes" if worn else "no"] for who, worn in people.items()])


def markers_csv(sessions: list[Session]) -> str:
    rows = [[s.id, m.label, m.kind, number(m.from_s), number(m.to_s)] for s in sessions if s.id in IN_TABLE for m in s.markers]
    return table(["session", "label", "kind", "from", "to"], rows)


def excluded_csv(sessions: list[Session]) -> str:
    rows = [[s.id, number(a), number(b), why] for s in sessions if s.id == TABLED_EXCLUSION for a, b, why in s.excluded]
    return table(["session", "from", "to", "reason"], rows)


def cues(session: Session) -> list[tuple[float, float, str]]:
    """What a transcript has: the topics of questions, and what was said by whom."""
    names = {INTERVIEWER: "Interviewer", **{p.number: p.id for p in session.people}}
    said = [(line.start_s, line.end_s, f"{names[line.who]}: {line.said.text}") for line in session.lines]
    return sorted([*((m.from_s, m.to_s, f"Topic: {m.label}") for m in session.markers if m.kind == "question"), *said])


def srt(session: Session) -> str:
    blocks = [f"{i}\n{clock(a)} --> {clock(b)}\n{text}\n" for i, (a, b, text) in enumerate(cues(session), 1)]
    return "\n".join(blocks)


def vtt(session: Session) -> str:
    return "WEBVTT\n\n" + "\n".join(f"{clock(a, '.')} --> {clock(b, '.')}\n{text}\n" for a, b, text in cues(session))


def eaf(markers: tuple[Marker, ...], tier: str) -> str:
    """An ELAN file with one tier."""
    times = [round(t * 1000) for m in markers for t in (m.from_s, m.to_s)]
    slots = "".join(f'<TIME_SLOT TIME_SLOT_ID="ts{i + 1}" TIME_VALUE="{t}"/>' for i, t in enumerate(times))
    notes = "".join(
        f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{i + 1}" TIME_SLOT_REF1="ts{2 * i + 1}" TIME_SLOT_REF2="ts{2 * i + 2}">'
        f"<ANNOTATION_VALUE>{escape(m.label)}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
        for i, m in enumerate(markers)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-01-01T00:00:00+00:00" FORMAT="3.0" VERSION="3.0">'
        '<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>'
        f"<TIME_ORDER>{slots}</TIME_ORDER>"
        f'<TIER LINGUISTIC_TYPE_REF="default" TIER_ID="{escape(tier)}">{notes}</TIER>'
        '<LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default" TIME_ALIGNABLE="true"/>'
        "</ANNOTATION_DOCUMENT>\n"
    )


def written_marker(marker: Marker, take: Take | None = None) -> str:
    """An entry of the study file; of a take, in its own time."""
    shift = take.from_s if take else 0.0
    video = f", video: {take.id}" if take else ""
    return f"{{ label: {marker.label}, kind: {marker.kind}, from: {number(marker.from_s - shift)}, to: {number(marker.to_s - shift)}{video} }}"


def written_markers(session: Session, own: list[Take]) -> list[str]:
    if session.id in IN_TABLE:
        return []
    if session.id == IN_TRANSCRIPT:
        return [f"{{ file: transcripts/{session.id}.srt, match: '^Topic: (\\w+)' }}"]
    if session.id == IN_ELAN:
        return [f"{{ file: coding/{session.id}.eaf, tier: Topics, kind: question }}"]
    if session.id == IN_LIST:
        return [f"{{ file: coding/{session.id}.csv }}"]
    if session.id == IN_VTT:
        rest = [written_marker(m) for m in session.markers if m.kind != "question"]
        return [*rest, f"{{ file: transcripts/{session.id}.vtt, match: '^Topic: (\\w+)' }}"]
    return [written_marker(m, own[-1] if m.from_s >= own[-1].from_s > 0 else None) for m in session.markers]


def written_people(take: Take) -> str:
    shown = sorted({who for shot in take.shots for who in shot.seats})
    ids = {p.number: p.id for p in take.session.people}
    keys = ["1"] if len(shown) == 1 else PEOPLE_BY_PLACE
    return ", ".join(f"{key}: {ids[who]}" for key, who in zip(keys, shown, strict=True))


def study_yaml(sessions: list[Session], films: list[Take]) -> str:
    lines = [
        "# Made by mien_render --study: drawn people, synthetic voices, and an effect that is there to be found.",
        "name: Holidays and quarrels",
        "participants: participants.csv",
        f"conditions: [{CALM}, {STRESS}]",
        "markers: markers.csv",
        "excluded: excluded.csv",
        "analyze: { words: true, formats: [csv, parquet, elan, report] }",
        "sessions:",
    ]
    for session in sessions:
        own = [take for take in films if take.session is session]
        lines += [f"  - id: {session.id}", f"    condition: {session.condition}", "    videos:"]
        for take in own:
            offset = f", offset: {number(take.from_s)}" if take.from_s else ""
            lines.append(f"      - {{ id: {take.id}, path: videos/{take.id}.mp4{offset}, people: {{ {written_people(take)} }} }}")
        for key, entries in (("markers", written_markers(session, own)), ("excluded", _excluded(session))):
            if entries:
                lines += [f"    {key}:", *(f"      - {entry}" for entry in entries)]
    return "\n".join(lines) + "\n"


def _excluded(session: Session) -> list[str]:
    if session.id == TABLED_EXCLUSION:
        return []
    return [f"{{ from: {number(a)}, to: {number(b)}, reason: {why} }}" for a, b, why in session.excluded]


def truth(sessions: list[Session], films: list[Take]) -> dict[str, object]:
    """What numbers of the study are measured against; who is where in each frame is in the truth files of the videos."""
    return {
        "schema": "mien-made-study-truth/1",
        "topics": TOPICS,
        "effect": "more smiles when calm than under stress, and more of a holiday than of a quarrel; frowns the other way round",
        "sessions": [
            {
                "id": s.id, "condition": s.condition, "participants": [p.id for p in s.people],
                "markers": [{"label": m.label, "kind": m.kind, "fromUs": round(m.from_s * 1e6), "toUs": round(m.to_s * 1e6)} for m in s.markers],
                "excluded": [{"fromUs": round(a * 1e6), "toUs": round(b * 1e6)} for a, b, _ in s.excluded],
                "videos": [{"id": t.id, "offsetUs": round(t.from_s * 1e6)} for t in films if t.session is s],
                "episodes": {
                    p.id: [{"name": e.name, "onsetUs": round(e.onset_s * 1e6), "offsetUs": round(e.offset_s * 1e6)} for e in s.episodes[p.number]]
                    for p in s.people
                },
            }
            for s in sessions
        ],
    }  # fmt: skip


def write_study(sessions: list[Session], films: list[Take], folder: Path) -> None:
    """Writes everything but the videos."""
    people = {p.id: p.glasses is not None for s in sessions for p in s.people}
    texts = {
        "study.yaml": study_yaml(sessions, films),
        "participants.csv": participants_csv(people),
        "markers.csv": markers_csv(sessions),
        "excluded.csv": excluded_csv(sessions),
        "truth.json": json.dumps(truth(sessions, films), indent=1) + "\n",
    }
    for session in sessions:
        if session.id == IN_TRANSCRIPT:
            texts[f"transcripts/{session.id}.srt"] = srt(session)
        if session.id == IN_VTT:
            texts[f"transcripts/{session.id}.vtt"] = vtt(session)
        if session.id == IN_ELAN:
            texts[f"coding/{session.id}.eaf"] = eaf(tuple(m for m in session.markers if m.kind == "question"), "Topics")
        if session.id == IN_LIST:
            rows = [[m.label, m.kind, number(m.from_s), number(m.to_s)] for m in session.markers]
            texts[f"coding/{session.id}.csv"] = table(["label", "kind", "from", "to"], rows)
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
