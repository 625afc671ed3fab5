from django.urls import path

from events.views import calendar, challenges, contests

app_name = "events"
urlpatterns = [
    path("events/calendar.ics", calendar.calendar_ics, name="calendar_ics"),
    path("events/<uuid:key>/event.ics", calendar.event_ics, name="event_ics"),
    path("events/<uuid:key>/register/", calendar.event_register, name="event_register"),
    path("events/<uuid:key>/cancel/", calendar.event_cancel, name="event_cancel"),
    path("challenges/<uuid:key>/join/", challenges.challenge_join, name="challenge_join"),
    path("challenges/<uuid:key>/leave/", challenges.challenge_leave, name="challenge_leave"),
    path("contests/<uuid:key>/enter/", contests.contest_enter, name="contest_enter"),
    path("contests/<uuid:key>/entries/<int:pk>/", contests.entry_detail, name="entry_detail"),
    path("contests/<uuid:key>/entries/<int:pk>/vote/", contests.entry_vote, name="entry_vote"),
    path(
        "contests/<uuid:key>/entries/<int:pk>/withdraw/",
        contests.entry_withdraw,
        name="entry_withdraw",
    ),
]
