"""The fragment that brings a page up to date: toasts, balance and bell, swapped in out of band."""

from typing import Any

from django.contrib.messages import get_messages
from django.template.loader import render_to_string

from portal.notifications.services import claim_toasts, echoes, news_of, remember_seen, toasts_for
from portal.notifications.toasts import toasts_of
from portal.ui.requests import MemberRequest

SAFE = ("GET", "HEAD", "OPTIONS")


def fragment_for_answer(request: MemberRequest) -> str:
    """What an htmx answer carries besides its own part: the notices that the request caused.

    After a change the balance comes along too, as undoing takes points without a notice.
    """
    news = news_of(request.user)
    toasts = toasts_for(member=request.user, session=_key(request), news=news)
    messages = get_messages(request)
    messages = list(messages) if getattr(messages, "added_new", False) else []
    if not toasts and not messages and request.method in SAFE:
        return ""
    return _render(request, news, toasts, messages)


def fragment_for_page(request: MemberRequest, *, after: int) -> tuple[int, str]:
    """The last number, and what a page that knows those up to `after` has missed ("": nothing)."""
    news = news_of(request.user)
    if news.last_sequence <= after and not news.has_unshown:
        return news.last_sequence, ""
    key = _key(request)
    remember_seen(session=key, sequence=news.last_sequence)
    missed = claim_toasts(member=request.user, session=key) if news.has_unshown else []
    seen_elsewhere = echoes(member=request.user, session=key, after=after)
    notices = sorted([*missed, *seen_elsewhere], key=lambda notice: notice.sequence)
    return news.last_sequence, _render(request, news, notices, [])


def _key(request: MemberRequest) -> str:
    return request.session.session_key or ""


def _render(request: MemberRequest, news: Any, notices: list, messages: list) -> str:
    context = {"member_news": news, "toasts": toasts_of(notices), "new_messages": messages}
    return render_to_string("notifications/live.html", context, request=request)
