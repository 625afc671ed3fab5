"""Between a criterion and the lines of a form; what a form cannot say is left alone."""

from typing import Any

LINE: dict[str, Any] = {
    "kind": "",
    "at_least": None,
    "verbs": [],
    "object_prefix": "",
    "value_at_least": None,
    "within": None,
    "per_object": False,
    "grace": None,
    "currency": "",
    "badge": "",
}


def to_lines(criterion: dict) -> tuple[str, list[dict]] | None:
    """Return how the lines are joined (`all` or `any`) and the lines, or None if it is nested
    or says what no line can."""
    glue = next((name for name in ("all", "any") if name in criterion), "")
    parts = criterion[glue] if glue else [criterion]
    if any("all" in part or "any" in part for part in parts):
        return None
    lines = [_to_line(part) for part in parts]
    if from_lines(glue or "all", lines) != criterion:
        return None
    return glue or "all", lines


def from_lines(glue: str, lines: list[dict]) -> dict:
    """Return the criterion that the lines say; a single line needs no joining."""
    parts = [_from_line(line) for line in lines]
    return parts[0] if len(parts) == 1 else {glue: parts}


def _to_line(part: dict) -> dict:
    kind = next(name for name in part if name != "at_least")
    line = {**LINE, "kind": kind, "at_least": part.get("at_least")}
    if kind == "balance":
        return {**line, "currency": part[kind]}
    if kind == "badge":
        return {**line, "badge": part[kind]}
    measure = part[kind]
    return {
        **line,
        "verbs": measure["verb"],
        "object_prefix": measure.get("object", {}).get("prefix", ""),
        "value_at_least": measure.get("value", {}).get("at_least"),
        "within": measure.get("within"),
        "per_object": measure.get("per") == "object",
        "grace": measure.get("grace"),
    }


def _from_line(line: dict) -> dict:
    kind = line["kind"]
    if kind == "badge":
        return {"badge": line["badge"]}
    if kind == "balance":
        return {"balance": line["currency"], "at_least": line["at_least"]}
    return {kind: _measure(kind, line), "at_least": line["at_least"]}


def _measure(kind: str, line: dict) -> dict:
    measure: dict = {"verb": list(line["verbs"])}
    if line["object_prefix"]:
        measure["object"] = {"prefix": line["object_prefix"]}
    if line["value_at_least"] is not None:
        measure["value"] = {"at_least": line["value_at_least"]}
    if line["within"]:
        measure["within"] = line["within"]
    if line["per_object"] and kind in ("count", "sum"):
        measure["per"] = "object"
    if line["grace"] and kind == "streak":
        measure["grace"] = line["grace"]
    return measure
