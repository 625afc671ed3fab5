from django.urls import path

from portal.accounts.views import entrance, leaving, settings

app_name = "accounts"
urlpatterns = [
    path("welcome/", entrance.welcome, name="welcome"),
    path("first-week/", entrance.first_week, name="first_week"),
    path("settings/", settings.settings_home, name="settings"),
    path("settings/profile/", settings.profile, name="settings_profile"),
    path("settings/picture/", settings.picture_set, name="picture_set"),
    path("settings/picture/remove/", settings.picture_remove, name="picture_remove"),
    path("settings/privacy/", settings.privacy, name="settings_privacy"),
    path("settings/privacy/consents/", settings.consents_save, name="consents_save"),
    path("settings/export/", leaving.export, name="settings_export"),
    path("settings/close/", leaving.close, name="settings_close"),
    path("goodbye/", leaving.goodbye, name="goodbye"),
]
