from typing import Any

from channels.db import database_sync_to_async
from channels.middleware import BaseMiddleware

from portal.accounts.second_factor import guard


class SecondFactorMiddleware(BaseMiddleware):
    """Withholds a role's permissions from sockets as from requests."""

    async def __call__(self, scope: dict, receive: Any, send: Any) -> Any:
        scope["user"] = await database_sync_to_async(guard)(scope["user"], scope["session"])
        return await super().__call__(scope, receive, send)
