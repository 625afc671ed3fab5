"""Who looks at something, in types: a member, or a visitor who has not logged in."""

from django.contrib.auth.models import AnonymousUser

from portal.accounts.models import Member

Viewer = Member | AnonymousUser
