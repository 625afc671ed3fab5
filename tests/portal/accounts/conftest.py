import pytest
from django.test import Client


@pytest.fixture
def client_class():
    """For a second browser."""
    return Client
