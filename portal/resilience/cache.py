"""Redis as Django's cache, for pages that come slower without it and never fail for it."""

from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient

from portal.resilience import kept
from portal.resilience.redis import is_outage, options, redis_part


class PatientClient(RedisCacheClient):
    """A Redis that does not answer knows nothing and keeps nothing.

    What must not be forgotten, counts of limits and codes that were used, is kept in the database
    meanwhile (`kept.holds`).
    """

    def __init__(self, servers: Any, **given: Any) -> None:
        super().__init__(servers, **options(), **given)
        self._part = redis_part(servers[0])

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        return self._ask("add", key, value, timeout, else_=True)

    def get(self, key: Any, default: Any) -> Any:
        return self._ask("get", key, default, else_=default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        self._ask("set", key, value, timeout, else_=None)

    def touch(self, key: Any, timeout: Any) -> bool:
        return self._ask("touch", key, timeout, else_=False)

    def delete(self, key: Any) -> bool:
        return self._ask("delete", key, else_=False)

    def has_key(self, key: Any) -> bool:
        return self._ask("has_key", key, else_=False)

    def incr(self, key: Any, delta: Any) -> int:
        count = self._ask("incr", key, delta, else_=None)
        if count is None:
            raise ValueError(f"Key '{key}' not found.")
        return count

    def get_many(self, keys: Any) -> Any:
        return self._ask("get_many", keys, else_={})

    def set_many(self, data: Any, timeout: Any) -> None:
        self._ask("set_many", data, timeout, else_=None)

    def delete_many(self, keys: Any) -> None:
        self._ask("delete_many", keys, else_=None)

    def clear(self) -> bool:
        return self._ask("clear", else_=False)

    def _ask(self, method: str, *args: Any, else_: Any) -> Any:
        if not self._part.is_away:
            try:
                return getattr(super(), method)(*args)
            except Exception as error:
                if not is_outage(error):
                    raise
                self._part.failed(error)
        if args and kept.holds(args[0]):
            return getattr(kept, method)(*args)
        return else_


class PatientRedisCache(RedisCache):
    """`BACKEND` of a cache whose `LOCATION` is a Redis that may be away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = PatientClient
