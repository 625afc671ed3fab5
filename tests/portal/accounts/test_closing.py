import io
import json
import zipfile

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from badges.services.verification import verify
from community.services.ideas import post_idea
from portal.accounts import registry
from portal.accounts.models import Consent, FormerHandle, Member
from portal.accounts.services.closing import close_account
from portal.accounts.services.consents import give_consent
from portal.accounts.services.members import free_handle, member_by_handle, set_role
from portal.accounts.services.profiles import change_handle
from tests.factories.members import PASSWORD, MemberFactory
from tests.factories.programs import publish_rule
from tests.portal.accounts.test_pictures import encoded, upload

CLOSE = "/settings/close/"


@pytest.fixture
def registered():
    """Leaves the registry as it was found."""
    exporters, erasers = dict(registry._exporters), list(registry._erasers)
    yield registry
    registry._exporters.clear()
    registry._exporters.update(exporters)
    registry._erasers[:] = erasers


def test_closing_empties_what_is_personal_and_leaves_every_sum(member_client):
    member = member_client.member
    publish_rule(amount=10)
    post_idea(author=member, title="Bike racks")
    Member.objects.update(name="Işıl", bio="I walk.", city="Iğdır", interests=["camping"])
    upload(member_client, encoded())
    picture = Member.objects.get().avatar
    Authenticator.objects.create(user=member, type="totp", data={})
    give_consent(member=member, purpose="offers", channel="email", source="signup", language="en")

    response = member_client.post(CLOSE, {"proof": PASSWORD})

    assert response.headers["Location"] == "/goodbye/"
    gone = Member.objects.get()
    assert (gone.handle, gone.name, gone.email, gone.bio, gone.city, gone.interests) == (
        f"gone-{member.pk}",
        "",
        None,
        "",
        "",
        [],
    )
    assert (gone.is_active, gone.is_listed, gone.avatar.name) == (False, False, "")
    assert gone.closed_at is not None
    assert not picture.storage.exists(picture.name)
    assert not EmailAddress.objects.exists()
    assert not Authenticator.objects.exists()
    assert not Consent.objects.standing().exists()
    assert gone.activities.count() > 0
    assert verify() == []


def test_closing_ends_every_session(member_client, client_class):
    phone = client_class()
    phone.force_login(member_client.member)
    assert phone.get("/settings/profile/").status_code == 200

    member_client.post(CLOSE, {"proof": PASSWORD})

    assert phone.get("/settings/profile/").status_code == 302
    assert member_client.get("/settings/profile/").status_code == 302
    login = {"login": member_client.member.email, "password": PASSWORD}
    assert phone.post("/accounts/login/", login).status_code == 200


@pytest.mark.parametrize("proof", ["", "wrong"])
def test_closing_needs_the_password(member_client, proof):
    response = member_client.post(CLOSE, {"proof": proof})

    assert list(response.context["form"].errors) == ["proof"]
    assert Member.objects.get().closed_at is None


@pytest.mark.parametrize(("proof", "closes"), [("wrong", False), ("@{handle}", True)])
def test_closing_without_a_password_needs_the_handle(member_client, proof, closes):
    member = member_client.member
    member.set_unusable_password()
    member.save()
    member_client.force_login(member)

    member_client.post(CLOSE, {"proof": proof.format(handle=member.handle)})

    assert (Member.objects.get().closed_at is not None) == closes


def test_closed_handles_lead_nowhere_and_go_to_nobody(member):
    change_handle(member=member, handle="isil")

    close_account(member=member)
    close_account(member=member)

    assert member_by_handle("isil") is None
    assert free_handle("isil") == "isil-2"
    assert all(row.handle.startswith("~") for row in FormerHandle.objects.all())
    assert FormerHandle.objects.count() == 2


def test_last_administrator_stays(commits):
    Group.objects.get_or_create(name="administrator")
    first, second = MemberFactory(), MemberFactory()
    set_role(member=first, role="administrator")
    set_role(member=second, role="administrator")

    close_account(member=first)
    with pytest.raises(ValidationError):
        close_account(member=second)

    second.refresh_from_db()
    assert second.closed_at is None


def test_last_administrator_is_told_why(member_client):
    Group.objects.get_or_create(name="administrator")
    set_role(member=member_client.member, role="administrator")

    response = member_client.post(CLOSE, {"proof": PASSWORD})

    assert response.context["form"].non_field_errors() == [
        "You are the last administrator. Please name another one before you leave."
    ]


def test_closing_calls_the_erasers_of_other_apps(member, registered):
    erased = []
    registered.register_eraser(erased.append)

    close_account(member=member)

    assert erased == [member]


def test_public_words_stay_where_their_author_wants_it(member, registered):
    erased = []
    registered.register_eraser(lambda member: erased.append("private"))
    registered.register_eraser(lambda member: erased.append("public"), is_public=True)

    close_account(member=member, leaves_words=True)

    assert erased == ["private"]


def test_export_holds_all_that_apps_keep(member_client, registered):
    member = member_client.member
    Member.objects.update(name="Işıl")
    post_idea(author=member, title="Bike racks")
    give_consent(member=member, purpose="offers", channel="email", source="signup", language="tr")
    upload(member_client, encoded())
    registered.register_exporter("notes", lambda member: [member.handle])

    response = member_client.post("/settings/export/")

    assert response["Content-Type"] == "application/zip"
    assert f'filename="{member.handle}-' in response["Content-Disposition"]
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    account = json.loads(archive.read("account.json"))
    assert account["profile"]["name"] == "Işıl"
    assert [row["text"] for row in account["consents"]] == [
        "İlgi alanlarıma ve hareketlerime göre seçilmiş, bana uygun teklifler"
    ]
    facts = json.loads(archive.read("activities.json"))
    assert "community.idea_posted" in [fact["verb"] for fact in facts]
    assert json.loads(archive.read("notes.json")) == [member.handle]
    assert archive.read("picture.webp")[8:12] == b"WEBP"


def test_export_page_hands_out_nothing_by_itself(member_client):
    response = member_client.get("/settings/export/")

    assert response["Content-Type"].startswith("text/html")


def test_goodbye_is_for_everybody(client, db):
    assert client.get("/goodbye/").status_code == 200
