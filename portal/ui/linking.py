"""Addresses in members' text become links, at a cost that grows with the text and no faster.

linkify-it tries each of its patterns at each place and lets some of them look at all that follows;
markdown-it hands it the rest of the text at each `://`. Both are given one word at a time instead.
"""

import re
from collections.abc import Iterator

from linkify_it import LinkifyIt
from linkify_it.main import Match
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

# Addresses that people write are shorter; what is longer stays text.
MAX_LINK_LENGTH = 1_000
MAX_SCHEME_LENGTH = 16
WORD = re.compile(r"\S+")
SCHEME = re.compile(r"(?:^|[^a-z0-9.+-])(https?|ftp)\Z", re.IGNORECASE)


class WordwiseLinkify(LinkifyIt):
    """Finds the same links, word by word; none crosses white space, so none is missed."""

    def test(self, text: str) -> bool:
        return self.pretest(text)

    def match(self, text: str) -> list[Match] | None:
        return [link for word in WORD.finditer(text) for link in self._links_of(word)] or None

    def _links_of(self, word: re.Match[str]) -> Iterator[Match]:
        if len(word[0]) > MAX_LINK_LENGTH or not self.pretest(word[0]):
            return
        for link in super().match(word[0]) or ():
            link.index += word.start()
            link.last_index += word.start()
            yield link


LINKS = WordwiseLinkify()


def link_words(parser: MarkdownIt) -> None:
    """Let a parser with the rules `linkify` find links by `WordwiseLinkify`."""
    parser.linkify = LINKS
    parser.inline.ruler.at("linkify", _link_at_scheme)


def _link_at_scheme(state: StateInline, silent: bool) -> bool:
    """Take a whole address before its `*` and `_` are read as emphasis."""
    start = state.pos
    if state.linkLevel or not state.src.startswith("://", start):
        return False
    scheme = SCHEME.search(state.pending[-MAX_SCHEME_LENGTH:])
    word = WORD.match(state.src, start, min(state.posMax, start + MAX_LINK_LENGTH + 1))
    if not scheme or not word or len(word[0]) > MAX_LINK_LENGTH:
        return False
    link = LINKS.match_at_start(scheme[1] + word[0])
    # An asterisk at its end belongs to emphasis around it.
    url = link.url.rstrip("*") if link else ""
    address = state.md.normalizeLink(url)
    if not url or not state.md.validateLink(address):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[1])]
        _push_link(state, url, address)
    state.pos += len(url) - len(scheme[1])
    return True


def _push_link(state: StateInline, url: str, address: str) -> None:
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": address}
    state.push("text", "", 0).content = state.md.normalizeLinkText(url)
    closing = state.push("link_close", "a", -1)
    for token in (opening, closing):
        token.markup, token.info = "linkify", "auto"
