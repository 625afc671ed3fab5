"""A portal in small, for the deployment's tests: reads the body, says what it saw of the client."""

import json

from django.conf import settings

if not settings.configured:
    settings.configure(
        TRUSTED_PROXIES=["unix"], TRUSTED_PROXY_COUNT=1, ALLOWED_HOSTS=["*"], SECRET_KEY="-"
    )

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse

from portal.ui.proxies import TrustedProxiesMiddleware


def saw(request):
    if request.path == "/large":
        return HttpResponse(b"x" * 20_000_000)
    if request.path.startswith("/file/"):
        return HttpResponse(headers={"X-Accel-Redirect": "/stored/" + request.path[6:]})
    told = {name: request.META[name] for name in request.META if name.startswith("HTTP_")}
    told["REMOTE_ADDR"] = request.META["REMOTE_ADDR"]
    size = len(request.environ["wsgi.input"].read(request.META.get("CONTENT_LENGTH") or 0))
    return HttpResponse(json.dumps(told | {"scheme": request.scheme, "size": size}))


pass_on = TrustedProxiesMiddleware(saw)


def application(environ, start_response):
    if environ.get("CONTENT_LENGTH"):
        environ["CONTENT_LENGTH"] = int(environ["CONTENT_LENGTH"])
    response = pass_on(WSGIRequest(environ))
    start_response(f"{response.status_code} OK", list(response.items()))
    return [response.content]
