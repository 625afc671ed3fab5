"""The addresses of events and contests in the CMS, below `/cms/take-part/`."""

from django.urls import path

from events.views import cms

urlpatterns = [
    path("events/", cms.occasion_list, name="events_cms_occasions"),
    path("events/<uuid:key>/", cms.registration_list, name="events_cms_registrations"),
    path(
        "events/<uuid:key>/registrations.csv",
        cms.registration_export,
        {"form": "csv"},
        name="events_cms_csv",
    ),
    path(
        "events/<uuid:key>/registrations.xlsx",
        cms.registration_export,
        {"form": "xlsx"},
        name="events_cms_xlsx",
    ),
    path("registrations/<int:pk>/attended/", cms.registration_attend, name="events_cms_attend"),
    path("entries/", cms.entry_queue, name="events_cms_entries"),
    path("entries/<int:pk>/judge/", cms.entry_judge, name="events_cms_judge"),
    path("contests/", cms.contest_list, name="events_cms_contests"),
    path("contests/<uuid:key>/close/", cms.contest_close, name="events_cms_close"),
]
