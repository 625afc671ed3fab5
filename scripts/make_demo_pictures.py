"""Draw the demo's pictures: `python scripts/make_demo_pictures.py [NAME …] [--sheet FILE]`.

Writes WebP files into `media/pictures/`: the hero 1600 x 900, all others 1200 x 675.
Every scene is a function whose name is the file's name; the contest's shores come from a table.
All drawings are made here and are free to use (CC0).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import demo_scenes_gear as gear
import demo_scenes_land as land
from demo_canvas import Canvas
from demo_scenes_land import SHORES, shore
from PIL import Image

MEDIA = Path(__file__).resolve().parent.parent / "portal/home/demo/media/pictures"
SCENES = {
    function.__name__.replace("_", "-"): function
    for function in (
        gear.hero,
        gear.tent_in_wind,
        gear.packing,
        gear.rain_jacket,
        gear.contour_map,
        gear.coffee_on_the_shore,
        gear.repair_bench,
        gear.clean_coast,
        land.cliff_path,
        land.plateau_fog,
        land.winter_camp,
        land.kayak_bay,
        land.bike_road,
        land.night_sky,
        land.lighthouse_storm,
        land.family_camp,
        land.dry_store,
        land.first_light_walk,
    )
}


def draw(name: str) -> Image.Image:
    canvas = Canvas(*((1600, 900) if name == "hero" else (1200, 675)))
    if name in SHORES:
        shore(canvas, *SHORES[name])
    else:
        SCENES[name](canvas)
    canvas.grain(5, seed=len(name))
    return canvas.finish()


def save(picture: Image.Image, name: str) -> None:
    """Keep the file within its budget by lowering the quality step by step."""
    limit = 90_000 if name == "hero" else 60_000
    for quality in range(84, 40, -6):
        picture.save(MEDIA / f"{name}.webp", quality=quality, method=6)
        if (MEDIA / f"{name}.webp").stat().st_size <= limit:
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these pictures")
    parser.add_argument("--sheet", help="also write all of them side by side into this PNG")
    options = parser.parse_args()
    names = options.names or [*SCENES, *SHORES]
    sheet = Image.new("RGB", (4 * 480, -(-len(names) // 4) * 270))
    for i, name in enumerate(names):
        picture = draw(name)
        save(picture, name)
        sheet.paste(picture.resize((480, 270)), (i % 4 * 480, i // 4 * 270))
    if options.sheet:
        sheet.save(options.sheet)


if __name__ == "__main__":
    main()
