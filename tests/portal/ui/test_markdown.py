import time
from html.parser import HTMLParser

import pytest

from portal.ui.markdown import (
    MAX_SOURCE_LENGTH,
    clean_html,
    mentions_in,
    plain_text,
    render_markdown,
)

HARMLESS = {"href", "rel", "title", "class", "start"}
REL = 'rel="nofollow ugc noopener"'


class Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes = set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs


def resolve(handles):
    return {handle: f"/members/{handle}/" for handle in handles if handle.startswith("a")}


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**bold** and *soft*", "<p><strong>bold</strong> and <em>soft</em></p>\n"),
        ("~~gone~~", "<p><s>gone</s></p>\n"),
        ("# Title", "<h3>Title</h3>\n"),
        ("###### Small", "<h6>Small</h6>\n"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>\n"),
        ("[Kıyı](/ideas/)", f'<p><a href="/ideas/" {REL}>Kıyı</a></p>\n'),
        (
            "see https://example.com/a now",
            f'<p>see <a href="https://example.com/a" {REL}>https://example.com/a</a> now</p>\n',
        ),
        ("", ""),
    ],
)
def test_render_markdown_knows_the_usual_marks(source, html):
    assert render_markdown(source) == html


def test_render_markdown_aligns_table_cells_with_classes():
    html = render_markdown("|a|b|\n|:-|-:|\n|1|2|")

    assert '<td class="text-end">2</td>' in html
    assert "style" not in html


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![pixel](https://spy.example/p.gif)",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](&#106;avascript:alert(1))",
        "<javascript:alert(1)>",
        '[x](https://a.example "\\" onclick=alert(1)")',
        "<a href='x' style='position:fixed'>x</a>",
        "```html onload=x\n<svg onload=alert(1)>\n```",
        "<svg><style><img src=x onerror=alert(1)>",
        "<!--><script>alert(1)</script>-->",
    ],
)
def test_render_markdown_lets_nothing_active_through(source):
    html = render_markdown(source, resolve)

    found = Elements()
    found.feed(html)
    assert {name for name, _ in found.attributes} - HARMLESS == set()
    assert found.tags & {"script", "img", "svg", "style", "iframe", "form"} == set()
    links = [value for name, value in found.attributes if name == "href"]
    assert [link for link in links if not link.startswith("https://")] == []


@pytest.mark.parametrize(
    "source",
    [
        "[" * 50_000,
        "](" * 25_000,
        "*a_ " * 12_500,
        "> " * 25_000 + "deep",
        "- " * 25_000,
        "`" * 25_000 + "a" * 25_000,
        "|a" * 25_000 + "\n" + "|-" * 100,
        "<a " * 16_000,
        "@a" * 25_000,
        "\\" * 50_000,
        "&" * 50_000,
        "http://a.b " * 4_500,
        "a@b." * 12_500,
        "~" * 50_000,
        "![[]()" * 8_000,
        "((((http://a.b/" * 3_000,
        "[a](" * 12_500,
    ],
    ids=range(17),
)
def test_render_markdown_bounds_hostile_text(source):
    started = time.thread_time()

    html = render_markdown(source, resolve)

    assert time.thread_time() - started < 5
    assert len(html) < 40 * MAX_SOURCE_LENGTH


def test_render_markdown_stops_at_its_bound():
    assert render_markdown("a" * (MAX_SOURCE_LENGTH + 9)).count("a") == MAX_SOURCE_LENGTH


def test_render_markdown_survives_nul_and_lone_surrogates():
    assert render_markdown("a\0b") == "<p>a\N{REPLACEMENT CHARACTER}b</p>\n"
    assert render_markdown("a\ud800b") == "<p>a\N{REPLACEMENT CHARACTER}b</p>\n"


def test_mentions_link_members_that_exist():
    html = render_markdown("Hi @Ayse and @bora!", resolve)

    link = f'<a href="/members/ayse/" class="mention" {REL}>@Ayse</a>'
    assert html == f"<p>Hi {link} and @bora!</p>\n"


def test_mentions_stay_text_without_resolver():
    assert render_markdown("Hi @ayse") == "<p>Hi @ayse</p>\n"


def test_mentions_ask_once_for_all_handles():
    asked = []

    def remember(handles):
        asked.append(handles)
        return {}

    render_markdown("@ali @ayse\n\n> @ALI", remember)
    render_markdown("nobody", remember)

    assert asked == [{"ali", "ayse"}]


@pytest.mark.parametrize(
    ("source", "handles"),
    [
        ("@ayse, @ali-can. (@a_1)", {"ayse", "ali-can", "a_1"}),
        ("**@ayse**", {"ayse"}),
        ("@IŞIK and @Irmak", {"irmak"}),
        ("mail me@example.com", set()),
        ("`@code`", set()),
        ("```\n@code\n```", set()),
        ("[@linked](/x)", set()),
        ("https://social.example/@ayse", set()),
        ("\\@ayse", set()),
        ("@x", set()),
        ("@" + "a" * 31, set()),
    ],
)
def test_mentions_in_reads_only_what_is_addressed(source, handles):
    assert mentions_in(source) == handles


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<p onclick='x'>Hi <b>you</b></p>", "<p>Hi <b>you</b></p>"),
        ("<h1>Big</h1><script>x</script>", "<h3>Big</h3>"),
        ("<img src=x onerror=alert(1)>text", "text"),
        ("<div><p>one", "<p>one</p>"),
        ("<a href='javascript:x'>x</a>", f"<a {REL}>x</a>"),
        ("&lt;h1&gt;", "&lt;h1&gt;"),
        ("", ""),
    ],
)
def test_clean_html_keeps_only_harmless_markup(dirty, clean):
    assert clean_html(dirty) == clean


def test_clean_html_survives_deep_nesting():
    assert clean_html("<div><blockquote>" * 10_000).count("<script") == 0


def test_plain_text_parts_blocks_and_decodes():
    html = "<h3>Tea</h3><p>Ali &amp; Ayşe<br>came</p><ul><li>1</li><li>2</li></ul>"

    assert plain_text(html) == "Tea Ali & Ayşe came 1 2"


def test_plain_text_drops_scripts():
    assert plain_text("a<script>alert(1)</script><style>b{}</style> c") == "a c"
