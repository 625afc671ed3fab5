"""How many statements the product needs, where several tests hold it to the number."""

from django.db import connection


def award_statements() -> int:
    """From the record to the notice, with begin and end of the transaction.

    PostgreSQL gets what is asked, the ledger's rows and the notice in one message each, SQLite all
    of it one by one.
    """
    return 6 if connection.vendor == "postgresql" else 15
