"""Views whose answers the middleware sees, beside the portal's own."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path

from community.models import Idea
from community.services.ideas import withdraw_idea
from portal import urls


def withdraw(request, pk):
    withdraw_idea(idea=Idea.objects.get(pk=pk), member=request.user)
    messages.success(request, "That is gone.")
    return HttpResponse("<p>withdrawn</p>")


def answer(request, kind):
    answers = {
        "redirect": lambda: redirect("/"),
        "json": lambda: JsonResponse({}),
        "hx-redirect": lambda: HttpResponse("", headers={"HX-Redirect": "/"}),
        "error": lambda: HttpResponse("<p>error</p>", status=422),
        "plain": lambda: HttpResponse("<p>plain</p>"),
    }
    return answers[kind]()


urlpatterns = [
    path("sample/<int:pk>/", withdraw),
    path("sample/<str:kind>/", answer),
    *urls.urlpatterns,
]
