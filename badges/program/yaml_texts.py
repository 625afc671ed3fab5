"""YAML as programmes are written in it: without its surprises, and without its traps."""

from collections.abc import Callable
from typing import Any

import yaml
from django.utils.translation import gettext as _

from badges.program.problems import ProgramError

# A brand's whole programme has some thousands; anchors may not make a few lines into millions.
MOST_NODES = 200_000
MOST_DIGITS = 18
# `[[[…` and `{a: {a: …`: criteria need a handful.
MOST_BRACKETS = 32


class PlainLoader(yaml.SafeLoader):
    """Doubled keys, `no`, `010` and `12:30` are errors, not values, and so are endless aliases."""

    def get_single_node(self) -> Any:
        root = super().get_single_node()
        if root is not None and _size(root, {}) > MOST_NODES:
            raise ProgramError([(_("file"), _("anchors make this programme too large"))])
        return root

    def fetch_flow_collection_start(self, token: Any) -> None:
        if self.flow_level >= MOST_BRACKETS:
            raise _too_deep()
        super().fetch_flow_collection_start(token)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict:
        seen = set()
        for key_node, _value in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise ProgramError([(line_of(key_node), _("a key must be a word"))])
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                words = _("the key “%(key)s” stands here twice")
                raise ProgramError([(line_of(key_node), words % {"key": key})])
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_yaml(text: str) -> Any:
    """The document in a text, as written. Raises ProgramError naming the line where it can."""
    try:
        return yaml.load(text, Loader=PlainLoader)  # noqa: S506 (a subclass of SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise ProgramError([(_line(mark) if mark else _("file"), str(error.problem))]) from error
    except yaml.YAMLError as error:
        words = _("holds characters that no YAML may have")
        raise ProgramError([(_("file"), words)]) from error
    except RecursionError as error:
        raise _too_deep() from error


def _too_deep() -> ProgramError:
    return ProgramError([(_("file"), _("is nested too deeply"))])


def line_of(node: yaml.Node) -> str:
    return _line(node.start_mark)


def _line(mark: Any) -> str:
    return _("line %(number)d") % {"number": mark.line + 1}


def _size(node: yaml.Node, known: dict[int, int]) -> int:
    """How many nodes there are once every alias stands for what it names; a ring is endless."""
    if id(node) in known:
        return known[id(node)]
    known[id(node)] = MOST_NODES + 1
    parts = node.value if isinstance(node, yaml.CollectionNode) else ()
    if isinstance(node, yaml.MappingNode):
        parts = [part for pair in parts for part in pair]
    known[id(node)] = 1 + sum(_size(part, known) for part in parts)
    return known[id(node)]


def _canonical(construct: Callable, spelled: Callable[[str], bool]) -> Callable:
    def build(loader: Any, node: Any) -> Any:
        words = _("“%(value)s” is unclear: quote it or spell it out")
        if not spelled(node.value):
            raise ProgramError([(line_of(node), words % {"value": node.value[:80]})])
        try:
            return construct(loader, node)
        except ValueError:
            raise ProgramError([(line_of(node), words % {"value": node.value[:80]})]) from None

    return build


def _is_plain_int(text: str) -> bool:
    digits = text.removeprefix("-")
    is_whole = digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS
    return is_whole and (digits == "0" or not digits.startswith("0"))


SPELLED = {
    "bool": (yaml.SafeLoader.construct_yaml_bool, lambda text: text in ("true", "false")),
    "int": (yaml.SafeLoader.construct_yaml_int, _is_plain_int),
    "timestamp": (yaml.SafeLoader.construct_yaml_timestamp, bool),
    "binary": (yaml.SafeLoader.construct_yaml_binary, lambda _text: False),
}
for name, (construct, spelled) in SPELLED.items():
    PlainLoader.add_constructor(f"tag:yaml.org,2002:{name}", _canonical(construct, spelled))
