from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from knowledgebase.models import ArticlePage, SurveyPage
from tests.factories.members import MemberFactory

HOME = reverse("wagtailadmin_home")


@pytest.fixture
def pages(db):
    root = Page.get_first_root_node()
    now = timezone.now()
    old = ArticlePage(title="Knots", slug="knots", reviewed_at=now.date() - timedelta(days=400))
    fresh = ArticlePage(title="Tents", slug="tents", reviewed_at=now.date())
    survey = SurveyPage(title="Boots", slug="boots", closes_at=now + timedelta(days=3))
    for page in (old, fresh, survey):
        root.add_child(instance=page)


def test_dashboard_names_articles_that_nobody_checked_and_counts_surveys_that_close(client, pages):
    client.force_login(MemberFactory(is_superuser=True))
    html = client.get(HOME).content.decode()

    assert "“Knots” was not checked for a year" in html
    assert "Tents” was not" not in html
    assert "1 survey closes within a week" in html


def test_dashboard_says_nothing_to_those_who_may_not(client, pages):
    member = MemberFactory()
    member.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    client.force_login(member)
    html = client.get(HOME).content.decode()

    assert "Knots" not in html
    assert "closes within a week" not in html
