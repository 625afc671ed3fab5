import json
from itertools import count

import pytest
from django.test import Client

from portal.api.scopes import SCOPES
from portal.api.services.keys import create_key

NUMBERS = count(1)


class Caller:
    """A program with a key: what it asks, it asks as the document says."""

    def __init__(self, *scopes, name="shop"):
        self.row, self.key = create_key(name=name, scopes=scopes or list(SCOPES))
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def headers(self, **more):
        return {"Authorization": f"Bearer {self.key}", **more}

    def get(self, path, data=None, **headers):
        return self.client.get(f"/api/v1/{path}", data, headers=self.headers(**headers))

    def post(self, path, body, *, key=None, content_type="application/json", **headers):
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        headers = self.headers(**{"Idempotency-Key": key or f"call-{next(NUMBERS)}", **headers})
        return self.client.post(f"/api/v1/{path}", text, content_type, headers=headers)

    def send(self, *activities, source="shop", **more):
        return self.post("activities", {"source": source, "activities": activities}, **more)


@pytest.fixture
def caller(commits):
    return Caller()
