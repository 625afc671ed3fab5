from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

# A session may be noted a moment before it is kept.
JUST_BEGUN = timedelta(hours=1)


@transaction.atomic
def forget_ended_sessions() -> int:
    """Delete the sessions that are over, and what is shown of them to their members; how many."""
    now = timezone.now()
    ended, _by_model = Session.objects.filter(expire_date__lt=now).delete()
    live = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(live), created_at__lt=now - JUST_BEGUN).delete()
    return ended
