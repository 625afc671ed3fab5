"""Film the demo's four skills videos: `python scripts/make_demo_videos.py [NAME …] [--frame SECONDS FILE]`.

Every film is a list of scenes in `demo_films.py`, drawn frame by frame with Pillow, faded into each
other and piped to ffmpeg (H.264 and AAC in MP4, index first). The music is made here too: soft plucked
notes over the sound of the sea. Captions (.vtt) and posters are written beside it; the captions'
texts come from `content/videos.yaml`. Everything is made here and free to use (CC0).
"""

# Coordinates read better in rows: this file keeps its own line breaks.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

import argparse
import array
import math
import random
import subprocess
import tempfile
import wave
from pathlib import Path

import yaml
from demo_canvas import Canvas
from demo_film_parts import SIZE, frame_marks
from demo_films import FILMS
from PIL import Image

DEMO = Path(__file__).resolve().parent.parent / "portal/home/demo"
FPS, RATE, FADE = 24, 22_050, 0.6
NOTES = (196.0, 220.0, 261.63, 293.66, 329.63, 392.0, 440.0, 523.25)


def frame(film: dict, at: float) -> Image.Image:
    """The picture at a time in seconds; neighbouring scenes are blended for `FADE` seconds."""
    scenes = film["scenes"]
    index = max(i for i, scene in enumerate(scenes) if scene[0] <= at or i == 0)
    picture = _scene(film, index, at)
    since = at - scenes[index][0]
    if index and since < FADE:
        picture = Image.blend(_scene(film, index - 1, at), picture, since / FADE)
    return picture


def _scene(film: dict, index: int, at: float) -> Image.Image:
    start, draw = film["scenes"][index]
    stop = film["scenes"][index + 1][0] if index + 1 < len(film["scenes"]) else film["seconds"]
    canvas = Canvas(*SIZE, scale=2)
    draw(canvas, at - start, min(1.0, (at - start) / (stop - start)))
    frame_marks(canvas, len(film["scenes"]), index, min(1.0, (at - start) / (stop - start)))
    return canvas.finish()


def music(seconds: float, seed: int, target: Path) -> None:
    """Write a quiet tune: two voices on a pentatonic scale, with slow waves of noise below."""
    lot = random.Random(seed)
    total = int(seconds * RATE)
    sound = [0.0] * total
    beat, step, place = 0.46, 0, 3
    while step * beat < seconds - 1.6:
        if lot.random() < 0.72:
            place = min(7, max(0, place + lot.choice((-2, -1, -1, 1, 1, 2))))
            _pluck(sound, step * beat, NOTES[place], 0.16)
        if step % 8 == 0:
            _pluck(sound, step * beat, NOTES[(step // 8 * 3) % 5] / 2, 0.2)
        step += 1
    low = 0.0
    for i in range(total):
        low += 0.045 * (lot.uniform(-1, 1) - low)
        sound[i] += low * (0.22 + 0.2 * math.sin(i / RATE * 0.9))
        edge = min(1.0, i / RATE / 0.8, (total - i) / RATE / 1.6)
        sound[i] = max(-1.0, min(1.0, sound[i] * edge))
    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(array.array("h", (int(v * 26_000) for v in sound)).tobytes())


def _pluck(sound: list[float], at: float, pitch: float, loud: float) -> None:
    first, turn = int(at * RATE), 2 * math.pi * pitch / RATE
    for i in range(min(int(1.5 * RATE), len(sound) - first)):
        fall = math.exp(-3.2 * i / RATE) * min(1.0, i / 120)
        sound[first + i] += (
            loud * fall * (math.sin(turn * i) + 0.28 * math.sin(2 * turn * i) * fall)
        )


def encode(name: str, film: dict) -> Path:
    """Pipe all frames and the tune into one MP4 whose index comes first."""
    target, tune = DEMO / f"media/videos/{name}.mp4", Path(tempfile.gettempdir()) / f"kiyi-{name}.wav"
    music(film["seconds"], len(name), tune)
    command = [
        "ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{SIZE[0]}x{SIZE[1]}",
        "-r", str(FPS), "-i", "-", "-i", str(tune), "-c:v", "libx264", "-preset", "slow", "-crf", str(film.get("crf", 25)), "-profile:v", "high",
        "-pix_fmt", "yuv420p", "-g", "48", "-c:a", "aac", "-b:a", "64k", "-movflags", "+faststart", "-shortest",
        "-map_metadata", "-1", str(target),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        for number in range(round(film["seconds"] * FPS)):
            process.stdin.write(frame(film, number / FPS).tobytes())
        process.stdin.close()
    tune.unlink()
    return target


def captions(video: dict) -> None:
    """Write one WebVTT file a language from the cues."""

    def clock(s: float) -> str:
        return f"00:{int(s) // 60:02d}:{s % 60:06.3f}"

    for language, name in video["captions"].items():
        cues = [f"{clock(c['from'])} --> {clock(c['to'])}\n{c[language]}" for c in video["cues"]]
        (DEMO / "media/videos" / name).write_text("WEBVTT\n\n" + "\n\n".join(cues) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these films")
    parser.add_argument("--frame", nargs=2, metavar=("SECONDS", "FILE"), help="only draw one frame")
    parser.add_argument("--captions", action="store_true", help="only write the captions")
    options = parser.parse_args()
    for name in options.names or FILMS:
        if options.frame:
            frame(FILMS[name], float(options.frame[0])).save(options.frame[1])
            continue
        if not options.captions:
            print(encode(name, FILMS[name]))
            frame(FILMS[name], FILMS[name]["poster"]).save(
                DEMO / f"media/posters/{name}.webp", quality=84, method=6
            )
    if not options.frame:
        for video in yaml.safe_load((DEMO / "content/videos.yaml").read_text("utf-8"))["videos"]:
            captions(video)


if __name__ == "__main__":
    main()
