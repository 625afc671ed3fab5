"""How many statements the product needs, where several tests hold it to the number."""

from django.db import connection


def award_statements() -> int:
    """From the record to the notice, with begin and end of the transaction.

    PostgreSQL gets entries, balances and totals in one message, SQLite one by one.
    """
    return 13 if connection.vendor == "postgresql" else 15
