from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail.users.views.bulk_actions import (
    AssignRoleBulkAction,
    DeleteBulkAction,
    SetActiveStateBulkAction,
)
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


class OneByOne(UserBulkAction):
    """In the place of what Wagtail does to many users: members are changed one by one, where the
    services keep what must hold, and none is ever deleted.
    """

    display_name = aria_label = ""

    def dispatch(self, request, *args, **kwargs):
        messages.error(request, _("Members are changed one by one. To close an account, open it."))
        return redirect("wagtailusers_users:index")


for _wagtails in (AssignRoleBulkAction, DeleteBulkAction, SetActiveStateBulkAction):
    _ours = type(f"No{_wagtails.__name__}", (OneByOne,), {"action_type": _wagtails.action_type})
    hooks.register("register_bulk_action", _ours, order=1_000)
