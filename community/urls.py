from django.urls import path

from community.views import ideas

app_name = "community"
urlpatterns = [
    path("ideas/", ideas.idea_list, name="idea_list"),
    path("ideas/new/", ideas.idea_new, name="idea_new"),
    path("ideas/<int:pk>-<slug:slug>/", ideas.idea_detail, name="idea_detail"),
    path("ideas/<int:pk>/", ideas.idea_detail, name="idea_short"),
    path("ideas/<int:pk>/vote/", ideas.idea_vote, name="idea_vote"),
]
