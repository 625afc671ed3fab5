from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.notifications.services import News, news_of


def notices(request: HttpRequest) -> dict:
    """`member_news`: what a page shows of the member's notices; asked for when first used."""
    member = getattr(request, "user", None)
    if member is None or not member.is_authenticated:
        return {"member_news": News()}
    return {"member_news": SimpleLazyObject(lambda: news_of(member))}
