from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.api.models import ApiKey, Application
from portal.api.services.keys import create_key, find_key, note_use, revoke_key
from tests.factories.members import MemberFactory
from tests.factories.staff import staff_with

PAGE = "/cms/api-keys/"
LIST_QUERIES = 11


def make(*scopes, name="shop"):
    return create_key(name=name, scopes=scopes or ["members:read"])


def test_command_prints_a_key_that_works(db):
    out = StringIO()

    call_command(
        "create_api_key",
        "My shop",
        "--scope=members:read",
        "--scope=activities:write",
        stdout=out,
        stderr=StringIO(),
    )

    row = find_key(out.getvalue().strip())
    assert (row.application.name, row.scopes) == ("My shop", ["activities:write", "members:read"])


@pytest.mark.parametrize("name, scope", [("shop", "members:write"), (" ", "members:read")])
def test_command_refuses_unknown_scopes_and_names(db, name, scope):
    with pytest.raises(CommandError):
        call_command("create_api_key", name, "--scope", scope)

    assert Application.objects.count() == 0


def test_only_a_digest_is_kept(db):
    row, key = make()

    kept = str(list(ApiKey.objects.values()))
    assert key.startswith(row.prefix)
    assert key not in kept
    assert key.removeprefix(row.prefix)[1:] not in kept


def test_applications_have_several_keys(db):
    make(name="shop")
    make(name="  shop ")

    assert Application.objects.get().keys.count() == 2


def test_keys_are_found_in_force_only(db):
    row, key = make()

    assert find_key(key) == row
    assert find_key(key[:-1] + ("a" if key[-1] != "a" else "b")) is None
    assert find_key("") is None
    assert find_key("meydan_ı") is None
    assert (revoke_key(key=row), revoke_key(key=row)) == (True, False)
    assert find_key(key) is None


def test_use_is_written_down_once_a_minute(db):
    row, key = make()
    note_use(row)
    first = find_key(key).last_used_at

    note_use(row)
    note_use(find_key(key))
    assert find_key(key).last_used_at == first

    ApiKey.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
    note_use(find_key(key))
    assert find_key(key).last_used_at > first


def test_key_is_shown_once_when_it_is_made(client, db):
    maker = staff_with("api.manage_keys")
    client.force_login(maker)

    shown = client.post(f"{PAGE}new/", {"name": "shop", "scopes": ["members:read"]})
    row = ApiKey.objects.get()
    listed = client.get(PAGE).content.decode()

    key = shown.context["key"]
    assert find_key(key) == row
    assert key in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert key not in listed
    assert [row.prefix in listed, maker.name in listed] == [True, True]


@pytest.mark.parametrize("form", [{}, {"name": "shop"}, {"name": "shop", "scopes": ["all"]}])
def test_key_without_name_or_scope_is_not_made(client, db, form):
    client.force_login(staff_with("api.manage_keys"))

    assert client.post(f"{PAGE}new/", form).status_code == 200
    assert ApiKey.objects.count() == 0


def test_key_is_revoked_after_a_question(client, db):
    client.force_login(staff_with("api.manage_keys"))
    row, key = make()

    asked = client.get(f"{PAGE}{row.pk}/revoke/").content.decode()
    first = client.post(f"{PAGE}{row.pk}/revoke/", follow=True).content.decode()
    second = client.post(f"{PAGE}{row.pk}/revoke/", follow=True).content.decode()

    assert row.prefix in asked
    assert "The key works no longer." in first
    assert "The key had been revoked before." in second
    assert find_key(key) is None


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_three_keys(client, db, count, django_assert_num_queries):
    client.force_login(staff_with("api.manage_keys"))
    for n in range(count):
        make(name=f"shop {n}")
    client.get(PAGE)

    with django_assert_num_queries(LIST_QUERIES):
        client.get(PAGE)


def test_others_have_no_way_to_the_keys(client, db):
    row, _key = make()
    client.force_login(staff_with("badges.manage_program"))

    for path in (PAGE, f"{PAGE}new/", f"{PAGE}{row.pk}/revoke/"):
        assert client.post(path, {"name": "x", "scopes": ["members:read"]}).status_code == 302
    assert PAGE not in client.get("/cms/").content.decode()
    assert ApiKey.objects.in_force().count() == 1
    client.force_login(MemberFactory())
    assert client.get(PAGE).status_code in (302, 403)
