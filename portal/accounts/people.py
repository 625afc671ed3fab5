"""Members as others meet them: who looks at something, and whom they see."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from portal.accounts.models import Member

# Who looks at something: a member, or a visitor who has not logged in.
Viewer = Member | AnonymousUser


# What a face is made of, by the names of the columns.
FACE_COLUMNS = "accounts_member.id, handle, name, avatar, alias"


@dataclass(frozen=True, slots=True)
class Face:
    """A listed member as a board shows them: name and picture, or an alias and nothing else."""

    pk: int
    handle: str
    name: str
    avatar: str

    @classmethod
    def of(cls, pk: int, handle: str, name: str, avatar: str, alias: str) -> "Face":
        """The face behind `FACE_COLUMNS`; under an alias it has no handle, so no profile."""
        return cls(pk, "", alias, "") if alias else cls(pk, handle, name, avatar)

    @property
    def display_name(self) -> str:
        return self.name or self.handle

    def avatar_url(self, size: int = 0) -> str:
        """The picture's address, empty without one."""
        storage = Member._meta.get_field("avatar").storage
        return storage.url(self.avatar) if self.avatar else ""


@dataclass(frozen=True, slots=True)
class Circle:
    """Some of the listed members: a condition on `accounts_member` and its parameters."""

    condition: str = ""
    parameters: tuple = ()

    @property
    def listed(self) -> str:
        """The condition with that of appearing in lists."""
        return f"{listed_sql()} AND {self.condition}" if self.condition else listed_sql()


EVERYBODY = Circle()


def interested_in(code: str) -> Circle:
    """Those who chose the interest with this code."""
    if connection.vendor == "postgresql":
        return Circle("accounts_member.interests @> %s::jsonb", (json.dumps([code]),))
    values = "SELECT 1 FROM json_each(accounts_member.interests) WHERE value = %s"
    return Circle(f"EXISTS ({values})", (code,))


def joined_with(member: Member, zone: ZoneInfo) -> Circle:
    """Those who joined in the same month, by the clock of `zone`."""
    joined = member.date_joined.astimezone(zone)
    start = datetime(joined.year, joined.month, 1, tzinfo=zone)
    end = datetime(joined.year + joined.month // 12, joined.month % 12 + 1, 1, tzinfo=zone)
    convert = connection.ops.adapt_datetimefield_value
    column = "accounts_member.date_joined"
    return Circle(f"({column} >= %s AND {column} < %s)", (convert(start), convert(end)))


@cache
def listed_sql() -> str:
    """The condition of `Member.objects.listed()` on `accounts_member`, which has no parameters."""
    query = Member.objects.listed().query
    sql, _parameters = query.get_compiler(connection=connection).compile(query.where)
    return f"({sql})"
