from knowledgebase.models.articles import ArticlePage, RelatedArticle
from knowledgebase.models.indexes import CategoryPage, FeaturedPage, KnowledgeIndexPage
from knowledgebase.models.progress import (
    Feedback,
    ReadingMark,
    WatchClock,
    WatchProgress,
    WatchSession,
)
from knowledgebase.models.responses import SurveyAnswer, SurveyResponse
from knowledgebase.models.surveys import SurveyIndexPage, SurveyPage, SurveyQuestion
from knowledgebase.models.videos import VideoPage

__all__ = [
    "ArticlePage",
    "CategoryPage",
    "FeaturedPage",
    "Feedback",
    "KnowledgeIndexPage",
    "ReadingMark",
    "RelatedArticle",
    "SurveyAnswer",
    "SurveyIndexPage",
    "SurveyPage",
    "SurveyQuestion",
    "SurveyResponse",
    "VideoPage",
    "WatchClock",
    "WatchProgress",
    "WatchSession",
]
