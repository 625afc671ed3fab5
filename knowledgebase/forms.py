from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from knowledgebase.models import SurveyPage, SurveyQuestion
from knowledgebase.models.progress import MISSING_LENGTH
from knowledgebase.models.responses import TEXT_LENGTH

PREFIX = "answer-"
Kind = SurveyQuestion.Kind


class FeedbackForm(forms.Form):
    """Whether a page helped, and what it lacks."""

    helpful = forms.TypedChoiceField(
        choices=[("yes", _("Yes")), ("no", _("No"))], coerce=lambda value: value == "yes"
    )
    missing = forms.CharField(
        label=_("What was missing?"),
        max_length=MISSING_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SurveyForm(forms.Form):
    """One field a question of the survey; what was answered comes back by the questions' codes."""

    def __init__(self, *args: Any, survey: SurveyPage, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.questions = list(survey.questions.all())
        for question in self.questions:
            self.fields[PREFIX + question.code] = field_for(question)

    def answers(self) -> dict[str, Any]:
        return {
            question.code: self.cleaned_data.get(PREFIX + question.code)
            for question in self.questions
        }

    def steps(self) -> list[tuple[SurveyQuestion, forms.BoundField]]:
        return [(question, self[PREFIX + question.code]) for question in self.questions]

    def take_errors(self, error: ValidationError) -> None:
        """Put what the service found beside the questions that it is about."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for code, messages in error.message_dict.items():
            self.add_error(PREFIX + code, messages)


def field_for(question: SurveyQuestion) -> forms.Field:
    """The form field by which a question is answered."""
    common: dict[str, Any] = {"label": question.text, "required": question.is_required}
    errors = {"required": _("Please answer this question.")}
    if question.kind == Kind.TEXT:
        attributes = {"rows": 4, "aria-labelledby": f"legend-{question.code}", "class": "input"}
        widget = forms.Textarea(attrs=attributes)
        return forms.CharField(
            max_length=TEXT_LENGTH, widget=widget, error_messages=errors, **common
        )
    choices = _choices(question)
    if question.kind == Kind.MULTIPLE:
        return forms.TypedMultipleChoiceField(
            choices=choices,
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            error_messages=errors,
            **common,
        )
    return forms.TypedChoiceField(
        choices=choices,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages=errors,
        **common,
    )


def _choices(question: SurveyQuestion) -> list[tuple[int, str]]:
    if question.has_options():
        return list(enumerate(question.option_list()))
    return [(number, str(number)) for number in question.scale()]
