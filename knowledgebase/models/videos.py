from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.fields import StreamField
from wagtail.search import index
from wagtailmedia.edit_handlers import MediaChooserPanel

from knowledgebase.models.querysets import KnowledgeManager
from knowledgebase.models.timelines import TimedLine, parse_chapters, transcript_of
from portal.cms.blocks import StoryBlock
from portal.cms.models import BasePage

LANGUAGES = [("en", "English"), ("tr", "Türkçe")]


class VideoPage(BasePage):
    """A video with captions, chapters and a transcript; what was really watched is counted."""

    parent_page_types = ["knowledgebase.CategoryPage"]
    subpage_types: list[str] = []
    template = "knowledgebase/video_page.html"
    object_noun = "video"

    media = models.ForeignKey(
        "cms.PortalMedia",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("video"),
        help_text=_("Captions and the duration are kept with the video itself."),
    )
    chapters = models.TextField(
        _("chapters"),
        max_length=4_000,
        blank=True,
        help_text=_("One a line, time first: “1:30 Pegging the corners”."),
    )
    body = StreamField(StoryBlock(required=False), blank=True, verbose_name=_("text below"))

    content_panels = [
        TitleFieldPanel("title"),
        FieldPanel("summary"),
        MediaChooserPanel("media", media_type="video"),
        FieldPanel("chapters"),
        FieldPanel("picture"),
        FieldPanel("body"),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("body"),
        index.SearchField("spoken_text"),
        index.SearchField("chapters"),
    ]

    objects = KnowledgeManager()

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")

    def clean(self):
        super().clean()
        errors: dict[str, Any] = {}
        if self.media and not self.media.duration:
            errors["media"] = _("Give the video's duration first: its watching is measured by it.")
        try:
            parse_chapters(self.chapters)
        except ValidationError as error:
            errors["chapters"] = error
        if errors:
            raise ValidationError(errors)

    @property
    def duration(self) -> float:
        """The length in seconds, 0 if unknown."""
        return self.media.duration if self.media else 0.0

    def clock(self) -> str:
        return TimedLine(self.duration, "").clock

    def caption_tracks(self) -> list[dict]:
        """The captions there are, with the page's own language as the one shown first."""
        tracks = []
        for code, label in LANGUAGES:
            file = getattr(self.media, f"captions_{code}", None)
            if file:
                own = code == self.locale.language_code
                tracks.append({"language": code, "label": label, "url": file.url, "own": own})
        return tracks

    def transcript(self) -> list[TimedLine]:
        """What is said, in the page's language, or in the other where that is all there is."""
        own = self.locale.language_code
        for code in sorted(dict(LANGUAGES), key=lambda code: code != own):
            lines = transcript_of(getattr(self.media, f"captions_{code}", None))
            if lines:
                return lines
        return []

    def spoken_text(self) -> str:
        return " ".join(line.text for line in self.transcript())

    def chapter_list(self) -> list[TimedLine]:
        try:
            return parse_chapters(self.chapters)
        except ValidationError:
            return []
