"""What the views of the community share: who may send, and how a refused form comes back."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.forms import BaseForm, Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from community.models import Comment, Idea
from community.services.moderation import Thing
from portal.ui.requests import PortalRequest

View = Callable[..., HttpResponse]
Service = Callable[[dict], object]


def member_required(view: View) -> View:
    """Send visitors to the log-in, and after it to the page on which they pressed the button."""

    @wraps(view)
    def checked(request: PortalRequest, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, **kwargs)
        following = request.get_full_path()
        if request.method == "POST":
            came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer")
            following = local_path(came_from) or reverse("community:idea_list")
        response = redirect_to_login(following)
        return HttpResponseClientRedirect(response.url) if request.htmx else response

    return checked


def local_path(address: str | None) -> str:
    """The path of an address of ours, without its host."""
    scheme, separator, rest = (address or "").partition("://")
    if not separator or scheme not in {"http", "https"}:
        return ""
    return "/" + rest.partition("/")[2]


def idea_for(request: HttpRequest, pk: int) -> Idea:
    return get_object_or_404(Idea.objects.for_detail(request.user), pk=pk)


def comment_for(request: HttpRequest, pk: int) -> Comment:
    """A comment that the member may open, on an idea that they may open."""
    comments = Comment.objects.visible_to(request.user)
    comments = comments.select_related("author", "idea__author", "parent", "root")
    comment = get_object_or_404(comments, pk=pk)
    get_object_or_404(Idea.objects.visible_to(request.user), pk=comment.idea_id)
    return comment


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, for a form that is bound even when nothing was filled in."""
    return request.POST if request.method == "POST" else None


def sent(form: BaseForm, service: Callable[[dict], Any]) -> Any:
    """Call `service` with what a valid form holds; its refusal becomes the form's."""
    if not form.is_valid():
        return None
    try:
        return service(form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None


def form_page(request: HttpRequest, form: BaseForm, **context: Any) -> HttpResponse:
    """One form on a page of its own, with what it is about; 422 when it was refused."""
    status = 422 if form.is_bound else 200
    return render(request, "community/form.html", {"form": form, **context}, status=status)


def send_about(
    request: HttpRequest,
    thing: Thing,
    form_class: type[Form],
    service: Service,
    *,
    said: str,
    **shown: Any,
) -> HttpResponse:
    """A form about an idea or a comment: `service` gets what it holds, then back to the thing."""
    form = form_class(posted(request))
    if request.method == "POST" and sent(form, service):
        messages.success(request, said)
        return redirect(thing)
    return form_page(request, form, **shown)
