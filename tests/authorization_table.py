"""Who is let in where: one row a route, what GET and POST answer to whom.

One word is for everybody; two are for visitors and for all who are logged in; seven are for
visitor, member, other member, moderator, editor, brand manager and administrator, in this order.
What an address names belongs to `member`; forms are sent empty.

- ok: let in, whatever the form then says
- login: asked to log in
- home: sent to the CMS's first page, which says that the page is not theirs
- confirm: asked for the password once more
- forbidden, missing, method: 403 (or the way to it), 404, 405
- key: 401, whatever the session: programs enter with a key of their own
"""

# Log-in, sign-up, second factor: allauth's own.
LOG_IN = {
    "accounts/login/": ("ok", "ok"),
    "accounts/logout/": ("ok", "ok"),
    "accounts/inactive/": ("ok", "method"),
    "accounts/signup/": ("ok", "ok"),
    "accounts/reauthenticate/": ("login ok", "login ok"),
    "accounts/email/": ("login ok", "login ok"),
    "accounts/confirm-email/": ("ok", "method"),
    "accounts/password/change/": ("login ok", "login ok"),
    "accounts/password/set/": ("login ok", "login ok"),
    "accounts/password/reset/": ("ok", "ok"),
    "accounts/login/code/confirm/": ("login ok", "login ok"),
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": ("ok", "missing"),
    "accounts/password/reset/key/done/": ("ok", "method"),
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": ("ok", "ok"),
    "accounts/password/reset/done/": ("ok", "method"),
    "accounts/2fa/": ("login ok", "login method"),
    "accounts/2fa/authenticate/": ("login ok", "login ok"),
    "accounts/2fa/reauthenticate/": ("login confirm", "login confirm"),
    "accounts/2fa/totp/activate/": ("login confirm", "login confirm"),
    "accounts/2fa/totp/deactivate/": ("login missing", "login missing"),
    "accounts/2fa/recovery-codes/": ("login missing", "login method"),
    "accounts/2fa/recovery-codes/generate/": ("login confirm", "login confirm"),
    "accounts/2fa/recovery-codes/download/": ("login missing", "login missing"),
    "accounts/2fa/webauthn/": ("login ok", "login method"),
    "accounts/2fa/webauthn/add/": ("login confirm", "login confirm"),
    "accounts/2fa/webauthn/reauthenticate/": ("login confirm", "login confirm"),
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": ("login confirm", "login confirm"),
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": ("login confirm", "login confirm"),
    "accounts/2fa/webauthn/login/": ("login ok", "login ok"),
    "accounts/sessions/": ("login ok", "login ok"),
}
# A member's own settings, notices and points.
SETTINGS = {
    "welcome/": ("login ok", "login ok"),
    "first-week/": ("login ok", "login ok"),
    "settings/": ("ok", "ok"),
    "settings/profile/": ("login ok", "login ok"),
    "settings/picture/": ("method", "login ok"),
    "settings/picture/remove/": ("method", "login ok"),
    "settings/privacy/": ("login ok", "login ok"),
    "settings/privacy/consents/": ("method", "login ok"),
    "settings/export/": ("login ok", "login ok"),
    "settings/close/": ("login ok", "login ok"),
    "goodbye/": ("ok", "ok"),
    "notifications/": ("login ok", "method"),
    "notifications/live/": ("login ok", "method"),
    "notifications/read/": ("method", "login ok"),
    "notifications/<int:sequence>/": ("login ok missing missing missing missing missing", "method"),
    "notifications/unsubscribe/<str:token>/": ("missing", "missing"),
    "settings/notifications/": ("login ok", "login ok"),
    "points/": ("login ok", "login ok"),
    "dashboard/": ("login ok", "login ok"),
}
# Ideas and comments; those in the addresses belong to `member`.
COMMUNITY = {
    "ideas/": ("ok", "method"),
    "roadmap/": ("ok", "method"),
    "ideas/new/": ("login ok", "login ok"),
    "ideas/similar/": ("ok", "method"),
    "ideas/<int:pk>-<slug:slug>/": ("ok", "method"),
    "ideas/<int:pk>/": ("ok", "method"),
    "ideas/<int:pk>/edit/": (
        "login ok forbidden forbidden forbidden forbidden ok",
        "login ok forbidden forbidden forbidden forbidden ok",
    ),
    "ideas/<int:pk>/withdraw/": ("method", "login ok forbidden forbidden forbidden forbidden ok"),
    "ideas/<int:pk>/bring-back/": ("method", "login ok forbidden forbidden forbidden forbidden ok"),
    "ideas/<int:pk>/vote/": ("method", "login ok"),
    "ideas/<int:pk>/answer/": (
        "login forbidden forbidden forbidden forbidden ok ok",
        "login forbidden forbidden forbidden forbidden ok ok",
    ),
    "ideas/<int:pk>/comment/": ("method", "login ok"),
    "ideas/<int:pk>/report/": ("login forbidden ok ok ok ok ok", "login forbidden ok ok ok ok ok"),
    "ideas/<int:pk>/hide/": (
        "login forbidden forbidden ok forbidden ok ok",
        "login forbidden forbidden ok forbidden ok ok",
    ),
    "ideas/<int:pk>/unhide/": ("method", "login forbidden forbidden ok forbidden ok ok"),
    "comments/<int:pk>/reply/": ("login ok", "login ok"),
    "comments/<int:pk>/edit/": (
        "login ok forbidden forbidden forbidden forbidden ok",
        "login ok forbidden forbidden forbidden forbidden ok",
    ),
    "comments/<int:pk>/withdraw/": (
        "method",
        "login ok forbidden forbidden forbidden forbidden ok",
    ),
    "comments/<int:pk>/bring-back/": (
        "method",
        "login ok forbidden forbidden forbidden forbidden ok",
    ),
    "comments/<int:pk>/report/": (
        "login forbidden ok ok ok ok ok",
        "login forbidden ok ok ok ok ok",
    ),
    "comments/<int:pk>/hide/": (
        "login forbidden forbidden ok forbidden ok ok",
        "login forbidden forbidden ok forbidden ok ok",
    ),
    "comments/<int:pk>/unhide/": ("method", "login forbidden forbidden ok forbidden ok ok"),
    "decisions/<int:pk>/object/": (
        "login ok forbidden forbidden forbidden forbidden forbidden",
        "login ok forbidden forbidden forbidden forbidden forbidden",
    ),
}
# Events, challenges and contests; the entry belongs to `member`.
TAKE_PART = {
    "events/calendar.ics": ("ok", "method"),
    "events/<uuid:key>/event.ics": ("ok", "method"),
    "events/<uuid:key>/register/": ("method", "login ok"),
    "events/<uuid:key>/cancel/": ("method", "login ok"),
    "challenges/<uuid:key>/join/": ("method", "login ok"),
    "challenges/<uuid:key>/leave/": ("method", "login ok"),
    "contests/<uuid:key>/enter/": ("login ok", "login ok"),
    "contests/<uuid:key>/entries/<int:pk>/": ("ok", "method"),
    "contests/<uuid:key>/entries/<int:pk>/vote/": ("method", "login ok"),
    "contests/<uuid:key>/entries/<int:pk>/withdraw/": (
        "method",
        "login ok forbidden forbidden forbidden forbidden ok",
    ),
}
# Reading, watching and answering.
KNOWLEDGE = {
    "knowledge/search/": ("ok", "ok"),
    "knowledge/<uuid:key>/read/": ("ok", "login ok"),
    "knowledge/<uuid:key>/feedback/": ("ok", "ok"),
    "knowledge/<uuid:key>/watch/": ("method", "forbidden ok"),
    "surveys/<uuid:key>/answer/": ("ok", "login ok"),
}
# The programme in the CMS: brand managers and administrators.
CMS_PROGRAMME = {
    "cms/programme/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/publish/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/discard/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/forecast/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home method method",
    ),
    "cms/programme/explain/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home method method",
    ),
    "cms/programme/costs/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home method method",
    ),
    "cms/programme/currencies/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/costs.xlsx": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home method method",
    ),
    "cms/programme/past/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home method method",
    ),
    "cms/programme/past/apply/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/past/orders/<int:pk>/withdraw/": (
        "login forbidden forbidden home home method method",
        "login forbidden forbidden home home missing missing",
    ),
    "cms/programme/past/<int:pk>/undo/": (
        "login forbidden forbidden home home missing missing",
        "login forbidden forbidden home home missing missing",
    ),
    "cms/programme/trail/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home method method",
    ),
    "cms/programme/worth/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/rules/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/rules/new/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/rules/<slug:code>/edit/": (
        "login forbidden forbidden home home missing missing",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/rules/<slug:code>/remove/": (
        "login forbidden forbidden home home missing missing",
        "login forbidden forbidden home home missing missing",
    ),
    "cms/programme/badges/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/badges/picture.png": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/badges/new/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/badges/<slug:code>/edit/": (
        "login forbidden forbidden home home missing missing",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/badges/<slug:code>/remove/": (
        "login forbidden forbidden home home missing missing",
        "login forbidden forbidden home home missing missing",
    ),
    "cms/programme/levels/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/seasons/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/history/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/history/<int:number>/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/history/<int:number>/use/": (
        "login forbidden forbidden home home method method",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/rings/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home method method",
    ),
    "cms/programme/rings/<int:pk>/clear/": (
        "login forbidden forbidden home home method method",
        "login forbidden forbidden home home missing missing",
    ),
    "cms/programme/awards/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/awards/<int:pk>/revoke/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/rules/<slug:code>/trial/": (
        "login forbidden forbidden home home missing missing",
        "login forbidden forbidden method",
    ),
    "cms/programme/adjustments/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden method",
    ),
    "cms/programme/adjustments/new/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/adjustments/<int:pk>/approve/": (
        "login forbidden forbidden method",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/adjustments/<int:pk>/decline/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/rewards/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/rewards/new/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/rewards/<int:pk>/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/rewards/<int:pk>/codes/": (
        "login forbidden forbidden home home missing missing",
        "login forbidden forbidden home home missing missing",
    ),
    "cms/programme/redemptions/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden method",
    ),
    "cms/programme/redemptions.csv": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden method",
    ),
    "cms/programme/redemptions/<int:pk>/give/": (
        "login forbidden forbidden method",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/programme/redemptions/<int:pk>/return/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
}
# What the product adds to the CMS.
CMS = {
    "cms/login/": (
        "login forbidden forbidden home home home home",
        "login forbidden forbidden home home home home",
    ),
    "cms/ideas/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden method method method method",
    ),
    "cms/ideas/<int:pk>/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/moderation/": (
        "login forbidden forbidden ok home ok ok",
        "login forbidden forbidden method method method method",
    ),
    "cms/moderation/decide/": (
        "login forbidden forbidden method method method method",
        "login forbidden forbidden missing home missing missing",
    ),
    "cms/take-part/events/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden method method method method",
    ),
    "cms/take-part/events/<uuid:key>/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden method method method method",
    ),
    "cms/take-part/events/<uuid:key>/registrations.csv": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden method method method method",
    ),
    "cms/take-part/events/<uuid:key>/registrations.xlsx": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden method method method method",
    ),
    "cms/take-part/registrations/<int:pk>/attended/": (
        "login forbidden forbidden method method method method",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/take-part/entries/": (
        "login forbidden forbidden ok home ok ok",
        "login forbidden forbidden method method method method",
    ),
    "cms/take-part/entries/<int:pk>/judge/": (
        "login forbidden forbidden method method method method",
        "login forbidden forbidden ok home ok ok",
    ),
    "cms/take-part/contests/": (
        "login forbidden forbidden ok home ok ok",
        "login forbidden forbidden method method method method",
    ),
    "cms/take-part/contests/<uuid:key>/close/": (
        "login forbidden forbidden method method method method",
        "login forbidden forbidden ok home ok ok",
    ),
    "cms/surveys/": (
        "login forbidden forbidden home ok ok ok",
        "login forbidden forbidden method method method method",
    ),
    "cms/surveys/<uuid:key>/": (
        "login forbidden forbidden home ok ok ok",
        "login forbidden forbidden method method method method",
    ),
    "cms/surveys/<uuid:key>/export.csv": (
        "login forbidden forbidden home ok ok ok",
        "login forbidden forbidden method method method method",
    ),
    "cms/surveys/<uuid:key>/texts/<slug:code>/": (
        "login forbidden forbidden home ok ok ok",
        "login forbidden forbidden method method method method",
    ),
    "cms/surveys/<uuid:key>/export.xlsx": (
        "login forbidden forbidden home ok ok ok",
        "login forbidden forbidden method method method method",
    ),
    "cms/helpful/": (
        "login forbidden forbidden home ok ok ok",
        "login forbidden forbidden method method method method",
    ),
    "cms/mails/failed/": (
        "login forbidden forbidden home home ok ok",
        "login forbidden forbidden method method method method",
    ),
    "cms/mails/failed/<int:pk>/": (
        "login forbidden forbidden method method method method",
        "login forbidden forbidden home home ok ok",
    ),
    "cms/member_chooser/": (
        "login forbidden forbidden ok ok ok ok",
        "login forbidden forbidden method method method method",
    ),
    "cms/member_chooser/results/": (
        "login forbidden forbidden ok ok ok ok",
        "login forbidden forbidden method method method method",
    ),
    "cms/api-keys/": (
        "login forbidden forbidden home home home ok",
        "login forbidden forbidden home home home ok",
    ),
    "cms/api-keys/new/": (
        "login forbidden forbidden home home home ok",
        "login forbidden forbidden home home home ok",
    ),
    "cms/api-keys/<int:pk>/revoke/": (
        "login forbidden forbidden home home home ok",
        "login forbidden forbidden home home home ok",
    ),
    "cms/users/": (
        "login forbidden forbidden home home home ok",
        "login forbidden forbidden home home home method",
    ),
    "cms/users/results/": (
        "login forbidden forbidden home home home ok",
        "login forbidden forbidden home home home method",
    ),
    "cms/users/new/": (
        "login forbidden forbidden home home home ok",
        "login forbidden forbidden home home home ok",
    ),
    "cms/users/edit/<int:pk>/": (
        "login forbidden forbidden home home home ok",
        "login forbidden forbidden home home home ok",
    ),
    "cms/users/delete/<int:pk>/": (
        "login forbidden forbidden home home home ok",
        "login forbidden forbidden home home home ok",
    ),
}
# For programs: nobody's session counts.
API = {
    "api/v1/": ("ok", "method"),
    "api/v1/openapi.json": ("ok", "ok"),
    "api/v1/activities": ("key", "key"),
    "api/v1/members": ("key", "method"),
    "api/v1/members/<handle>": ("key", "method"),
    "api/": ("missing", "missing"),
    "api/<path:rest>": ("missing", "missing"),
}
# What is left: open to everybody, or nothing there.
SITE = {
    "healthz": ("ok", "ok"),
    "readyz": ("ok", "ok"),
    "robots.txt": ("ok", "ok"),
    "sitemap.xml": ("ok", "ok"),
    "documents/<int:pk>/<path:filename>": ("missing", "missing"),
    "documents/authenticate_with_password/<int:restriction_id>/": ("missing", "missing"),
    "i18n/setlang/": ("ok", "ok"),
    "media/<path:path>": ("missing", "missing"),
    "brand.<slug:digest>.css": ("ok", "ok"),
    "badges/": ("ok", "ok"),
    "badges/<slug:code>/": ("missing", "missing"),
    # An award of `member`, which they share: its pages and files are open to all who know it.
    "badges/awards/<int:pk>/share/": (
        "login ok missing missing missing missing missing",
        "login ok missing missing missing missing missing",
    ),
    "credentials/<slug:token>/": ("ok", "method"),
    "credentials/<slug:token>/withdraw/": (
        "method",
        "login ok missing missing missing missing missing",
    ),
    ".well-known/did.json": ("ok", "method"),
    "credentials/issuer.json": ("ok", "method"),
    "credentials/achievements/<slug:code>.json": ("ok", "method"),
    "credentials/status/<int:number>": ("ok", "method"),
    "credentials/<slug:token>.json": ("ok", "method"),
    "credentials/<slug:token>.jwt": ("ok", "method"),
    "credentials/<slug:token>.png": ("ok", "method"),
    "credentials/<slug:token>/card.png": ("ok", "method"),
    "leaderboard/": ("ok", "ok"),
    "rewards/": ("ok", "method"),
    "rewards/<int:pk>/": ("ok", "method"),
    "rewards/<int:pk>/redeem/": ("login ok", "login ok"),
    "redemptions/<int:pk>/cancel/": (
        "method",
        "login ok missing missing missing missing missing",
    ),
    "redemptions/<int:pk>/code/": (
        "method",
        "login ok missing missing missing missing missing",
    ),
    "": ("ok", "ok"),
    "members/<slug:handle>/": ("ok", "ok"),
    "search/": ("ok", "ok"),
    "search/suggest/": ("ok", "ok"),
    "_util/login/": (
        "login forbidden forbidden home home home home",
        "login forbidden forbidden home home home home",
    ),
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": (
        "missing",
        "missing",
    ),
    r"^((?:[\w\-]+/)*)$": ("ok", "ok"),
}
ROUTES = {
    **LOG_IN,
    **SETTINGS,
    **COMMUNITY,
    **TAKE_PART,
    **KNOWLEDGE,
    **CMS_PROGRAMME,
    **CMS,
    **API,
    **SITE,
}

# Wagtail's own addresses in the CMS, by exception; the others only lead to the log-in.
BEHIND_THE_CMS = {
    "cms/": "login forbidden",
    "cms/sprite/": "ok",  # icons
    "cms/jsi18n/": "ok",  # words of scripts
    "cms/password_reset/": "missing",  # switched off
    "cms/password_reset/done/": "missing",
    "cms/password_reset/complete/": "missing",
    "cms/password_reset/confirm/<uidb64>/<token>/": "missing",
}
