from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from community.models import Category, Idea, Report
from community.views import cms
from portal.ui.staff import PermittedItem

ANSWER, MODERATE = "community.answer_idea", "community.moderate_idea"


class AttentionPanel(Component):
    """What waits for this member, at the top of the CMS."""

    order = 60
    template_name = "community/cms/attention.html"

    def __init__(self, user):
        self.user = user

    def get_context_data(self, parent_context):
        answers = Idea.objects.awaiting_answer() if self.user.has_perm(ANSWER) else None
        reports = Report.objects.waiting() if self.user.has_perm(MODERATE) else None
        return {
            "answers": answers.count() if answers is not None else 0,
            "reports": reports.count() if reports is not None else 0,
        }


class BoardViewSet(SnippetViewSet):
    model = Category
    icon = "list-ul"
    menu_label = _("Boards")
    menu_name = "boards"
    menu_order = 320
    add_to_admin_menu = True
    list_display = ["name_en", "name_tr", "code", "position"]
    ordering = ["position", "pk"]


register_snippet(BoardViewSet)


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path("ideas/", cms.idea_list, name="community_cms_ideas"),
        path("ideas/<int:pk>/", cms.idea_answer, name="community_cms_answer"),
        path("moderation/", cms.queue, name="community_cms_queue"),
        path("moderation/decide/", cms.decide, name="community_cms_decide"),
    ]


@hooks.register("register_admin_menu_item")
def ideas_item():
    url = reverse("community_cms_ideas")
    return PermittedItem(
        _("Ideas"), url, permission=ANSWER, name="ideas", icon_name="pick", order=300
    )


@hooks.register("register_admin_menu_item")
def queue_item():
    url = reverse("community_cms_queue")
    return PermittedItem(
        _("Moderation"), url, permission=MODERATE, name="moderation", icon_name="warning", order=310
    )


@hooks.register("construct_homepage_panels")
def attention(request, panels):
    if request.user.has_perm(ANSWER) or request.user.has_perm(MODERATE):
        panels.append(AttentionPanel(request.user))
