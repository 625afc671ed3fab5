"""What members do in the knowledge base, with the words that explain it in a ledger line."""

from django.utils.translation import gettext_lazy as _

ARTICLE_READ = "knowledgebase.article_read"
VIDEO_WATCHED = "knowledgebase.video_watched"
SURVEY_ANSWERED = "knowledgebase.survey_answered"
FEEDBACK_GIVEN = "knowledgebase.feedback_given"

VERBS = {
    ARTICLE_READ: _("Read an article"),
    VIDEO_WATCHED: _("Watched a video"),
    SURVEY_ANSWERED: _("Answered a survey"),
    FEEDBACK_GIVEN: _("Said whether a page helped"),
}
