from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.home.services.search import search
from portal.ui.routes import reads

SUGGESTED = 3


@reads
def search_page(request: HttpRequest) -> HttpResponse:
    query, kind = request.GET.get("q", ""), request.GET.get("in", "")
    groups = search(query=query, member=request.user)
    shown = [group for group in groups if not kind or group.code == kind]
    context = {"query": query[:200], "groups": groups, "shown": shown, "kind": kind}
    return render(request, "home/search.html", context)


@reads
def search_suggest(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")
    groups = search(query=query, member=request.user, limit=SUGGESTED)
    return render(request, "home/search_suggest.html", {"query": query[:200], "groups": groups})
