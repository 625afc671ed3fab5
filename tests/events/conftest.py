import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import ChallengeIndexPage, ContestIndexPage, EventIndexPage
from tests.conftest import committing
from tests.factories.events import index_page


@pytest.fixture(scope="module")
def event_places(rows_of_module):
    """The home page and the empty indexes of events, made once for a module."""
    with committing():
        for model in (EventIndexPage, ChallengeIndexPage, ContestIndexPage):
            index_page(model)


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
