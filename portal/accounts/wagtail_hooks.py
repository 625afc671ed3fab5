from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail.users.views.bulk_actions.user_bulk_action import UserBulkAction

from portal.accounts.models import Interest


class InterestViewSet(SnippetViewSet):
    """The subjects that members choose from."""

    model = Interest
    icon = "tag"
    menu_label = _("Interests")
    list_display = ["name_en", "name_tr", "code", "is_offered"]
    list_filter = ["is_offered"]
    ordering = ["name_en"]
    panels = [
        FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_tr")]),
        FieldPanel("code"),
        FieldPanel("is_offered"),
    ]


register_snippet(InterestViewSet)


@hooks.register("get_avatar_url")
def avatar_url(user, size):
    """The CMS shows the same face as the portal; what a command did has none."""
    return (user.avatar_url(size) or None) if user else None


@hooks.register("before_bulk_action")
def refuse_member_bulk_actions(request, action_type, objects, action):
    """Roles and accounts are changed one by one, where the services keep what must hold."""
    if isinstance(action, UserBulkAction):
        raise PermissionDenied
