import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def own_queries(client):
    """How many queries a page asks of this feature's tables, when everything else is warm."""

    def count(url, *, client=client):
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(url)
        assert response.status_code == 200
        return sum('FROM "events_' in query["sql"] for query in captured)

    return count
