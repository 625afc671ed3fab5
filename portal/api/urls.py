from django.urls import path

from portal.api.api import api
from portal.api.views import document

urlpatterns = [
    path("v1/", document.api_document, name="api_document"),
    path("v1/", api.urls),
    path("", document.nothing_here),
    path("<path:rest>", document.nothing_here),
]
