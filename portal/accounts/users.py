from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's users, who here are members."""

    user_viewset = "portal.accounts.viewsets.MemberViewSet"
