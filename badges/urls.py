from django.urls import path

from badges.views import badges, leaderboard, points

app_name = "badges"
urlpatterns = [
    path("points/", points.points, name="points"),
    path("badges/", badges.badge_list, name="badge_list"),
    path("badges/<slug:code>/", badges.badge_detail, name="badge_detail"),
    path("leaderboard/", leaderboard.leaderboard, name="leaderboard"),
]
