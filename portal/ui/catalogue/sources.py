"""Finds every translatable string of the project's own Python and templates."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

Key = tuple[str, str]  # context or "", and the English text

# Which argument is the context, the text and the plural.
ROLES: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
FUNCTIONS = {
    "_": "gettext",
    "gettext_noop": "gettext",
    **{name: name for name in ROLES},
    **{f"{name}_lazy": name for name in ROLES},
}
SKIPPED = {
    *("benchmarks", "docs", "frontend", "locale", "locale_vendor", "migrations", "node_modules"),
    *("static", "tests", "var"),
}
TEMPLATES = {".html", ".txt", ".xml"}
CALL = re.compile(r"\b(np?gettext|p?gettext)\(|(?<![\w.])(_)\(")
LITERAL = re.compile(r"\s*(?:,\s*)?u?('(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")", re.DOTALL)


@dataclass
class Message:
    """A string to translate, and where it stands as `file:line`.

    `is_mixed` where it stands alone in one place and with a plural in another: Turkish may then
    show the form with a number where there is none.
    """

    text: str
    context: str = ""
    plural: str = ""
    places: list[str] = field(default_factory=list)
    is_mixed: bool = False

    @property
    def key(self) -> Key:
        return self.context, self.text


def collect(root: Path) -> dict[Key, Message]:
    """Return the strings of everything below `root` that belongs to the product."""
    found: dict[Key, Message] = {}
    for path in _files(root):
        source = path.read_text(encoding="utf-8")
        read = from_python if path.suffix == ".py" else from_template
        for message, line in read(source):
            known = found.setdefault(message.key, message)
            known.is_mixed |= known.plural != message.plural
            known.plural = known.plural or message.plural
            known.places.append(f"{path.relative_to(root)}:{line}")
    return found


def from_python(source: str) -> Iterator[tuple[Message, int]]:
    """Yield the strings that Python hands to gettext, under whatever name it imported it."""
    tree = ast.parse(source)
    names = FUNCTIONS | _aliases(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts: list[object] = [
            arg.value if isinstance(arg, ast.Constant) else None for arg in node.args
        ]
        if name in names and (message := _message(names[name], texts)):
            yield message, node.lineno


def from_template(source: str) -> Iterator[tuple[Message, int]]:
    """Yield the strings of translation tags and of `_("…")` in any tag or variable."""
    flat = templatize(source)
    for call in CALL.finditer(flat):
        texts: list[object] = []
        place = call.end()
        while literal := LITERAL.match(flat, place):
            texts.append(ast.literal_eval(literal[1]))
            place = literal.end()
        if message := _message(FUNCTIONS[call[1] or call[2]], texts):
            yield message, flat.count("\n", 0, call.start()) + 1


def _files(root: Path) -> list[Path]:
    wanted = {".py", *TEMPLATES}
    files = (path for path in root.rglob("*") if path.suffix in wanted and path.is_file())
    return sorted(path for path in files if not _is_skipped(path.relative_to(root)))


def _is_skipped(path: Path) -> bool:
    folders = path.parts[:-1]
    is_text_outside = path.suffix in TEMPLATES and "templates" not in folders
    hidden = any(part in SKIPPED or part.startswith(".") for part in folders)
    return hidden or is_text_outside


def _aliases(tree: ast.AST) -> dict[str, str]:
    return {
        alias.asname: FUNCTIONS[alias.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname and alias.name in FUNCTIONS
    }


def _message(function: str, texts: list[object]) -> Message | None:
    """Build a message from literal arguments; None where one of them is computed."""
    context, text, plural = (
        "" if place is None else texts[place] if place < len(texts) else None
        for place in ROLES[function]
    )
    if not (isinstance(context, str) and isinstance(text, str) and isinstance(plural, str)):
        return None
    return Message(text=text, context=context, plural=plural) if text else None
