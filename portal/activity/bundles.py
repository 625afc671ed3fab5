"""Statements that travel together, because each message to a database server takes its time."""

from collections.abc import Callable

from django.db import connection


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
        """Put a statement that returns rows behind the others."""
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
    text = "; ".join(statement for statement, _parameters, _answer in statements)
    parameters = [one for _text, several, _answer in statements for one in several]
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)
        for number, (_text, _parameters, answer) in enumerate(statements):
            if number:
                cursor.nextset()
            if answer is not None:
                answer.take(cursor.fetchall())


def _run_in_turn(statements: list[tuple[str, list, Answer | None]]) -> None:
    with connection.cursor() as cursor:
        for text, parameters, answer in statements:
            cursor.execute(text, parameters)
            if answer is not None:
                answer.take(cursor.fetchall())
