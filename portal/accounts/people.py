"""Members as others meet them: who looks at something, and whom they see."""

from dataclasses import dataclass
from functools import cache

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from portal.accounts.models import Member

# Who looks at something: a member, or a visitor who has not logged in.
Viewer = Member | AnonymousUser


@dataclass(frozen=True, slots=True)
class Face:
    """A listed member as a row of many shows them: light, and nothing that is not shown."""

    pk: int
    handle: str
    name: str
    avatar: str

    @property
    def display_name(self) -> str:
        return self.name or self.handle

    def avatar_url(self, size: int = 0) -> str:
        """The picture's address, empty without one."""
        storage = Member._meta.get_field("avatar").storage
        return storage.url(self.avatar) if self.avatar else ""


@cache
def listed_sql() -> str:
    """The condition of `Member.objects.listed()` on `accounts_member`, which has no parameters."""
    query = Member.objects.listed().query
    sql, _parameters = query.get_compiler(connection=connection).compile(query.where)
    return f"({sql})"
