from django import template

from portal.notifications.messages import undo_url_of
from portal.notifications.services import toasts_for
from portal.notifications.toasts import toasts_of

register = template.Library()
register.filter("undo_url", undo_url_of)


@register.inclusion_tag("notifications/toasts.html", takes_context=True)
def toasts(context: dict) -> dict:
    """The member's notices that have not popped up yet; each appears on one page only."""
    request, news = context.get("request"), context.get("member_news")
    if request is None or news is None or not news.last_sequence:
        return {"toasts": None}
    key = request.session.session_key or ""
    notices = toasts_for(member=request.user, session=key, news=news)
    return {"toasts": toasts_of(notices) if notices else None}
