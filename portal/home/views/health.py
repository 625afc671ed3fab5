from django.http import HttpRequest, HttpResponse, JsonResponse

from portal.resilience import health
from portal.ui.routes import reads


@reads
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@reads
def readyz(request: HttpRequest) -> JsonResponse:
    """Which part is in which state; 503 when something does not work, as opposed to slowly.

    `?only=reading` is for a load balancer: 200 as long as pages can be read.
    """
    states = health.states()
    works = states["status"] != "failing"
    if request.GET.get("only") == "reading":
        works = states["database"] in (health.OK, health.CANNOT_WRITE)
    return JsonResponse(states, status=200 if works else 503)
