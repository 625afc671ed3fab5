"""Addresses outside the languages: what programs read, and what signed documents name for ever."""

from django.urls import path

from badges.views import credential_files

app_name = "credentials"
urlpatterns = [
    path(".well-known/did.json", credential_files.did, name="did"),
    path("credentials/issuer.json", credential_files.issuer, name="issuer"),
    path(
        "credentials/achievements/<slug:code>.json",
        credential_files.achievement_document,
        name="achievement",
    ),
    path("credentials/status/<int:number>", credential_files.status, name="status"),
    path("credentials/<slug:token>.json", credential_files.document, name="document"),
    path("credentials/<slug:token>.jwt", credential_files.token, name="token"),
    path("credentials/<slug:token>.png", credential_files.picture, name="picture"),
    path("credentials/<slug:token>/card.png", credential_files.card, name="card"),
]
