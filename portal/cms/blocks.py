"""The building blocks of what editors write: one set for every page with a body."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks import StreamValue
from wagtail.images.blocks import ImageChooserBlock
from wagtailmedia.blocks import VideoChooserBlock

from portal.ui.text import slugify

RICH_TEXT = ["bold", "italic", "link", "document-link", "ol", "ul", "h3", "hr"]


class HeadingBlock(blocks.CharBlock):
    class Meta:
        icon = "title"
        label = _("Heading")
        description = _("Begins a section; the contents beside the page are made of these.")
        template = "blocks/heading.html"
        preview_value = "Before you leave"


class ParagraphBlock(blocks.RichTextBlock):
    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Text with links, lists and smaller headings.")
        template = "blocks/paragraph.html"
        preview_value = (
            "<p>Lay everything out on the floor. <b>What you see, you can leave.</b></p>"
        )


class StepsBlock(blocks.ListBlock):
    def __init__(self, **kwargs):
        super().__init__(blocks.TextBlock(label=_("Step"), rows=2), **kwargs)

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        description = _("What to do, one thing after the other, with numbers.")
        template = "blocks/steps.html"
        preview_value = ["Find the wind.", "Peg the windward side first.", "Raise the poles."]


class TipBlock(blocks.TextBlock):
    class Meta:
        icon = "help"
        label = _("Tip")
        description = _("One piece of advice that stands out from the text.")
        template = "blocks/tip.html"
        preview_value = "Keep the rain jacket on top: you never need it later."


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Quote"), rows=3)
    by = blocks.CharBlock(label=_("Who said it"), max_length=80, required=False)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        description = _("What somebody said, in their own words.")
        template = "blocks/quote.html"
        preview_value = {
            "text": "The best tent is the one that is up before the rain.",
            "by": "Ayşe",
        }


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        label=_("What the picture shows"),
        max_length=200,
        required=False,
        help_text=_("For those who cannot see it. Leave it empty if the picture is decoration."),
    )
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        icon = "image"
        label = _("Picture")
        description = _("A picture over the width of the text, with a caption.")
        template = "blocks/picture.html"
        preview_value = {"alt": "A tent on a ridge", "caption": "First light on the ridge."}


class VideoBlock(blocks.StructBlock):
    video = VideoChooserBlock(label=_("Video"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        icon = "media"
        label = _("Video")
        description = _("A short video inside the text. Watching it is not counted.")
        template = "blocks/video.html"
        preview_value = {"caption": "Pitching in wind."}


class StoryBlock(blocks.StreamBlock):
    """The body of an article: a stream of blocks that knows its own contents."""

    heading = HeadingBlock(max_length=120)
    paragraph = ParagraphBlock(features=RICH_TEXT)
    steps = StepsBlock()
    tip = TipBlock(rows=3)
    quote = QuoteBlock()
    picture = PictureBlock()
    video = VideoBlock()

    class Meta:
        icon = "doc-full"
        label = _("Story")
        description = _("Headings, text, steps, tips, quotes, pictures and videos in any order.")
        template = "blocks/story.html"
        preview_value = [
            ("heading", "Before you leave"),
            ("paragraph", "<p>Lay everything out on the floor.</p>"),
            ("tip", "Keep the rain jacket on top."),
        ]

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        context["parts"] = with_anchors(value)
        return context


def with_anchors(stream: StreamValue) -> list[tuple]:
    """Pair each block of a story with the anchor that its heading has; others have none."""
    taken: dict[str, int] = {}
    parts = []
    for part in stream:
        anchor = ""
        if part.block_type == "heading":
            slug = slugify(str(part.value), fallback="part", max_length=60)
            taken[slug] = taken.get(slug, 0) + 1
            anchor = slug if taken[slug] == 1 else f"{slug}-{taken[slug]}"
        parts.append((part, anchor))
    return parts


def contents_of(stream: StreamValue) -> list[tuple[str, str]]:
    """The headings of a story, each with its anchor."""
    return [(anchor, str(part.value)) for part, anchor in with_anchors(stream) if anchor]
