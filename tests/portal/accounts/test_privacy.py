import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from community.services.ideas import post_idea
from portal.accounts.models import Consent, Member
from portal.accounts.services.consents import give_consent, set_consents, withdraw_consent
from portal.accounts.services.members import save_privacy
from tests.factories.members import MemberFactory

PRIVACY = "/settings/privacy/"
CONSENTS = "/settings/privacy/consents/"


def history():
    rows = Consent.objects.order_by("pk").values_list("purpose", "withdrawn_at")
    return [(purpose, withdrawn_at is None) for purpose, withdrawn_at in rows]


def test_consent_is_withdrawn_and_given_again_without_losing_its_history(member_client):
    member_client.post(CONSENTS, {"newsletter_email": "on", "offers_email": "on"})
    member_client.post(CONSENTS, {"offers_email": "on"})
    member_client.post(f"/tr{CONSENTS}", {"newsletter_email": "on", "offers_email": "on"})

    assert history() == [("newsletter", False), ("offers", True), ("newsletter", True)]
    assert Consent.objects.latest("pk").language == "tr"
    page = member_client.get(PRIVACY)
    boxes = page.context["consent_form"].consent_fields()
    assert [(box.name, box.initial) for box in boxes] == [
        ("newsletter_email", True),
        ("offers_email", True),
        ("surveys_email", False),
    ]
    assert "Bülten: haberler" in page.content.decode()


def test_consent_given_twice_stands_once(member):
    for _again in range(2):
        consent = give_consent(
            member=member, purpose="offers", channel="email", source="settings", language="en"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(
            member=member, purpose="offers", channel="email", text_version=1, language="en"
        )

    assert Consent.objects.get() == consent


def test_withdrawing_what_was_never_given_does_nothing(member):
    withdraw_consent(member=member, purpose="offers", channel="email")

    assert not Consent.objects.exists()


def test_consent_for_what_nobody_asks_is_refused(member):
    with pytest.raises(ValueError, match="nobody asks"):
        give_consent(
            member=member, purpose="sale", channel="email", source="settings", language="en"
        )


def test_consents_tell_whom_one_may_write_to(member):
    set_consents(member=member, codes={"offers_email"}, source="settings", language="en")

    allowed = Consent.objects.allows(purpose="offers", channel="email")
    assert [consent.member for consent in allowed] == [member]
    assert not Consent.objects.allows(purpose="newsletter", channel="email").exists()


def test_privacy_page_takes_as_many_queries_for_3_rows_as_for_1(member_client):
    member_client.get(PRIVACY)
    counts = []
    for codes in (["newsletter"], ["offers", "surveys"]):
        for purpose in codes:
            give_consent(
                member=member_client.member,
                purpose=purpose,
                channel="email",
                source="settings",
                language="en",
            )
        with CaptureQueriesContext(connection) as queries:
            member_client.get(PRIVACY)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_privacy_choices_are_kept(member_client):
    response = member_client.post(PRIVACY, {"audience": "members", "shows_badges": "on"})

    member = Member.objects.get()
    assert response.headers["Location"] == PRIVACY
    assert (member.audience, member.shows_about, member.shows_badges) == ("members", False, True)
    assert (member.is_listed, member.is_playing) == (False, False)


def test_save_privacy_refuses_fields_that_are_not_its_own(member):
    with pytest.raises(TypeError):
        save_privacy(member=member, is_superuser=True)


def test_profiles_are_seen_by_whom_their_owners_chose(db):
    open_one = MemberFactory()
    shy = MemberFactory(audience="members")
    unlisted = MemberFactory(is_listed=False)
    MemberFactory(is_active=False, audience="members")
    visible, listed = Member.objects.visible_to, Member.objects.for_list

    assert set(visible(AnonymousUser())) == {open_one, unlisted}
    assert shy in visible(open_one)
    assert list(listed(open_one)) == [shy, open_one]
    assert list(listed(AnonymousUser())) == [open_one]


def test_profile_page_shows_what_its_owner_chose(client, member):
    idea = post_idea(author=member, title="Bike racks")
    Member.objects.update(bio="I walk.", city="Iğdır")
    address = f"/members/{member.handle}/"

    shown = client.get(address).content.decode()
    Member.objects.update(shows_about=False, shows_badges=False, shows_contributions=False)
    hidden = client.get(address).content.decode()

    words = ["I walk.", "Iğdır", "No badges yet.", idea.title]
    assert [word in shown for word in words] == [True] * 4
    assert [word in hidden for word in words] == [False] * 4


def test_profile_for_members_alone_asks_visitors_to_log_in(client, member_client):
    member = member_client.member
    Member.objects.update(audience="members")
    address = f"/members/{member.handle}/"

    assert member_client.get(address).status_code == 200
    member_client.logout()
    response = client.get(address)

    assert response.headers["Location"] == f"/accounts/login/?next={address}"
