from django.urls import path

from badges.views import badges, credentials, leaderboard, points, rewards

app_name = "badges"
urlpatterns = [
    path("points/", points.points, name="points"),
    path("badges/", badges.badge_list, name="badge_list"),
    path("badges/<slug:code>/", badges.badge_detail, name="badge_detail"),
    path("badges/awards/<int:pk>/share/", credentials.award_share, name="award_share"),
    path("credentials/<slug:token>/", credentials.credential_detail, name="credential_detail"),
    path(
        "credentials/<slug:token>/withdraw/",
        credentials.credential_withdraw,
        name="credential_withdraw",
    ),
    path("leaderboard/", leaderboard.leaderboard, name="leaderboard"),
    path("rewards/", rewards.reward_list, name="reward_list"),
    path("rewards/<int:pk>/", rewards.reward_detail, name="reward_detail"),
    path("rewards/<int:pk>/redeem/", rewards.reward_redeem, name="reward_redeem"),
    path("redemptions/<int:pk>/cancel/", rewards.redemption_cancel, name="redemption_cancel"),
    path("redemptions/<int:pk>/code/", rewards.redemption_code, name="redemption_code"),
]
