from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TEXT_LENGTH = 2_000


class SurveyResponse(models.Model):
    """One member's answers to a survey, given once and in whatever language."""

    survey_key = models.UUIDField(_("survey"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="survey_responses"
    )
    language = models.CharField(_("language"), max_length=5)
    answered_at = models.DateTimeField(_("answered at"), default=timezone.now)

    class Meta:
        verbose_name = _("survey response")
        verbose_name_plural = _("survey responses")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["survey_key", "member"], name="knowledgebase_survey_is_answered_once"
            )
        ]

    def __str__(self):
        return f"{self.member_id}: {self.survey_key}"


class SurveyAnswer(models.Model):
    """One chosen option (its place), one number or one text; several rows where several count."""

    response = models.ForeignKey(SurveyResponse, models.CASCADE, related_name="answers")
    question = models.CharField(_("question"), max_length=40)
    number = models.PositiveSmallIntegerField(_("number"), default=0)
    text = models.TextField(_("text"), max_length=TEXT_LENGTH, blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["response", "question", "number"], name="knowledgebase_answer_counts_once"
            )
        ]

    def __str__(self):
        return f"{self.question}: {self.text or self.number}"
