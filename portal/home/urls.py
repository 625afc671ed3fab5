from django.urls import path

from portal.home.views import members, search

app_name = "home"
urlpatterns = [
    path("", members.home, name="home"),
    path("dashboard/", members.dashboard, name="dashboard"),
    path("members/<slug:handle>/", members.member_detail, name="member_detail"),
    path("search/", search.search_page, name="search"),
    path("search/suggest/", search.search_suggest, name="search_suggest"),
]
