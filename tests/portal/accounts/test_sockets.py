import pytest
from allauth.mfa.models import Authenticator
from channels.db import database_sync_to_async
from django.contrib.sessions.backends.db import SessionStore

from portal.accounts.sockets import SecondFactorMiddleware
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)


@database_sync_to_async
def administrator(is_set_up):
    member = MemberFactory(is_superuser=True)
    if is_set_up:
        Authenticator.objects.create(user=member, type="totp", data={})
    return member


@pytest.mark.parametrize("is_set_up", [False, True])
async def test_socket_withholds_a_role_as_a_request_does(settings, is_set_up):
    settings.IS_PRODUCTION, heard = True, []

    async def inner(scope, receive, send):
        heard.append(scope["user"].is_superuser)

    scope = {"user": await administrator(is_set_up), "session": SessionStore()}
    await SecondFactorMiddleware(inner)(scope, None, None)

    assert heard == [is_set_up]
