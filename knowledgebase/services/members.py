"""What the knowledge base keeps about a member: handed out, and emptied when they close."""

from typing import Any

from knowledgebase.models import (
    Feedback,
    ReadingMark,
    SurveyAnswer,
    WatchClock,
    WatchProgress,
    WatchSession,
)


def export_knowledge(member: Any) -> dict[str, list]:
    """Readings, watched videos, feedback and survey answers, as JSON can hold them."""
    answers = SurveyAnswer.objects.filter(response__member=member)
    return {
        "read": _rows(ReadingMark.objects.filter(member=member), "page_key", "read_at"),
        "watched": _rows(
            WatchProgress.objects.filter(member=member),
            "video_key",
            "seen",
            "updated_at",
            "completed_at",
        ),
        "feedback": _rows(
            Feedback.objects.filter(member=member), "page_key", "is_helpful", "missing", "given_at"
        ),
        "survey_answers": _rows(
            answers,
            "response__survey_key",
            "response__answered_at",
            "question",
            "number",
            "text",
        ),
    }


def erase_knowledge(member: Any) -> None:
    """Empty what is personal; the counts of feedback and surveys stay."""
    Feedback.objects.filter(member=member).update(missing="")
    SurveyAnswer.objects.filter(response__member=member).exclude(text="").delete()
    for model in (ReadingMark, WatchProgress, WatchSession, WatchClock):
        model.objects.filter(member=member).delete()


def _rows(rows: Any, *fields: str) -> list[dict[str, Any]]:
    return [
        {name.removeprefix("response__"): _plain(value) for name, value in row.items()}
        for row in rows.order_by("pk").values(*fields)
    ]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
