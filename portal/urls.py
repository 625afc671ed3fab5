"""The composition root: every feature's addresses, Wagtail's catch-all last."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents.views.serve import authenticate_with_password

from portal.cms.sitemaps import PublicSitemap
from portal.cms.views import documents, entrance
from portal.cms.views.brand import brand_stylesheet
from portal.home.views import health, media, robots

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("cms/login/", entrance.login, name="cms_login"),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/<int:pk>/<path:filename>", documents.serve, name="wagtaildocs_serve"),
    path(
        "documents/authenticate_with_password/<int:restriction_id>/",
        authenticate_with_password,
        name="wagtaildocs_authenticate_with_password",
    ),
    path("api/", include("portal.api.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("media/<path:path>", media.serve, name="media"),
    path("brand.<slug:digest>.css", brand_stylesheet, name="brand_stylesheet"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": PublicSitemap}}, name="sitemap"),
    path("", include("badges.open_urls")),
]
urlpatterns += i18n_patterns(
    path("accounts/", include("allauth.urls")),
    path("", include("portal.accounts.urls")),
    path("", include("portal.notifications.urls")),
    path("", include("community.urls")),
    path("", include("events.urls")),
    path("", include("badges.urls")),
    path("", include("knowledgebase.urls")),
    path("", include("portal.home.urls")),
    path("_util/login/", entrance.login),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)

# What no view could answer, as a part is away or a disk is full.
handler500 = "portal.home.views.outages.server_error"
