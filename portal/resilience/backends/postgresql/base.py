"""PostgreSQL, which may be frozen: nobody waits for it longer than some seconds.

The system acknowledges what a frozen server never reads, and the server's own timeouts sleep with
it, so only the client can tell. A statement that takes long is therefore no fault by itself: after
a while the server is asked, by a connection of its own, whether it lives. If so, the statement may
go on for as long as it likes; if not, whoever waits is let go.
"""

import functools
import select
import types
from collections.abc import Generator
from time import monotonic
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from portal.resilience.parts import Part

# Seconds: before a silent server is asked whether it lives, and for each step of asking. The three
# together stay below five.
PATIENCE = 1.5
CONNECT_TIMEOUT = 2
ANSWER_TIMEOUT = 1.0
# What is refused sooner costs nobody time, so nobody needs to be kept from trying.
AT_ONCE = 0.5
Waiting = Generator[Any, Any, Any]


class ServerSilentError(psycopg.OperationalError):
    """The server takes connections or statements and says nothing."""


class Probe(psycopg.Connection):
    """A connection that waits for an answer only so long."""

    def wait(self, gen: Any, interval: Any = 0.1, timeout: Any = None) -> Any:
        return super().wait(gen, interval, ANSWER_TIMEOUT)


class PatientConnection(psycopg.Connection):
    """A connection that asks whether the server lives when a statement takes long."""

    part: Part | None = None

    def wait(self, gen: Any, interval: Any = 0.1, timeout: Any = None) -> Any:
        waiting = self._watched(gen) if timeout is None else gen
        return super().wait(waiting, interval, timeout)

    def _watched(self, gen: Waiting) -> Waiting:
        """The same steps; psycopg sends 0 ten times a second while nothing comes."""
        try:
            step = next(gen)
            ask_at = monotonic() + PATIENCE
            while True:
                ready = yield step
                if not ready and monotonic() > ask_at:
                    self._check()
                    ask_at = monotonic() + PATIENCE
                step = gen.send(ready)
        except StopIteration as ended:
            return ended.value

    def _check(self) -> None:
        if self.part is not None and not self.part.is_answering():
            self.close()
            raise ServerSilentError("The database server does not answer.")


@functools.cache
def database_part(host: str, port: str, conninfo: str) -> Part:
    """The one part of this process for a server."""
    return Part("database", functools.partial(_ping, conninfo))


def _ping(conninfo: str) -> None:
    """Return when the server says anything, be it that it is full or has no such database."""
    begun = monotonic()
    try:
        with Probe.connect(conninfo, connect_timeout=CONNECT_TIMEOUT, autocommit=True) as probe:
            probe.execute("SELECT 1")
    except psycopg.Error:
        if monotonic() - begun > AT_ONCE:
            raise


driver: Any = types.ModuleType("psycopg")
driver.__dict__.update({name: value for name, value in vars(psycopg).items() if name[:2] != "__"})
driver.connect = PatientConnection.connect


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with such connections."""

    Database = driver

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        part = _part_of(conn_params)
        if part.is_away:
            raise ServerSilentError("The database server does not answer.")
        begun = monotonic()
        try:
            connection = super().get_new_connection(conn_params)
        except psycopg.OperationalError as error:
            if monotonic() - begun > AT_ONCE:
                part.failed(error)
            raise
        connection.part = part
        return connection

    def is_usable(self) -> bool:
        """Whether the server has not hung up: an idle connection has nothing to read.

        Django asks at the first statement of each request; this costs no message.
        """
        if self.connection is None or self.connection.closed:
            return False
        idle = select.poll()
        idle.register(self.connection.fileno(), select.POLLIN)
        return not idle.poll(0)


def _part_of(conn_params: dict[str, Any]) -> Part:
    known = ("host", "port", "user", "password", "dbname", "service", "sslmode")
    said = {name: conn_params[name] for name in known if conn_params.get(name)}
    conninfo = psycopg.conninfo.make_conninfo(**said)
    return database_part(str(said.get("host", "")), str(said.get("port", "")), conninfo)
