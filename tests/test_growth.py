"""Reading a text takes as long as the text is: no pattern of it makes a reader slow."""

import json
import random
import re
from itertools import pairwise, product

import pytest

from badges.program.loading import parse_yaml
from badges.program.problems import ProgramError
from badges.services.rewards import _read_codes
from community.services.rows import RowError, idea_of
from knowledgebase.models.timelines import parse_captions
from portal.accounts.services.lines import LineError, parse_json, read_line
from portal.home.services.search import marked
from portal.search.analyser import index_text
from portal.ui.markdown import clean_html, plain_text, render_markdown
from portal.ui.text import excerpt, fold, slugify, sort_key
from tests.growth import attacks, expressions, grows_too_fast, signs_of

# What Markdown, addresses, HTML, YAML, JSON, CSV and captions are made of.
SIGNS = (
    *("http://", "https://a", "www.", "a.com", "a.com/(", "//", "a://b", "mailto:", "ftp://"),
    *("a@b.", "@a", "@", "[", "](", "[a]:", "![", "(", ")", "*", "**a ", "_", "_a_", "__a", "~~a"),
    *("`", "> ", "- ", "1. ", "# ", "|a", "|-", "=\n", "\n", "\n\n", "  ", "\t", "\\", "<", "<a "),
    *("<!--", "</p", "&", "&#", "&amp;", '"', "'", "{", "}", ":", "a: ", "&a ", "*a ", "-", "--> "),
    *("0:01", ",", ";", "a", "9", "ğ", "İ", "e\u0301", "\u200b", "\u202e", "\0", "."),
)


def _refused(read, *refusals):
    def reading(text):
        try:
            read(text)
        except refusals:
            return

    return reading


def _json_line(text):
    read_line(parse_json(json.dumps({"id": "1", "verb": "a.b", "member": "a", "object": text})), 1)


def _doubled_names(text):
    names = "".join(f'"{n}": 1, ' for n in range(len(text) // 5))
    parse_json("{" + names + '"z": 1, "z": 1}')


def _dated_row(text):
    idea_of({"id": "1", "title": "a", "posted_at": text}, source="", zone=None)


# What reads members' or staff's text, and its size in letters at which it is looked at.
READERS = {
    "Markdown": (render_markdown, 2_500),
    "HTML of an import": (clean_html, 10_000),
    "HTML as text": (plain_text, 10_000),
    "words": (index_text, 10_000),
    "folded": (fold, 10_000),
    "slug": (slugify, 5_000),
    "order": (sort_key, 1_000),
    "excerpt": (excerpt, 10_000),
    "marked words": (lambda text: marked(text, text[:100]), 1_000),
    "captions": (parse_captions, 10_000),
    "codes": (_read_codes, 10_000),
    "programme": (_refused(parse_yaml, ProgramError), 2_500),
    "JSON": (_refused(parse_json, LineError), 10_000),
    "JSON with a name twice": (_refused(_doubled_names, LineError), 2_500),
    "a line's object": (_refused(_json_line, LineError), 10_000),
    "a date": (
        _refused(
            lambda text: idea_of(
                {"id": "1", "title": "a", "posted_at": text}, source="", zone=None
            ),
            RowError,
        ),
        10_000,
    ),
}
SAMPLED = 6
# Nine lines that stand for a billion words.
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, after in pairwise("abcdefghi")
)


def _again(pattern):
    return lambda size: (pattern * (size // len(pattern) + 1))[:size]


def _patterns(name):
    """Each sign alone, and some pairs, other ones for each reader."""
    pairs = [first + second for first, second in product(SIGNS, SIGNS)]
    return [*SIGNS, *random.Random(name).sample(pairs, SAMPLED)]


@pytest.mark.parametrize("name", READERS)
def test_reading_takes_as_long_as_the_text(name):
    read, size = READERS[name]

    slow = {
        pattern: factor
        for pattern in _patterns(name)
        if (factor := grows_too_fast(read, _again(pattern), size))
    }

    assert slow == {}


def test_every_expression_in_the_source_is_linear():
    slow = [
        (one.place, one.use, factor, attack(24))
        for one in expressions()
        for attack in attacks(one.pattern)
        if (factor := grows_too_fast(one, attack, 2_500))
    ]

    assert slow == []


@pytest.mark.parametrize(
    ("pattern", "use"),
    [(r"<[^>]*>", "sub"), (r"\s+(?=Z$)", "sub"), (r"(a+)+b", "match"), (r"[^:\s]+:", "search")],
)
def test_expressions_that_look_back_again_and_again_are_found(pattern, use):
    """The control: what is known to be slow is called slow."""
    read = getattr(re.compile(pattern), use)
    size = {"(": 5, "<": 2_500}.get(pattern[0], 1_000)

    assert any(
        grows_too_fast(lambda text: read("", text) if use == "sub" else read(text), attack, size)
        for attack in attacks(re.compile(pattern))
    )
    assert signs_of(pattern)


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        "a: &a [*a]",
        "[" * 5_000,
        "{a: " * 5_000,
        "? [a]\n: 1",
        "a: " + "9" * 5_000,
        "a: 2026-99-99",
        "a: !!binary x",
        "a: \0",
        "a: \x07",
        "%",
    ],
    ids=lambda text: text[:12].encode("unicode_escape").decode(),
)
def test_a_hostile_programme_is_refused_in_words(text):
    with pytest.raises(ProgramError):
        parse_yaml(text)


def test_anchors_are_read_as_before():
    document = parse_yaml("a: &a {x: 1}\nb: *a")

    assert document == {"a": {"x": 1}, "b": {"x": 1}}
