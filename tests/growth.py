"""How the time of reading a text grows with it: a ratio in one run, not a number of seconds."""

import ast
import gc
import importlib
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from django.conf import settings

OURS = ("portal", "community", "events", "badges", "knowledgebase")
USES = ("search", "match", "fullmatch", "sub", "split", "findall", "finditer")
# Four times the text: linear takes four times as long, quadratic sixteen.
TIMES = 4
TOO_MUCH = 9
# Below this nothing is measured but the clock.
NOTHING = 0.02
# Nobody's text may keep the processor for longer.
LONGEST = 1.0
STANDING_FOR = {"s": " ", "S": "a", "d": "0", "D": "a", "w": "a", "W": "-", "b": " ", "n": "\n"}
MOST_SIGNS = 6


@dataclass(frozen=True)
class Expression:
    """A regular expression of the product and one way in which it is used."""

    place: str
    pattern: re.Pattern
    use: str

    def __call__(self, text: str) -> None:
        if self.use == "finditer":
            for _match in self.pattern.finditer(text):
                pass
        elif self.use == "sub":
            self.pattern.sub("", text)
        else:
            getattr(self.pattern, self.use)(text)


def seconds(read: Callable, text: str, tries: int = 1) -> float:
    """The processor's time for one reading, the least of some tries."""
    taken = []
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        for _try in range(tries):
            start = time.thread_time()
            read(text)
            taken.append(time.thread_time() - start)
    finally:
        if was_collecting:
            gc.enable()
    return min(taken)


def grows_too_fast(read: Callable, texts: Callable[[int], str], size: int) -> float:
    """By how much longer four times the text takes; 0.0 where it grows as the text does, and
    infinite where it takes longer than anything may.
    """
    large = seconds(read, texts(TIMES * size))
    if large > LONGEST and seconds(read, texts(TIMES * size)) > LONGEST:
        return float("inf")
    if large < NOTHING:
        return 0.0
    small = seconds(read, texts(size), tries=3)
    if large / max(small, NOTHING / TIMES / 2) <= TOO_MUCH:
        return 0.0
    # Once more, as another process may have been in the way.
    factor = seconds(read, texts(TIMES * size), 2) / max(seconds(read, texts(size), 3), 1e-6)
    return factor if factor > TOO_MUCH else 0.0


def expressions() -> list[Expression]:
    """Every regular expression that stands in the product's source, with each of its uses."""
    found = {}
    for module in _modules():
        names, bare = _constants(module), []
        for call in (node for node in ast.walk(module.tree) if isinstance(node, ast.Call)):
            found |= dict.fromkeys(_used(call, module, names))
            bare += _inline(call, module)
        found |= dict.fromkeys(bare)
    return list(found)


def attacks(expression: re.Pattern) -> Iterator[Callable[[int], str]]:
    """Texts that an expression may find hard: its own signs, one by one and in pairs, again and
    again, after each of its words, and before what it does not expect.
    """
    signs = signs_of(expression.pattern)
    bodies = [*signs, *(first + second for first, second in product(signs, signs))]
    words = ["", *re.findall(r"[A-Za-z<&@/:]{2,}", expression.pattern)[:1]]
    for body, word, end in product(bodies, words, ("", "\x01")):
        yield lambda size, body=body, word=word, end=end: word + body * (size // len(body)) + end


def signs_of(pattern: str) -> list[str]:
    """Letters that stand for what an expression speaks of."""
    plain = re.sub(r"\(\?(?:P<\w+>|[:=!<a-z]+)", "", pattern)
    found = [STANDING_FOR.get(escaped, escaped) for escaped in re.findall(r"\\(.)", plain)]
    found += re.findall(r"[^\\\[\](){}?*+|^$.]", re.sub(r"\\.", "", plain))
    return list(dict.fromkeys([*found, "a"]))[:MOST_SIGNS]


@dataclass(frozen=True)
class Module:
    name: str
    tree: ast.Module


def _modules() -> Iterator[Module]:
    for app in OURS:
        for path in sorted(Path(settings.BASE_DIR, app).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if "migrations" not in path.parts and re.search(r"\bre\b", text):
                name = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
                yield Module(name.removesuffix(".__init__"), ast.parse(text))


def _constants(module: Module) -> dict[str, re.Pattern]:
    loaded = importlib.import_module(module.name)
    return {name: value for name, value in vars(loaded).items() if isinstance(value, re.Pattern)}


def _used(call: ast.Call, module: Module, names: dict) -> Iterator[Expression]:
    """`NAME.search(…)`, `NAME.sub(…)` and so on."""
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        pattern = names.get(call.func.value.id)
        if pattern and call.func.attr in USES and isinstance(pattern.pattern, str):
            yield Expression(f"{module.name}.{call.func.value.id}", pattern, call.func.attr)


def _inline(call: ast.Call, module: Module) -> Iterator[Expression]:
    """`re.sub(r"…", …)` and so on; a compiled one that nobody calls is searched for."""
    name = ast.unparse(call.func)
    use = name.removeprefix("re.")
    if not name.startswith("re.") or use not in (*USES, "compile") or not call.args:
        return
    if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
        flags = re.IGNORECASE if "IGNORECASE" in ast.unparse(call) else re.NOFLAG
        pattern = re.compile(call.args[0].value, flags)
        if use != "compile":
            yield Expression(f"{module.name}:{call.lineno}", pattern, use)
