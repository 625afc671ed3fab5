"""Members in the CMS: who may sign in, in which role."""

from django.core.exceptions import PermissionDenied
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.users.views.users import (
    CreateView,
    DeleteView,
    EditView,
    IndexView,
    UserColumn,
    UserViewSet,
)

from portal.accounts.forms.staff import MemberCreationForm, MemberEditForm
from portal.accounts.models import Member
from portal.accounts.roles import role_label
from portal.accounts.services.closing import close_account
from portal.accounts.services.staff import add_member, change_member
from portal.ui.requests import MemberRequest

CLOSE = _("Close account")


class MemberIndexView(IndexView):
    """The list of members, newest first, searched by name, handle and address."""

    template_name = "accounts/cms/member_list.html"
    page_title = _("Members")
    add_item_label = _("Add a member")
    default_ordering = "-date_joined"

    @cached_property
    def columns(self):
        # The kind of column that also shows what can be done with a member.
        title = self._get_title_column_class(UserColumn)
        return [
            title(
                "name",
                label=_("Name"),
                accessor="display_name",
                sort_key="name",
                get_url=self.get_edit_url,
                classname="name",
            ),
            Column("handle", label=_("Handle"), sort_key="handle", width="15%"),
            Column("email", label=_("Email"), sort_key="email", width="20%"),
            Column("roles", label=_("Roles"), accessor=roles_of, width="15%"),
            BooleanColumn("is_active", label=_("Active"), sort_key="is_active", width="8%"),
            DateColumn("date_joined", label=_("Joined"), sort_key="date_joined", width="12%"),
        ]

    @cached_property
    def search_fields(self):
        return {"name", "handle", "email"}

    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        closing = self.get_delete_url(instance)
        for button in buttons:
            if closing and button.url == closing:
                button.label, button.icon_name = CLOSE, "cross"
        return buttons

    def get_base_queryset(self):
        open_accounts = super().get_base_queryset().filter(closed_at=None)
        return open_accounts.prefetch_related("groups")

    def order_queryset(self, queryset):
        if self.ordering in ("name", "-name"):
            return queryset.order_by(self.ordering, "pk")
        return super().order_queryset(queryset)


class ActorMixin:
    """Tells the form who is at work, and takes the result to the service."""

    request: MemberRequest

    def get_form_kwargs(self):
        # A mixin for Wagtail's views, which have no types.
        return {**super().get_form_kwargs(), "actor": self.request.user}  # type: ignore[misc]


class MemberCreateView(ActorMixin, CreateView):
    page_title = _("Add a member")
    success_message = _("%(object)s is a member now.")

    def save_instance(self):
        return add_member(actor=self.request.user, **self.form.cleaned_data)


class MemberEditView(ActorMixin, EditView):
    success_message = _("%(object)s is saved.")
    delete_item_label = CLOSE

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if self.object.closed_at or (self.object.is_superuser and not request.user.is_superuser):
            raise PermissionDenied

    def save_instance(self):
        member = Member.objects.get(pk=self.object.pk)
        return change_member(actor=self.request.user, member=member, **self.form.cleaned_data)


class MemberCloseView(DeleteView):
    """Members are never deleted: the account is closed, what the ledger needs stays."""

    page_title = CLOSE
    template_name = "accounts/cms/member_close.html"
    success_message = _("The account is closed.")

    def get_usage(self):
        return None

    def get_usage_url(self):
        return None

    def delete_action(self):
        close_account(member=self.object)

    @property
    def confirmation_message(self):
        return _("Close this account? Everything personal is removed and cannot be brought back.")


class MemberViewSet(UserViewSet):
    model = Member
    menu_label = _("Members")
    ordering = "-date_joined"
    # Nobody is somebody else once more.
    copy_view_enabled = False
    index_view_class = MemberIndexView
    add_view_class = MemberCreateView
    edit_view_class = MemberEditView
    delete_view_class = MemberCloseView
    index_template_name = "accounts/cms/member_list.html"
    create_template_name = "wagtailadmin/generic/create.html"
    edit_template_name = "wagtailadmin/generic/edit.html"
    delete_template_name = "accounts/cms/member_close.html"

    def get_form_class(self, for_update=False):
        return MemberEditForm if for_update else MemberCreationForm


def roles_of(member: Member) -> str:
    return ", ".join(role_label(group.name) for group in member.groups.all())
