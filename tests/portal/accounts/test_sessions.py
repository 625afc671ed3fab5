from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.accounts.services.sessions import forget_ended_sessions


def noted(member, key, *, at):
    return UserSession.objects.create(
        user=member, session_key=key, ip="127.0.0.1", user_agent="", created_at=at
    )


def test_sessions_that_are_over_are_forgotten_and_others_stay(member_client):
    now = timezone.now()
    [live] = Session.objects.values_list("session_key", flat=True)
    Session.objects.create(session_key="over", session_data="x", expire_date=now)
    member = member_client.member
    UserSession.objects.all().delete()
    noted(member, live, at=now - timedelta(days=3))
    noted(member, "over", at=now - timedelta(days=20))
    noted(member, "just-begun", at=now)

    assert forget_ended_sessions() == 1
    assert forget_ended_sessions() == 0
    assert [one.session_key for one in Session.objects.all()] == [live]
    kept = UserSession.objects.order_by("created_at").values_list("session_key", flat=True)
    assert list(kept) == [live, "just-begun"]
