from django.urls import path

from community.views import answers, comments, ideas, moderation, reports, writing

app_name = "community"
urlpatterns = [
    path("ideas/", ideas.idea_list, name="idea_list"),
    path("roadmap/", ideas.roadmap, name="roadmap"),
    path("ideas/new/", writing.idea_new, name="idea_new"),
    path("ideas/similar/", ideas.idea_similar, name="idea_similar"),
    path("ideas/<int:pk>-<slug:slug>/", ideas.idea_detail, name="idea_detail"),
    path("ideas/<int:pk>/", ideas.idea_detail, name="idea_short"),
    path("ideas/<int:pk>/edit/", writing.idea_edit, name="idea_edit"),
    path("ideas/<int:pk>/withdraw/", writing.idea_withdraw, name="idea_withdraw"),
    path("ideas/<int:pk>/bring-back/", writing.idea_bring_back, name="idea_bring_back"),
    path("ideas/<int:pk>/vote/", ideas.idea_vote, name="idea_vote"),
    path("ideas/<int:pk>/answer/", answers.idea_answer, name="idea_answer"),
    path("ideas/<int:pk>/comment/", comments.comment_new, name="comment_new"),
    path("ideas/<int:pk>/report/", reports.idea_report, name="idea_report"),
    path("ideas/<int:pk>/hide/", moderation.idea_hide, name="idea_hide"),
    path("ideas/<int:pk>/unhide/", moderation.idea_unhide, name="idea_unhide"),
    path("comments/<int:pk>/reply/", comments.comment_reply, name="comment_reply"),
    path("comments/<int:pk>/edit/", comments.comment_edit, name="comment_edit"),
    path("comments/<int:pk>/withdraw/", comments.comment_withdraw, name="comment_withdraw"),
    path("comments/<int:pk>/bring-back/", comments.comment_bring_back, name="comment_bring_back"),
    path("comments/<int:pk>/report/", reports.comment_report, name="comment_report"),
    path("comments/<int:pk>/hide/", moderation.comment_hide, name="comment_hide"),
    path("comments/<int:pk>/unhide/", moderation.comment_unhide, name="comment_unhide"),
    path("decisions/<int:pk>/object/", reports.decision_object, name="decision_object"),
]
