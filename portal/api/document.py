"""The OpenAPI document: what the framework makes of the operations, said to the end.

It is in English whatever the caller's language, as programs are made from it.
"""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from portal.api.problems import CONTENT_TYPE, Problem

READ = dict.fromkeys((401, 403, 422, 429, 500), Problem)
READ_ONE = dict.fromkeys((401, 403, 404, 429, 500), Problem)
UNSAFE = dict.fromkeys((400, 401, 403, 409, 413, 415, 422, 429, 500, 503), Problem)
INTRODUCTION = """\
Programs send activities and read what members hold.

- **Keys.** `Authorization: Bearer KEY`; an administrator makes keys in the CMS under \
Settings › API keys, or on the machine with `manage.py create_api_key`. A key has scopes.
- **Repeating.** Every unsafe call takes `Idempotency-Key`, a new one for each new call. The same \
key and body get the same answer, with `Idempotent-Replayed: true`, and are not done twice; \
another body is refused with 422, a call that is still being worked on with 409.
- **Errors** are `application/problem+json` (RFC 9457), in the language of `Accept-Language`.
- **Lists** are paged: send `next` back as `cursor`, until it is null.
- **Rates.** Each key has 600 calls a minute; 429 says in `Retry-After` when to go on.
"""
REPLAYED = {
    "Idempotent-Replayed": {
        "description": "`true` where the answer was given before",
        "schema": {"type": "string"},
    }
}
RETRY = {
    "Retry-After": {"description": "seconds to wait", "schema": {"type": "integer"}},
}


def unsafe_extra() -> dict[str, Any]:
    """What every unsafe operation says beside its own: it takes an Idempotency-Key."""
    header = {
        "in": "header",
        "name": "Idempotency-Key",
        "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        "description": "a new one for each new call, the same to repeat it",
    }
    return {"parameters": [header]}


class Api(NinjaAPI):
    """A NinjaAPI whose document names the media type and the headers of its answers."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**kwargs)
        for operations in document["paths"].values():
            for method, operation in operations.items():
                _complete(operation, is_unsafe=method != "get")
        return document


def _complete(operation: dict[str, Any], *, is_unsafe: bool) -> None:
    for status, response in operation["responses"].items():
        if status >= 400 and "content" in response:
            response["content"] = {CONTENT_TYPE: response["content"].pop("application/json")}
        headers = dict(REPLAYED) if is_unsafe and status in (200, 422) else {}
        headers |= RETRY if status in (409, 429, 503) else {}
        if headers:
            response["headers"] = headers
