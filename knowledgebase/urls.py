from django.urls import path

from knowledgebase.views import pages, watching

app_name = "knowledgebase"
urlpatterns = [
    path("knowledge/search/", pages.knowledge_search, name="knowledge_search"),
    path("knowledge/<uuid:key>/read/", pages.article_read, name="article_read"),
    path("knowledge/<uuid:key>/feedback/", pages.feedback_give, name="feedback_give"),
    path("knowledge/<uuid:key>/watch/", watching.video_watch, name="video_watch"),
    path("surveys/<uuid:key>/answer/", pages.survey_answer, name="survey_answer"),
]
