import io
import math

import pytest
from PIL import Image

from portal.ui.art import COLOURS, SHAPES, TIERS
from portal.ui.drawing import _sprite, badge_drawing, digest_of, paint
from portal.ui.lettering import HEADING, TEXT, shortened, spelled, width_of, wrapped
from portal.ui.outlines import dashed, lines_of

GOLD = {"shape": "hexagon", "tier": "gold", "icon": "star", "colour": "plum"}


def test_every_icon_and_shape_of_the_pages_can_be_drawn():
    paths = [path.get("d") for symbol in _sprite().values() for path in symbol]

    assert all(lines_of(path) for path in [*paths, *SHAPES.values()])


def test_relative_and_absolute_commands_draw_the_same_square():
    square = [(2.0, 2.0), (6.0, 2.0), (6.0, 6.0), (2.0, 6.0)]

    assert lines_of("M2 2H6V6H2Z") == lines_of("m2 2h4v4h-4z") == [(square, True)]


def test_numbers_and_flags_may_be_glued():
    assert lines_of("M0 0a1 1 0 012 0") == lines_of("M0 0 A1,1,0,0,1,2,0")


def test_move_begins_another_line_and_its_further_pairs_are_lines():
    assert lines_of("m1 1 2 0m0 3 1 1") == [
        ([(1, 1), (3, 1)], False),
        ([(3, 4), (4, 5)], False),
    ]


def test_arc_keeps_its_distance_from_its_centre():
    [(line, _is_closed)] = lines_of("M0 -5A5 5 0 1 1 -5 0")

    assert line[-1] == (-5, 0)
    assert all(math.isclose(math.hypot(x, y), 5) for x, y in line)
    assert max(x for x, _y in line) == pytest.approx(5, abs=0.01)


def test_arc_too_small_for_its_ends_grows_and_one_without_radius_is_a_line():
    [(line, _is_closed)] = lines_of("M0 0A1 1 0 0 0 10 0")

    assert max(y for _x, y in line) == pytest.approx(5, abs=0.05)
    assert lines_of("M0 0A0 1 0 0 0 10 0") == [([(0, 0), (10, 0)], False)]


def test_smooth_curve_mirrors_the_one_before():
    smooth, written = (
        lines_of("M0 0C0 4 4 4 4 0S8 -4 8 0"),
        lines_of("M0 0C0 4 4 4 4 0C4 -4 8 -4 8 0"),
    )

    assert smooth == written
    assert lines_of("M0 0S4 4 4 0") == lines_of("M0 0C0 0 4 4 4 0")


@pytest.mark.parametrize("path", ["M0 0Q1 1 2 2", "M0", "M0 0L1 x"])
def test_what_is_not_understood_is_refused(path):
    with pytest.raises(ValueError):
        lines_of(path)


def test_dashes_follow_the_length_of_the_path():
    [piece] = dashed([(0, 0), (50, 0)], [20, 80], 0, 100)

    assert (piece[0], piece[-1][0]) == ((0, 0), pytest.approx(10, abs=0.2))
    assert len(dashed([(0, 0), (50, 0)], [5, 5], 0, None)) == 5


def test_badge_is_painted_in_the_colours_of_the_stylesheet():
    picture = paint(badge_drawing(**GOLD), 128)
    colours = {colour for _count, colour in picture.getcolors(maxcolors=20_000)}

    assert {(144, 74, 142, 255), (232, 191, 81, 255), (255, 255, 255, 255)} <= colours
    assert picture.getpixel((0, 0))[3] == 0
    assert picture.size == (128, 128)


def test_painting_is_deterministic():
    one, other = (paint(badge_drawing(**GOLD), 64).tobytes() for _time in range(2))

    assert one == other


def test_all_looks_differ_and_so_do_their_names():
    looks = [{**GOLD, "shape": shape} for shape in SHAPES]
    looks += [{**GOLD, "tier": tier} for tier in TIERS if tier != "gold"]
    looks += [{**GOLD, "colour": colour} for colour in COLOURS if colour != "plum"]
    looks += [{**GOLD, "icon": icon} for icon in ("star-filled", "tent", "no-such-icon")]
    drawings = [badge_drawing(**look) for look in looks]

    assert len({digest_of(drawing) for drawing in drawings}) == len(looks)
    assert len({paint(drawing, 64).tobytes() for drawing in drawings}) == len(looks)


def test_icon_that_the_sprite_lacks_leaves_the_badge_plain():
    assert len(badge_drawing(**{**GOLD, "icon": "no-such-icon"})) == 5


def test_letters_that_the_typefaces_lack_are_spelled():
    assert spelled("Işık ÇĞÖŞÜ ₺ é") == "Işık ÇĞÖŞÜ ₺ é"
    assert spelled("Иван") == "Ivan"


@pytest.mark.parametrize("letter", "ıİğĞşŞçöü₺aZ9é—…")
@pytest.mark.parametrize("face", [HEADING, TEXT])
def test_every_letter_of_both_languages_is_in_the_typefaces(letter, face):
    """A letter that a file lacks is drawn as the same empty sign as any unknown one."""
    from portal.ui.lettering import _runs

    [(font, run)] = _runs(letter, face, 40)

    assert bytes(font.getmask(run)) != bytes(font.getmask("\uffff"))


def test_words_are_wrapped_and_shortened_to_the_width():
    width = width_of("Keeper of the", TEXT, 40)

    assert wrapped("Keeper of the long night", TEXT, 40, width, 2) == [
        "Keeper of the",
        "long night",
    ]
    assert wrapped("Keeper of the long night", TEXT, 40, width, 1) is None
    assert wrapped("Donaudampfschifffahrtsgesellschaft", TEXT, 40, width, 3) is None
    assert shortened("Keeper of the long night", TEXT, 40, width)[-1] == "…"
    assert shortened("Keeper", TEXT, 40, width) == "Keeper"


def test_painted_badge_is_a_picture_that_others_can_read():
    out = io.BytesIO()
    paint(badge_drawing(**GOLD), 64).save(out, "PNG")

    assert Image.open(io.BytesIO(out.getvalue())).mode == "RGBA"
