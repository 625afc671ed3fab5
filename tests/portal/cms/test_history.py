"""Wagtail's own reports, beside what commands did."""

import pytest
from wagtail.log_actions import log
from wagtail.models import Page

from tests.factories.members import MemberFactory


@pytest.mark.parametrize("by_command", [True, False])
def test_history_of_the_site_shows_what_people_and_what_commands_did(
    client, first_pages, by_command
):
    admin = MemberFactory(is_superuser=True)
    page = Page.objects.order_by("-depth", "pk").first()
    log(instance=page, action="wagtail.edit", user=None if by_command else admin)
    client.force_login(admin)

    for address in ("/cms/reports/site-history/", f"/cms/pages/{page.pk}/history/"):
        answer = client.get(address)

        assert answer.status_code == 200
        assert page.title in answer.content.decode()
