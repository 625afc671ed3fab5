"""In production a role counts only in a session that proved a second factor, whoever asks."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permissions import policy_registry

from badges.program.schema import Rule
from badges.services.excluding import Exclusions
from community.services.ideas import post_idea
from community.services.moderation import hide_thing
from portal.accounts.models import Member
from portal.accounts.models.members import GROUP_PERMISSION_CACHES
from portal.accounts.second_factor import guard
from portal.accounts.services.members import set_role
from portal.activity.models import Activity
from tests.authorization_table import ROUTES
from tests.authorization_world import ROLES, STAFF, build_world
from tests.factories.members import PASSWORD, MemberFactory
from tests.factories.programs import rule
from tests.test_authorization import ANSWERS, expected

SETTING_UP = "/accounts/2fa/"
PROVING = "/accounts/2fa/reauthenticate/"
MORE = [role for role in ROLES if role in STAFF]
ACTIONS = ["add", "change", "delete", "publish", "bulk_delete", "lock", "unlock", "choose", "view"]


@pytest.fixture(scope="module")
def world(rows_of_module):
    return build_world()


@pytest.fixture(autouse=True)
def _production(settings, world, db):
    settings.IS_PRODUCTION = True


def withheld(member):
    return guard(Member.objects.get(pk=member.pk), SessionStore())


def add_app(member):
    """An app that makes codes; returns what it would show now."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(member, secret)
    return secret


def code_of(secret):
    return totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )


def log_in(client, member):
    return client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})


def staff(role="moderator"):
    member = MemberFactory()
    set_role(member=member, role=role)
    return Member.objects.get(pk=member.pk)


@pytest.fixture
def blank_pages(monkeypatch):
    from django.template.backends.django import Template

    whole = Template.render
    monkeypatch.setattr(
        Template,
        "render",
        lambda self, context=None, request=None: whole(self, context) if request is None else "",
    )


def answer_to(world, role, client, method, address):
    """How a session without a second factor is answered; nothing stays."""
    with transaction.atomic():
        response = getattr(client, method)(address)
        transaction.set_rollback(True)
    target = response.get("Location", "")
    if target.startswith(SETTING_UP):
        return "factor"
    if target == "/cms/" or (response.status_code == 302 and "/login/" in target):
        return "forbidden"
    return ANSWERS.get(response.status_code, "ok")


@pytest.mark.django_db
@pytest.mark.parametrize("role", MORE)
def test_role_without_second_factor_gets_no_further_than_a_member(world, role, blank_pages):
    """Every address that lets the role in where it lets no member in leads to the factor."""
    client, wrong, walked = Client(), [], 0
    client.force_login(world.people[role])
    for route, rows in ROUTES.items():
        # Reading once is enough: it is decided as for the administrator.
        asked = list(zip(("get", "post"), rows, strict=True))
        for method, row in asked if role == "administrator" else asked[1:]:
            plain, as_role = expected(row, "other"), expected(row, role)
            if plain == as_role:
                continue
            walked += 1
            answer = answer_to(world, role, client, method, world.address(route))
            if answer not in ("factor", plain):
                wrong.append((method, route, answer, "instead of", plain))
            if answer != "factor" and as_role == "ok":
                wrong.append((method, route, "no friendly way", answer))

    assert not wrong, "\n".join(map(str, wrong))
    assert walked > 10


@pytest.mark.django_db
@pytest.mark.parametrize("role", MORE)
def test_role_without_second_factor_holds_nothing_more_than_a_member(world, role):
    """The registry of permissions: what is asked with `has_perm`, in any way."""
    whole = Member.objects.get(pk=world.people[role].pk)
    plain, guarded = Member.objects.get(pk=world.people["other"].pk), withheld(whole)
    more = whole.get_all_permissions() - plain.get_all_permissions()

    assert more
    assert guarded.get_all_permissions() == plain.get_all_permissions()
    assert guarded.get_group_permissions() == guarded.get_user_permissions() == set()
    assert not any(guarded.has_perm(name) and not plain.has_perm(name) for name in more)
    assert not any(guarded.has_module_perms(name.split(".")[0]) for name in more)
    assert (guarded.is_staff, guarded.is_superuser) == (False, False)
    assert (list(guarded.groups.all()), guarded.groups.exists()) == ([], False)
    assert guarded.has_perm("community.add_idea")


@pytest.mark.django_db
@pytest.mark.parametrize("role", MORE)
def test_wagtail_gives_nothing_to_a_role_without_second_factor(world, role):
    """Wagtail's own policies ask groups past `has_perm`: every one of every model."""
    whole, guarded = Member.objects.get(pk=world.people[role].pk), withheld(world.people[role])
    policies = {model: policy_registry.get_by_type(model) for model in apps.get_models()}
    policies = {model: policy for model, policy in policies.items() if policy is not None}

    def granted(member):
        return {
            model.__name__
            for model, policy in policies.items()
            if policy.user_has_any_permission(member, ACTIONS)
        }

    plain = granted(Member.objects.get(pk=world.people["other"].pk))
    assert granted(guarded) == plain
    assert granted(whole) > plain or role == "moderator"
    for page in Page.objects.all():
        can = page.permissions_for_user(guarded)
        assert not any([can.can_edit(), can.can_publish(), can.can_add_subpage(), can.can_delete()])


def test_every_policy_of_wagtail_keeps_what_it_knows_where_we_withhold_it():
    def below(policy):
        return {policy}.union(*map(below, policy.__subclasses__()))

    names = {policy.permission_cache_name for policy in below(BasePermissionPolicy)} - {""}

    assert names == set(GROUP_PERMISSION_CACHES)


@pytest.mark.django_db
def test_withholding_writes_nothing(world):
    guarded = withheld(world.people["administrator"])

    guarded.save()
    guarded.refresh_from_db()

    stored = Member.objects.get(pk=guarded.pk)
    assert (stored.is_staff, stored.is_superuser, stored.groups.count()) == (True, True, 1)
    assert (guarded.is_staff, guarded.is_superuser, guarded.groups.count()) == (False, False, 0)
    assert guarded.is_team


@pytest.mark.django_db
def test_team_stays_excluded_from_rules_without_second_factor(world):
    guarded = withheld(world.people["administrator"])
    guarded_fact = Activity(member=guarded, verb="import.walked")
    only_flag = Rule.model_validate(rule(exclude=["staff"]))

    assert Exclusions([], [only_flag]).reason(only_flag, guarded_fact) == "excluded"


@pytest.mark.django_db
def test_page_for_a_role_alone_stays_shut_without_second_factor(world):
    moderator = world.people["moderator"]
    page = Page.objects.filter(slug="knowledge", locale__language_code="en").get()
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="groups")
    restriction.groups.set(moderator.groups.all())
    client = Client()
    client.force_login(moderator)

    before = client.get(page.url)
    add_app(moderator)

    assert before.status_code == 302
    assert client.get(page.url).status_code == 200


@pytest.mark.django_db
def test_hiding_on_the_site_leads_to_the_second_factor(world):
    client, idea = Client(), post_idea(author=world.people["member"], title="A bench")
    client.force_login(world.people["moderator"])

    shown = client.get(idea.get_absolute_url()).content.decode()
    hidden = client.post(f"/ideas/{idea.pk}/hide/", {"reason": "Spam."})
    by_htmx = client.post(
        f"/ideas/{idea.pk}/hide/", {"reason": "Spam."}, headers={"HX-Request": "true"}
    )

    idea.refresh_from_db()
    assert (idea.hidden_at, f"/ideas/{idea.pk}/hide/" in shown) == (None, False)
    assert (hidden.status_code, hidden["Location"]) == (302, SETTING_UP)
    assert by_htmx["HX-Redirect"] == SETTING_UP
    assert "set up a second factor first" in client.get(SETTING_UP).content.decode()


@pytest.mark.django_db
def test_hidden_words_stay_hidden_from_a_moderator_without_second_factor(world):
    client, idea = Client(), post_idea(author=world.people["member"], title="Spam")
    hide_thing(thing=idea, moderator=world.people["administrator"], reason="Spam.")
    client.force_login(world.people["moderator"])

    assert client.get(idea.get_absolute_url()).status_code == 404


@pytest.mark.django_db
def test_plain_member_is_refused_as_ever(world):
    client = Client()
    client.force_login(world.people["other"])

    assert client.get("/cms/", follow=True).status_code == 403
    idea = post_idea(author=world.people["member"], title="A bench")
    assert client.post(f"/ideas/{idea.pk}/hide/", {"reason": "Spam."}).status_code == 403


def test_session_that_used_the_factor_holds_the_role(commits, client):
    member = staff("administrator")
    secret = add_app(member)
    log_in(client, member)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})

    assert client.get("/cms/").status_code == 200
    Authenticator.objects.filter(user=member).delete()
    assert client.get("/cms/")["Location"] == SETTING_UP


def test_passkey_alone_is_a_second_factor(commits, client):
    member = staff("administrator")
    key = Authenticator.objects.create(user=member, type="webauthn", data={})
    client.force_login(member)
    session = client.session
    session["account_authentication_methods_user"] = str(member.pk)
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "webauthn", "passwordless": True, "id": key.pk, "at": time.time()}
    ]
    session.save()

    assert client.get("/cms/").status_code == 200


def test_session_from_before_the_factor_has_to_prove_it(commits, client):
    member = staff("administrator")
    log_in(client, member)
    secret = add_app(member)

    led = client.get("/cms/")
    client.post(PROVING, {"code": code_of(secret)})

    assert led["Location"] == f"{PROVING}?next=%2Fcms%2F"
    assert client.get("/cms/").status_code == 200


def test_proof_ages_and_is_asked_for_again(commits, client):
    member = staff("administrator")
    secret = add_app(member)
    log_in(client, member)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})

    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 12 * 3600
    session.save()
    led = client.get("/cms/")
    cache.clear()
    client.post(PROVING, {"code": code_of(secret)})

    assert led["Location"] == f"{PROVING}?next=%2Fcms%2F"
    assert client.get("/cms/").status_code == 200


def test_session_that_signed_up_has_to_prove_it_too(commits, client):
    answers = {"name": "New", "email": "new@example.com", "password1": "a quiet harbour"}
    client.post("/accounts/signup/", answers)
    member = Member.objects.get(email="new@example.com")
    set_role(member=member, role="administrator")
    add_app(member)

    assert client.get("/cms/")["Location"].startswith(PROVING)


def test_setting_up_the_first_factor_proves_it(commits, client):
    member = staff("administrator")
    log_in(client, member)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session[totp.SECRET_SESSION_KEY]
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})

    assert client.get("/cms/").status_code == 200


def test_recovery_codes_alone_are_no_factor(commits, client):
    member = staff("administrator")
    Authenticator.objects.create(user=member, type="recovery_codes", data={})
    client.force_login(member)

    assert client.get("/cms/")["Location"] == SETTING_UP


def test_a_member_costs_no_query_more(member, client, settings):
    log_in(client, member)
    counts = []
    for settings.IS_PRODUCTION in (False, True, False, True):
        with CaptureQueriesContext(connection) as queries:
            client.get("/settings/privacy/")
        counts.append(len(queries))

    # Permissions of one's own, which are not looked for where they do not count.
    assert counts[3] == counts[2] - 1
