"""Statements that travel together, because each message to a database server takes its time."""

from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary, proxy

from django.db import connection

# A statement that came so often on one connection is planned ahead.
OFTEN = 4
# So many are kept a connection; statements for many rows have a text for each number of them.
MOST = 100
# A plan is made anew after so many calls.
OVER = 500
# Statements that were seen and not yet often are forgotten beyond this number.
MANY = 1_000


class Answer:
    """What statements of a bundle return; to ask for it sends the bundle."""

    def __init__(self, bundle: "Bundle") -> None:
        self._bundle = bundle
        self._rows: list[tuple] = []
        self._is_due = False

    @property
    def rows(self) -> list[tuple]:
        if self._is_due:
            self._bundle.send()
        return self._rows

    def expect(self) -> None:
        self._is_due = True

    def take(self, rows: list[tuple]) -> None:
        self._is_due = False
        self._rows += rows


class Bundle:
    """Statements that wait until an answer is asked for; `send` runs them in their order.

    PostgreSQL gets them in one message, so that three statements take the time of one.
    """

    def __init__(self) -> None:
        self._statements: list[tuple[str, list, Answer | None]] = []
        self._followers: list[Callable[[], None]] = []

    def add(self, statement: str, parameters: list, answer: Answer | None = None) -> None:
        """Put a statement behind the others; `answer` takes what it returns."""
        if answer is not None:
            answer.expect()
        self._statements.append((statement, parameters, answer))

    def ask(self, statement: str, parameters: list) -> Answer:
        """Put a statement that returns rows behind the others.

        Where the server cannot tell the type of a parameter, the statement says it by a CAST.
        """
        answer = Answer(self)
        self.add(statement, parameters, answer)
        return answer

    def then(self, follower: Callable[[], None]) -> None:
        """Call `follower` when what waits now has been sent."""
        self._followers.append(follower)

    def send(self) -> None:
        """Run everything that waits; a second call does nothing."""
        statements, self._statements = self._statements, []
        followers, self._followers = self._followers, []
        if connection.vendor == "postgresql":
            _run_together(statements)
        else:
            _run_in_turn(statements)
        for follower in followers:
            follower()


def _run_together(statements: list[tuple[str, list, Answer | None]]) -> None:
    if not statements:
        return
    connection.ensure_connection()
    plans = Plans.of(connection.connection) if plans_are_kept() else None
    texts = [
        plans.text_for(text) if plans and is_planned(text) else text
        for text, _parameters, _answer in statements
    ]
    parameters = [one for _text, several, _answer in statements for one in several]
    with connection.cursor() as cursor:
        cursor.execute("; ".join(texts), parameters)
        for number, (_text, _parameters, answer) in enumerate(statements):
            if number:
                cursor.nextset()
            if answer is not None:
                answer.take(cursor.fetchall())
    if plans:
        plans.tidy()


def _run_in_turn(statements: list[tuple[str, list, Answer | None]]) -> None:
    with connection.cursor() as cursor:
        for text, parameters, answer in statements:
            cursor.execute(text, parameters)
            if answer is not None:
                answer.take(cursor.fetchall())


def plans_are_kept() -> bool:
    """False behind a pooler that gives each transaction another connection of the server.

    Django's own setting DISABLE_SERVER_SIDE_CURSORS says so.
    """
    return not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")


def is_planned(statement: str) -> bool:
    """False for what reads arrays of many rows: its best plan depends on how many they are."""
    kinds = ("INSERT", "SELECT", "UPDATE", "WITH")
    return statement.lstrip().startswith(kinds) and "[]" not in statement


class Plans:
    """Which statements PostgreSQL has planned for one connection, under which names.

    To plan a statement takes the server about as long as to run it, and the statements of an award
    are always the same. A plan is given up after a number of calls, as tables grow: one that was
    made for an empty table would be kept for good.
    """

    _of: "WeakKeyDictionary[object, Plans]" = WeakKeyDictionary()

    def __init__(self, link: Any) -> None:
        self._link = proxy(link)
        self._calls: dict[str, str] = {}
        self._stale: list[str] = []
        self._used: Counter[str] = Counter()
        self._numbers = count(1)

    @classmethod
    def of(cls, link: Any) -> "Plans":
        if link not in cls._of:
            cls._of[link] = cls(link)
        return cls._of[link]

    def text_for(self, statement: str) -> str:
        """The call of the statement's plan, or the statement as long as it has none."""
        call = self._calls.get(statement)
        if call is None:
            if len(self._used) > MANY:
                self._used.clear()
            if self._used[statement] < OFTEN or len(self._calls) >= MOST:
                self._used[statement] += 1
                return statement
            call = self._prepare(statement)
        self._used[statement] += 1
        if self._used[statement] % OVER == 0:
            self._forget(statement)
        return call

    def _prepare(self, statement: str) -> str:
        """Have a statement planned; its name outlasts every rollback."""
        name = f"meydan_{next(self._numbers)}"
        first, *others = statement.split("%s")
        numbered = first + "".join(f"${n}{text}" for n, text in enumerate(others, 1))
        self._tell(f"PREPARE {name} AS {numbered}")
        values = f" ({', '.join(['%s'] * len(others))})" if others else ""
        self._calls[statement] = f"EXECUTE {name}{values}"
        return self._calls[statement]

    def _forget(self, statement: str) -> None:
        """Let the next call plan anew."""
        self._stale.append(self._calls.pop(statement).split()[1])

    def tidy(self) -> None:
        """Give up the plans that are no longer called."""
        while self._stale:
            self._tell(f"DEALLOCATE {self._stale.pop()}")

    def _tell(self, text: str) -> None:
        """Not a query of the product's: it is sent beside what Django counts and logs."""
        with connection.wrap_database_errors:
            self._link.execute(text)
