import re
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from portal.accounts.models import Interest, Member
from portal.accounts.roles import ensure_roles, role_label
from portal.accounts.services.closing import close_account
from portal.accounts.services.members import set_role
from tests.factories.members import MemberFactory

STAFF = ["wagtailadmin.access_admin", "accounts.change_member"]


@pytest.fixture
def roles(db):
    ensure_roles({"administrator": [], "editor": STAFF, "moderator": []})


@pytest.fixture
def admin(client, commits, roles):
    admin = MemberFactory(name="Ada")
    set_role(member=admin, role="administrator")
    client.force_login(admin)
    return admin


@pytest.fixture
def editor(client, commits, roles):
    editor = MemberFactory(name="Ed")
    set_role(member=editor, role="editor")
    client.force_login(editor)
    return editor


def run(*arguments):
    out = StringIO()
    call_command("create_role_account", *arguments, stdout=out)
    return out.getvalue()


def test_ensure_roles_makes_every_role_and_may_run_again(db):
    for _again in range(2):
        ensure_roles({"editor": ["wagtailadmin.access_admin"]})

    names = Group.objects.order_by("pk").values_list("name", flat=True)
    assert set(names) >= {"member", "moderator", "editor", "brand_manager", "administrator"}
    held = Group.objects.get(name="editor").permissions.values_list("codename", flat=True)
    assert list(held) == ["access_admin"]


def test_ensure_roles_names_permissions_that_do_not_exist(db):
    with pytest.raises(LookupError, match=r"community\.fly"):
        ensure_roles({"editor": ["wagtailadmin.access_admin", "community.fly"]})


def test_role_labels_follow_the_language():
    assert (role_label("brand_manager"), role_label("Friends")) == ("Brand manager", "Friends")


def test_command_makes_an_account_and_prints_the_password_once(commits, roles, client):
    out = run("Ed@Example.com", "--role", "editor")

    member = Member.objects.get()
    assert (member.email, member.handle, member.is_staff) == ("ed@example.com", "ed", True)
    assert EmailAddress.objects.get().verified
    password = out.split("Password: ")[1].strip()
    assert member.check_password(password)


def test_command_gives_a_role_to_an_account_that_exists(commits, roles, member):
    out = run(member.email, "--role", "administrator", "--password", "another one")

    member.refresh_from_db()
    assert (member.is_superuser, member.check_password("another one")) == (True, True)
    assert "Password" not in out
    run(member.email, "--role", "member")
    member.refresh_from_db()
    assert (member.is_superuser, member.is_staff, member.groups.count()) == (False, False, 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nobody", "--role", "editor"], "not an e-mail address"),
        (["ed@example.com", "--role", "king"], "'king' is none of member, moderator"),
        (["ed@example.com", "--role", "editor"], "run `manage.py setup`"),
        (["ed@example.com", "--role", "member", "--password", ""], "--password: it is empty"),
    ],
)
def test_command_says_what_is_wrong(commits, arguments, message):
    Group.objects.all().delete()

    with pytest.raises(CommandError, match=message):
        run(*arguments)
    assert not Member.objects.exists()


def test_cms_lists_members_and_searches_them(admin, client):
    MemberFactory(name="Işıl", handle="isil")

    page = client.get("/cms/users/").content.decode()
    found = client.get("/cms/users/?q=isil").context["page_obj"]

    assert "Işıl" in page
    assert [member.handle for member in found] == ["isil"]


def test_cms_speaks_of_closing_accounts_and_never_of_deleting(admin, client):
    member = MemberFactory()
    pages = ["/cms/users/", f"/cms/users/edit/{member.pk}/", f"/cms/users/delete/{member.pk}/"]

    texts = [client.get(page).text for page in pages]

    assert ["Close" in text for text in texts] == [True] * 3
    assert [re.findall(r"(?<![-_.\w])[Dd]elete\b(?![-_/\w])", text) for text in texts] == [[]] * 3


def test_cms_front_page_links_no_guide_of_wagtails_makers(admin, client):
    page = client.get("/cms/").text

    assert "guide.wagtail.org" not in page
    assert "/cms/account/" in page


def test_cms_list_takes_as_many_queries_for_3_members_as_for_1(admin, client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    client.get("/cms/users/")
    for more in (0, 2):
        MemberFactory.create_batch(more)
        with CaptureQueriesContext(connection) as queries:
            client.get("/cms/users/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_cms_list_leaves_out_closed_accounts(admin, client):
    close_account(member=MemberFactory())

    assert [member.handle for member in client.get("/cms/users/").context["page_obj"]] == [
        admin.handle
    ]


def test_cms_account_page_leaves_address_and_password_to_the_portal(admin, client):
    page = client.get("/cms/account/")

    assert page.status_code == 200
    assert "password" not in page.content.decode().lower().split("<main")[1]


def test_cms_makes_a_member_with_a_role(admin, client):
    answers = {"name": "Ed Wood", "email": "ed@example.com", "handle": "", "password": ""}
    editor = Group.objects.get(name="editor")

    response = client.post("/cms/users/new/", {**answers, "groups": [editor.pk]})

    member = Member.objects.get(email="ed@example.com")
    assert response.status_code == 302
    assert (member.handle, member.is_staff, member.is_superuser) == ("ed-wood", True, False)
    assert member.activities.get().verb == "accounts.member_joined"


def test_cms_changes_a_member_and_asks_for_a_changed_address_anew(admin, client):
    member = MemberFactory()
    answers = {"name": "New", "email": "new@example.com", "handle": "new-one", "is_active": "on"}

    client.post(f"/cms/users/edit/{member.pk}/", answers)

    member.refresh_from_db()
    assert (member.name, member.email, member.handle) == ("New", "new@example.com", "new-one")
    address = EmailAddress.objects.get(user=member)
    assert (address.email, address.verified) == ("new@example.com", False)


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"email": "ada@example.com"}, "email"),
        ({"handle": "ada"}, "handle"),
        ({"handle": "admin"}, "handle"),
        ({"name": ""}, "name"),
    ],
)
def test_cms_names_the_field_that_is_wrong(admin, client, answer, field):
    MemberFactory(handle="ada", email="ada@example.com")
    member = MemberFactory()
    answers = {"name": "N", "email": member.email, "handle": member.handle, **answer}

    response = client.post(f"/cms/users/edit/{member.pk}/", answers)

    assert list(response.context["form"].errors) == [field]


def test_cms_closes_accounts_and_deletes_none(admin, client):
    member = MemberFactory()

    client.post(f"/cms/users/delete/{member.pk}/")

    member.refresh_from_db()
    assert (member.handle, member.is_active) == (f"gone-{member.pk}", False)
    assert client.get(f"/cms/users/edit/{member.pk}/").status_code in (302, 403)


def test_staff_who_are_no_administrators_give_no_roles(editor, client):
    member = MemberFactory()
    answers = {"name": "N", "email": member.email, "handle": member.handle, "is_active": "on"}
    administrator = Group.objects.get(name="administrator")
    more = {"groups": [administrator.pk], "is_superuser": "on"}

    client.post(f"/cms/users/edit/{member.pk}/", answers | more)

    member.refresh_from_db()
    assert member.name == "N"
    assert (member.is_superuser, member.is_staff, member.groups.count()) == (False, False, 0)


def test_staff_who_are_no_administrators_touch_no_administrator(editor, client):
    other = MemberFactory(name="Boss")
    set_role(member=other, role="administrator")
    answers = {"name": "Mine", "email": "mine@example.com", "handle": other.handle}

    client.post(f"/cms/users/edit/{other.pk}/", answers)

    other.refresh_from_db()
    assert other.name == "Boss"


def test_nobody_promotes_themselves(editor, client):
    administrator = Group.objects.get(name="administrator")
    answers = {"name": "Ed", "email": editor.email, "handle": editor.handle}

    client.post(f"/cms/users/edit/{editor.pk}/", {**answers, "groups": [administrator.pk]})

    editor.refresh_from_db()
    assert (editor.is_superuser, editor.is_active) == (False, True)


@pytest.mark.parametrize("action", ["delete", "assign_role", "set_active_state"])
def test_members_are_not_changed_in_bulk(admin, client, action):
    member = MemberFactory()
    administrator = Group.objects.get(name="administrator")
    answers = {"role": administrator.pk, "mark_as_active": "False"}

    client.post(f"/cms/bulk/accounts/member/{action}/?id={member.pk}", answers)

    member.refresh_from_db()
    assert (member.is_active, member.groups.count()) == (True, 0)


def test_members_do_not_enter_the_cms(member_client):
    assert member_client.get("/cms/users/").status_code == 302


def test_interests_are_kept_in_the_cms(admin, client):
    answers = {"code": "kayak", "name_en": "Kayak", "name_tr": "Kano", "is_offered": "on"}

    client.post("/cms/snippets/accounts/interest/add/", answers)

    assert Interest.objects.get().name_tr == "Kano"


def test_second_factor_is_demanded_of_staff_in_production(admin, client, settings):
    assert client.get("/cms/").status_code == 200
    settings.IS_PRODUCTION = True

    assert client.get("/cms/").headers["Location"] == "/accounts/2fa/"
    assert client.get("/settings/profile/").status_code == 200
    Authenticator.objects.create(user=admin, type="totp", data={})
    assert client.get("/cms/").status_code == 200


def test_members_are_not_copied(client, admin):
    member = MemberFactory()

    page = client.get("/cms/users/").content.decode()

    assert f"/cms/users/edit/{member.pk}/" in page
    assert "/copy/" not in page
    assert client.get(f"/cms/users/copy/{member.pk}/").status_code == 404
