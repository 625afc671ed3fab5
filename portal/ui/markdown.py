"""Members' Markdown: rendered once when it is saved, then cleaned by an allow-list."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from html import escape, unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from portal.ui.linking import link_words
from portal.ui.text import fold

# Raised with every change to what the same source renders to: stored text is then made anew.
RENDERER_VERSION = 1
MAX_SOURCE_LENGTH = 20_000
MAX_HTML_LENGTH = 100_000
MAX_NESTING = 20

MENTION = re.compile(r"(?<![\w@/.+-])@([A-Za-z0-9][A-Za-z0-9_-]{1,29})(?![\w@])")
HEADING = re.compile(r"<(/?)h([1-6])>")
BLOCK_END = re.compile(
    r"(?i)</(?:p|div|li|h[1-6]|tr|t[dh]|pre|blockquote|section|article)\s*>|<[bh]r\b"
)
ALIGNMENTS = {
    "text-align:left": "text-start",
    "text-align:center": "text-center",
    "text-align:right": "text-end",
}
TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "hr", "i"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "pre", "s", "strong", "sub", "sup"),
    *("table", "tbody", "td", "th", "thead", "tr", "u", "ul"),
}
# Neither can be written as UTF-8 to a page or to a database.
UNPRINTABLE = re.compile("[\0\ud800-\udfff]")
Resolve = Callable[[set[str]], dict[str, str]]


def render_markdown(source: str, resolve: Resolve | None = None) -> str:
    """Render a member's text to HTML that is safe to show as it stands.

    `resolve` gets all mentioned handles (folded) and returns the addresses of those that
    exist; the others stay plain text. Text beyond `MAX_SOURCE_LENGTH` is not rendered.
    """
    tokens = _parse(source)
    handles = _handles(tokens) if resolve else set()
    urls = resolve(handles) if resolve and handles else {}
    parser = _renderer()
    return _clean(parser.renderer.render(tokens, parser.options, {"urls": urls}))


def mentions_in(source: str) -> set[str]:
    """Return the folded handles that a text names outside code and links."""
    return _handles(_parse(source))


def clean_html(html: str) -> str:
    """Clean HTML from elsewhere by the allow-list that members' own text has to meet."""
    return _shift_headings(_clean(_bounded(html, MAX_HTML_LENGTH)))


def plain_text(html: str) -> str:
    """Return what a reader sees, on one line and without markup; not safe as HTML."""
    spaced = BLOCK_END.sub(lambda match: f" {match[0]}", _bounded(html, MAX_HTML_LENGTH))
    stripped = nh3.clean(spaced, tags=set(), clean_content_tags={"script", "style"})
    return " ".join(unescape(stripped).split())


@cache
def _renderer() -> MarkdownIt:
    options = {"html": False, "linkify": True, "maxNesting": MAX_NESTING}
    parser = MarkdownIt("commonmark", options).enable(["linkify", "table", "strikethrough"])
    parser.disable(["image", "html_block", "html_inline"])
    link_words(parser)
    parser.core.ruler.before("text_join", "mentions", _find_mentions)
    parser.core.ruler.push("house_style", _house_style)
    parser.add_render_rule("mention", _render_mention)
    return parser


def _parse(source: str) -> list[Token]:
    return _renderer().parse(_bounded(source, MAX_SOURCE_LENGTH))


def _bounded(text: str, length: int) -> str:
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text[:length])


def _house_style(state: StateCore) -> None:
    """Keep headings below the page's own, and alignment in classes instead of styles."""
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"
        alignment = ALIGNMENTS.get(str(token.attrs.pop("style", "")))
        if alignment:
            token.attrs["class"] = alignment


def _find_mentions(state: StateCore) -> None:
    """Cut `@handle` out of text that is neither code nor inside a link."""
    for inline in state.tokens:
        depth, out = 0, []
        for token in inline.children or []:
            depth += token.nesting if token.type.startswith("link_") else 0
            out += _cut(token) if token.type == "text" and not depth else [token]
        if inline.children:
            inline.children = out


def _cut(token: Token) -> list[Token]:
    out, end = [], 0
    for match in MENTION.finditer(token.content):
        out.append(Token("text", "", 0, content=token.content[end : match.start()]))
        out.append(Token("mention", "", 0, content=match[1]))
        end = match.end()
    return [*out, Token("text", "", 0, content=token.content[end:])] if out else [token]


def _handles(tokens: list[Token]) -> set[str]:
    children = [child for token in tokens for child in token.children or []]
    return {fold(child.content) for child in children if child.type == "mention"}


def _render_mention(
    _renderer: RendererHTML,
    tokens: Sequence[Token],
    place: int,
    _options: OptionsDict,
    env: EnvType,
) -> str:
    handle = tokens[place].content
    url = env["urls"].get(fold(handle))
    return f'<a href="{escape(url)}" class="mention">@{handle}</a>' if url else f"@{handle}"


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href", "title"}, "abbr": {"title"}, "ol": {"start"}},
        allowed_classes={
            "a": {"mention"},
            "td": set(ALIGNMENTS.values()),
            "th": set(ALIGNMENTS.values()),
        },
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
        clean_content_tags={"script", "style"},
    )


def _shift_headings(html: str) -> str:
    return HEADING.sub(lambda match: f"<{match[1]}h{min(6, int(match[2]) + 2)}>", html)
