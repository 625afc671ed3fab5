from django.http import FileResponse, HttpRequest, HttpResponse

from portal.ui.files import access_to
from portal.ui.routes import reads
from portal.ui.sending import send_file


@reads
def serve(request: HttpRequest, path: str) -> HttpResponse | FileResponse:
    return send_file(request, path, access_to(path, request))
