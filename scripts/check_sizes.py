"""Refuse modules over 300 lines and functions over 30: docstrings and blank lines apart."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("portal", "community", "events", "badges", "knowledgebase")
MODULE_LINES = 300
FUNCTION_LINES = 30
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def main() -> int:
    """Print every place that is too long; exit status 1 if there is one."""
    found = [place for path in sorted(_modules()) for place in _too_long(path)]
    for place in found:
        print(place)
    return 1 if found else 0


def _modules() -> Iterator[Path]:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path


def _too_long(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    tree, name = ast.parse(text), path.relative_to(ROOT)
    counted = _counted_lines(text, tree)
    if len(counted) > MODULE_LINES:
        yield f"{name}: {len(counted)} lines, at most {MODULE_LINES} are allowed"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = sum(node.lineno <= line <= node.end_lineno for line in counted)
            if lines > FUNCTION_LINES:
                place = f"{name}:{node.lineno}: {node.name}()"
                yield f"{place} has {lines} lines, at most {FUNCTION_LINES} are allowed"


def _counted_lines(text: str, tree: ast.Module) -> list[int]:
    """The numbers of the lines that are neither blank nor part of a docstring."""
    docstrings: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            docstring = node.body[0]
            docstrings.update(range(docstring.lineno, docstring.end_lineno + 1))
    return [
        number
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and number not in docstrings
    ]


if __name__ == "__main__":
    sys.exit(main())
