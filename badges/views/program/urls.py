from django.urls import path

from badges.views.program import (
    adjustments,
    awards,
    badges,
    ladders,
    overview,
    redemptions,
    rewards,
    rules,
    trials,
    versions,
)

app_name = "programme"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("publish/", versions.draft_publish, name="draft_publish"),
    path("discard/", versions.draft_discard, name="draft_discard"),
    path("rules/", rules.rule_list, name="rule_list"),
    path("rules/new/", rules.rule_add, name="rule_add"),
    path("rules/<slug:code>/edit/", rules.rule_edit, name="rule_edit"),
    path("rules/<slug:code>/trial/", trials.rule_trial, name="rule_trial"),
    path("rules/<slug:code>/remove/", rules.rule_delete, name="rule_delete"),
    path("badges/", badges.badge_list, name="badge_list"),
    path("badges/new/", badges.badge_add, name="badge_add"),
    path("badges/picture.png", badges.badge_picture, name="badge_picture"),
    path("badges/<slug:code>/edit/", badges.badge_edit, name="badge_edit"),
    path("badges/<slug:code>/remove/", badges.badge_delete, name="badge_delete"),
    path("levels/", ladders.level_list, name="level_list"),
    path("seasons/", ladders.season_list, name="season_list"),
    path("history/", versions.version_list, name="version_list"),
    path("history/<int:number>/", versions.version_detail, name="version_detail"),
    path("history/<int:number>/use/", versions.version_use, name="version_use"),
    path("awards/", awards.award_list, name="award_list"),
    path("awards/<int:pk>/revoke/", awards.award_revoke, name="award_revoke"),
    path("adjustments/", adjustments.adjustment_list, name="adjustment_list"),
    path("adjustments/new/", adjustments.adjustment_add, name="adjustment_add"),
    path(
        "adjustments/<int:pk>/approve/", adjustments.adjustment_approve, name="adjustment_approve"
    ),
    path(
        "adjustments/<int:pk>/decline/", adjustments.adjustment_decline, name="adjustment_decline"
    ),
    path("rewards/", rewards.reward_list, name="reward_list"),
    path("rewards/new/", rewards.reward_add, name="reward_add"),
    path("rewards/<int:pk>/", rewards.reward_edit, name="reward_edit"),
    path("rewards/<int:pk>/codes/", rewards.reward_codes, name="reward_codes"),
    path("redemptions/", redemptions.redemption_list, name="redemption_list"),
    path("redemptions.csv", redemptions.redemption_export, name="redemption_export"),
    path("redemptions/<int:pk>/give/", redemptions.redemption_give, name="redemption_give"),
    path("redemptions/<int:pk>/return/", redemptions.redemption_return, name="redemption_return"),
]
