import pytest

from tests.conftest import committing
from tests.factories import knowledge


@pytest.fixture(scope="module")
def knowledge_place(rows_of_module):
    """The home page and the empty index of the knowledge base, made once for a module."""
    with committing():
        knowledge.knowledge_index()
