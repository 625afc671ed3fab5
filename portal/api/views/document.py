"""The page on which people read what programs can do here."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from portal.api.api import api
from portal.api.problems import problem
from portal.api.schemas import ACTIVITY
from portal.ui.markdown import render_markdown
from portal.ui.routes import reads

PARTS = "#/components/schemas/"


@require_safe
def api_document(request: HttpRequest) -> HttpResponse:
    """Every operation of the OpenAPI document, with its parameters, answers and a call to copy."""
    document = api.get_openapi_schema()
    operations = [
        _described(path, method, operation, document["components"]["schemas"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    context = {
        "introduction": render_markdown(document["info"]["description"]),
        "operations": operations,
    }
    return render(request, "api/document.html", context)


@csrf_exempt
@reads
def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    return problem(404)


def _described(path: str, method: str, operation: dict[str, Any], parts: dict) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = _resolved(body.get("schema", {}), parts)
    return {
        "id": operation["operationId"],
        "path": path,
        "method": method.upper(),
        "summary": operation["summary"],
        "description": render_markdown(operation["description"]),
        "parameters": operation["parameters"],
        "fields": _fields(schema, parts),
        "answer": _fields(_resolved(_answer(operation), parts), parts),
        "responses": [
            {"status": status, "words": response["description"]}
            for status, response in operation["responses"].items()
        ],
        "call": _call(path + _query(operation), method, bool(body)),
    }


def _answer(operation: dict[str, Any]) -> dict[str, Any]:
    return operation["responses"][200]["content"]["application/json"]["schema"]


def _resolved(schema: dict[str, Any], parts: dict) -> dict[str, Any]:
    name = schema.get("$ref", "").removeprefix(PARTS)
    return parts[name] if name else schema


def _fields(schema: dict[str, Any], parts: dict, before: str = "") -> list[dict[str, Any]]:
    """The schema's fields, those of the objects in lists and maps behind them, each once."""
    found = []
    for name, said in schema.get("properties", {}).items():
        items = _resolved(said.get("items", {}), parts)
        found.append(
            {
                "name": before + name,
                "type": _type(said),
                "is_required": name in schema.get("required", ()),
                "words": said.get("description", ""),
            }
        )
        found += _fields(items, parts, f"{before}{name}[].")
    return found


def _type(schema: dict[str, Any]) -> str:
    choices = schema.get("anyOf") or [schema]
    return " | ".join(choice.get("type", "object") for choice in choices)


def _query(operation: dict[str, Any]) -> str:
    """What must be asked, with something in its place."""
    needed = [one["name"] for one in operation["parameters"] if one["in"] == "query"]
    required = {one["name"] for one in operation["parameters"] if one["required"]}
    asked = "&".join(f"{name}={name.upper()}" for name in needed if name in required)
    return f"?{asked}" if asked else ""


def _call(path: str, method: str, has_body: bool) -> str:
    """The call for a shell."""
    lines = [f"curl '{settings.PUBLIC_URL}{path}'", '-H "Authorization: Bearer $KEY"']
    if method != "get":
        lines[0] += f" -X {method.upper()}"
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if has_body:
        body = {"source": "shop", "activities": ACTIVITY["examples"]}
        lines += ['-H "Content-Type: application/json"', f"-d '{json.dumps(body)}'"]
    return " \\\n  ".join(lines)
