"""Says what is wrong with a catalogue, naming the place in the source."""

import re
from collections.abc import Iterator
from pathlib import Path

import polib

from portal.ui.catalogue.files import compiled, entries_of, read
from portal.ui.catalogue.sources import Key, Message

PLACEHOLDER = re.compile(r"%\(\w+\)(?:\.\d+)?[sdif]|%(?:\.\d+)?[sdif](?!\w)|\{\w*\}")
EDGES = re.compile(r"^\n|\n$")


def problems_of(path: Path, messages: dict[Key, Message] | None) -> Iterator[str]:
    """Yield each fault; without `messages` the catalogue stands for itself."""
    entries = entries_of(read(path))
    name = "/".join(path.parts[-4:])
    if messages is not None:
        for key in messages.keys() - entries.keys():
            yield f"{_place(messages[key])}: missing: {_quote(key)}"
        for key in entries.keys() - messages.keys():
            yield f"{name}: unused: {_quote(key)}"
    for key, entry in entries.items():
        known = (messages or {}).get(key)
        where = _place(known) if known else f"{name}:{entry.linenum}"
        for fault in _faults(entry, known):
            yield f"{where}: {fault}: {_quote(key)}"
    if not path.with_suffix(".mo").exists():
        yield f"{name}: not compiled"
    elif path.with_suffix(".mo").read_bytes() != compiled(path):
        yield f"{name}: the compiled catalogue is stale"


def _faults(entry: polib.POEntry, message: Message | None) -> Iterator[str]:
    if entry.fuzzy:
        yield "fuzzy"
    elif not entry.translated():
        yield "untranslated"
    if message and message.plural != entry.msgid_plural:
        yield "another plural"
    sources = [_placeholders(entry.msgid), _placeholders(entry.msgid_plural or entry.msgid)]
    if message and message.is_mixed and sources[0] != sources[1]:
        yield "with a plural and without one; give one of them a context"
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if any(text and _placeholders(text) not in sources for text in texts):
        yield "other placeholders"
    if any(text and EDGES.findall(text) != EDGES.findall(entry.msgid) for text in texts):
        yield "another line break at an end"


def _placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text.replace("%%", "")))


def _place(message: Message) -> str:
    return message.places[0]


def _quote(key: Key) -> str:
    context, text = key
    return f"{text!r} ({context})" if context else repr(text)
