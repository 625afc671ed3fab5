from django.urls import path

from portal.notifications import views

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.notice_list, name="notice_list"),
    path("notifications/live/", views.notices_live, name="notices_live"),
    path("notifications/read/", views.notices_read, name="notices_read"),
    path("notifications/<int:sequence>/", views.notice_open, name="notice_open"),
    path("notifications/unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("settings/notifications/", views.preferences, name="preferences"),
]
