"""Blocks of the home page; each draws on a feature, so the page is never out of date."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from portal.home.services.overview import happening_now, week_top


class NowBlock(blocks.StructBlock):
    """Three things happening now: an idea, an event, an article."""

    heading = blocks.CharBlock(label=_("heading"), max_length=80)

    class Meta:
        icon = "pick"
        label = _("Happening now")
        description = _("The newest idea, the next event and the newest article")
        template = "home/blocks/now.html"
        preview_value = {"heading": "Happening now"}

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        request = context.get("request")
        context["now"] = happening_now(request.user) if request else []
        return context


class StepsBlock(blocks.StructBlock):
    """How something works, in a few steps."""

    heading = blocks.CharBlock(label=_("heading"), max_length=80)
    steps = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label=_("title"), max_length=60)),
                ("text", blocks.CharBlock(label=_("text"), max_length=200)),
            ]
        ),
        min_num=2,
        max_num=4,
        label=_("steps"),
    )

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        description = _("How something works, in two to four steps")
        template = "home/blocks/steps.html"
        preview_value = {
            "heading": "How points work",
            "steps": [{"title": "Take part", "text": "Vote, watch, answer."}] * 3,
        }


class QuoteBlock(blocks.StructBlock):
    """What a member says, told with their consent."""

    text = blocks.TextBlock(label=_("text"), max_length=600)
    by = blocks.CharBlock(label=_("who says it"), max_length=80)

    class Meta:
        icon = "openquote"
        label = _("Story")
        description = _("What a member says about the community")
        template = "home/blocks/quote.html"
        preview_value = {"text": "I came for the coffee.", "by": "Elif"}


class BoardBlock(blocks.StructBlock):
    """Who gained most this week."""

    heading = blocks.CharBlock(label=_("heading"), max_length=80)

    class Meta:
        icon = "group"
        label = _("Leaderboard")
        description = _("The first five of this week")
        template = "home/blocks/board.html"
        preview_value = {"heading": "This week"}

    def get_context(self, value, parent_context=None):
        return {**super().get_context(value, parent_context), "top": week_top()}


class HomeBlock(blocks.StreamBlock):
    """What an editor can put on the home page."""

    now = NowBlock()
    steps = StepsBlock()
    quote = QuoteBlock()
    board = BoardBlock()
    text = blocks.RichTextBlock(
        features=["h2", "bold", "italic", "link", "ul"],
        label=_("Text"),
        icon="pilcrow",
        description=_("Plain text with links"),
        preview_value="<p>…</p>",
        template="home/blocks/text.html",
    )
