"""Reads, brings up to date and compiles catalogues, alike on every machine."""

from pathlib import Path

import polib

from portal.ui.catalogue.sources import Key, Message

WIDTH = 100
METADATA = {
    "Project-Id-Version": "Meydan",
    "Language": "tr",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n > 1);",
}


def read(path: Path) -> polib.POFile:
    """Return the catalogue, an empty one where there is no file yet."""
    if not path.exists():
        return polib.POFile(wrapwidth=WIDTH)
    return polib.pofile(str(path), wrapwidth=WIDTH, encoding="utf-8")


def key_of(entry: polib.POEntry) -> Key:
    return entry.msgctxt or "", entry.msgid


def entries_of(catalogue: polib.POFile) -> dict[Key, polib.POEntry]:
    return {key_of(entry): entry for entry in catalogue if not entry.obsolete}


def update(path: Path, messages: dict[Key, Message]) -> tuple[int, int]:
    """Add what is missing, drop what is unused, and return how many of each."""
    old = entries_of(read(path))
    kept = [_entry(message, old.get(key)) for key, message in messages.items()]
    write(path, kept)
    return len(messages.keys() - old.keys()), len(old.keys() - messages.keys())


def write(path: Path, entries: list[polib.POEntry]) -> None:
    """Write a catalogue in an order and a form that depend on its entries alone."""
    catalogue = polib.POFile(wrapwidth=WIDTH)
    catalogue.metadata = METADATA
    catalogue.extend(sorted(entries, key=lambda entry: key_of(entry)[::-1]))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{catalogue}".rstrip() + "\n", encoding="utf-8")


def compiled(path: Path) -> bytes:
    """Return what the compiled catalogue must hold: equal text gives equal bytes."""
    catalogue = polib.POFile()
    catalogue.metadata = METADATA
    usable = [entry for entry in read(path) if entry.translated()]
    catalogue.extend(sorted(usable, key=lambda entry: key_of(entry)[::-1]))
    return bytes(catalogue.to_binary())


def compile_file(path: Path) -> bool:
    """Write the compiled catalogue beside its source and return whether it changed."""
    target = path.with_suffix(".mo")
    content = compiled(path)
    if target.exists() and target.read_bytes() == content:
        return False
    target.write_bytes(content)
    return True


def _entry(message: Message, old: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=message.text, msgctxt=message.context or None, msgid_plural=message.plural
    )
    if old is not None:
        entry.comment, entry.tcomment, entry.flags = old.comment, old.tcomment, old.flags
    if message.plural:
        forms = (old.msgstr_plural if old is not None else {}) or {0: "", 1: ""}
        entry.msgstr_plural = dict(forms)
    elif old is not None:
        entry.msgstr = old.msgstr
    return entry
