from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.forms import IdeaForm
from community.models import Idea
from community.services.ideas import post_idea
from community.services.votes import toggle_vote


def idea_list(request: HttpRequest) -> HttpResponse:
    ideas = Idea.objects.for_list(request.user).order_by("-trend", "-pk")[:20]
    return render(request, "community/idea_list.html", {"ideas": ideas})


def idea_detail(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    idea = get_object_or_404(Idea.objects.for_list(request.user), pk=pk)
    if slug != idea.slug:
        return redirect(idea, permanent=True)
    return render(request, "community/idea_detail.html", {"idea": idea})


@login_required
def idea_new(request: HttpRequest) -> HttpResponse:
    form = IdeaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        idea = post_idea(author=request.user, **form.cleaned_data)
        messages.success(request, _("Your idea is out. Thank you!"))
        return redirect(idea)
    return render(request, "community/idea_form.html", {"form": form})


@require_POST
@login_required
def idea_vote(request: HttpRequest, pk: int) -> HttpResponse:
    ideas = Idea.objects.for_list(request.user)
    idea = get_object_or_404(ideas, pk=pk)
    toggle_vote(idea=idea, member=request.user)
    if not request.htmx:
        return redirect(idea)
    return render(request, "community/idea_detail.html#vote", {"idea": ideas.get(pk=pk)})
