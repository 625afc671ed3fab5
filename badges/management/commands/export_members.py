import json
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from django.core.management.base import BaseCommand, CommandError

from badges.services.sheets import sheets_of
from portal.accounts.models import Member
from portal.accounts.services.identities import external_ids

CHUNK = 500
STEP = 10_000


class Command(BaseCommand):
    help = (
        "Writes one line (JSON) a member: balances, level and badges. For staff: members who opted"
        " out of leaderboards are in it as well, closed accounts are not."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE.jsonl", type=Path)
        parser.add_argument(
            "--source", default="", help="only the members of this source, under their ids there"
        )

    def handle(self, *args, file, source, **options):
        named = external_ids(source) if source else _by_handle()
        named.sort()
        try:
            with file.open("w", encoding="utf-8", newline="\n") as stream:
                self._write(stream, named)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(f"{len(named)} members written.")

    def _write(self, stream: TextIO, named: list[tuple[str, int]]) -> None:
        for start in range(0, len(named), CHUNK):
            stream.writelines(_lines(named[start : start + CHUNK]))
            done = min(start + CHUNK, len(named))
            if done % STEP == 0:
                self.stderr.write(f"  {done} of {len(named)}")


def _by_handle() -> list[tuple[str, int]]:
    open_accounts = Member.objects.filter(closed_at=None)
    return list(open_accounts.values_list("handle", "pk"))


def _lines(named: list[tuple[str, int]]) -> Iterator[str]:
    sheets = sheets_of([pk for _name, pk in named])
    for name, pk in named:
        sheet = sheets[pk]
        said = {
            "badges": sheet.badges,
            "balances": sheet.balances,
            "level": sheet.level,
            "member": name,
        }
        yield json.dumps(said, sort_keys=True, ensure_ascii=False) + "\n"
