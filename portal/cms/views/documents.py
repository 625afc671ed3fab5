from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from wagtail import hooks
from wagtail.documents.models import document_served

from portal.cms.files import access_to_thing
from portal.cms.models import PortalDocument
from portal.ui.files import Access
from portal.ui.routes import reads
from portal.ui.sending import send_file


@reads
def serve(request: HttpRequest, pk: int, filename: str) -> HttpResponse | FileResponse:
    """The one way to a document. Who may not have it learns no more than of one that is not there.

    Visitors are asked to log in, or for the collection's password, as Wagtail does.
    """
    rows = PortalDocument.objects.select_related("collection")
    document = get_object_or_404(rows, pk=pk)
    if document.filename != filename:
        raise Http404
    access = access_to_thing(document, request)
    if access is Access.NONE:
        return _turned_away(request, document)
    document_served.send(sender=PortalDocument, instance=document, request=request)
    kind = document.content_type
    return send_file(request, document.file.name, access, saved_as=filename, kind=kind)


def _turned_away(request: HttpRequest, document: PortalDocument) -> HttpResponse:
    for hook in hooks.get_hooks("before_serve_document"):
        answer = hook(document, request)
        is_way_in = not request.user.is_authenticated or getattr(answer, "status_code", 0) == 200
        if isinstance(answer, HttpResponse) and is_way_in:
            return answer
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    raise Http404
