from datetime import timedelta

import pytest
from django.utils import timezone

from badges.models import Transfer
from badges.services import forecasting
from badges.services.programs import keep_draft, open_desk
from portal.activity.services import record
from tests.badges.test_program_pages import RULES, filled, rule_post, staff
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, rule, text

FORECAST = "/cms/programme/forecast/"
WORTH = "/cms/programme/worth/"
IDEA = "community.idea_posted"


def worthy(amount="0.01"):
    names = {"points": text("Points"), "experience": text("Experience")}
    currencies = {
        code: {"name": name, "spendable": code == "points"} for code, name in names.items()
    }
    currencies["points"]["worth"] = {"amount": amount, "currency": "TRY"}
    return currencies


def did(member, key, *, days=1, verb="import.done"):
    moment = timezone.now() - timedelta(days=days)
    return record(member=member, verb=verb, key=key, occurred_at=moment)


def change_draft(**parts):
    desk = open_desk()
    keep_draft(document={**desk.document, **parts}, mark=desk.mark)


@pytest.fixture
def manager(client, commits):
    client.force_login(staff("manage_program"))
    return client


@pytest.fixture
def compared(member):
    """A draft that pays one thing more and another less, for what two members did."""
    names = {"done": text("Done"), "more": text("More")}
    rules = [rule(c, f"import.{c}", n, name=names[c]) for c, n in (("done", 100), ("more", 10))]
    publish_program(rules=rules, currencies=worthy())
    other = MemberFactory(name="Deniz")
    did(member, "1")
    did(other, "2", verb="import.more")
    rules[0] = {**rules[0], "award": {"currency": "points", "amount": 60}, "budget": 60}
    rules[1] = {**rules[1], "award": {"currency": "points", "amount": 1240}}
    change_draft(rules=rules)
    did(other, "3", days=2)
    return member


def test_draft_is_shown_beside_what_is_in_force_with_winners_and_losers(
    manager,
    compared,
):
    transfers = Transfer.objects.count()

    html = manager.get(FORECAST).content.decode()

    assert "1,300 points" in html
    assert "13.00 ₺" in html
    assert "210 points" in html
    assert "2.10 ₺" in html
    assert "Deniz: +1,190 points" in html
    assert f"{compared.display_name}: -100 points" in html
    assert "1 member would have more. 1 member would have less." in html
    assert "The budget of “Done” would have run out on" in html
    assert Transfer.objects.count() == transfers


def test_page_speaks_the_managers_language(client, compared, commits):
    turkish = staff("manage_program")
    turkish.language = "tr"
    turkish.save(update_fields=["language"])
    client.force_login(turkish)

    html = client.get(FORECAST).content.decode()

    assert "Deniz: +1.190 puan" in html
    assert "13,00 ₺" in html
    assert "1 üyenin kazancı artardı. 1 üyenin kazancı azalırdı." in html


def test_without_a_draft_there_is_nothing_to_compare(manager, member):
    publish_program(
        rules=[rule("done", "import.done", 10)],
        badges=[badge("first", {"count": {"verb": "import.done"}, "at_least": 1})],
    )
    did(member, "1")

    answer = manager.get(FORECAST)

    html = answer.content.decode()
    assert "There is no draft" in html
    assert "10 points" in html
    assert "Who would have more" not in html
    assert answer.context["badges"] == [{"name": "first", "n": 1, "before": 0}]


def test_days_the_wrong_way_round_are_refused_beside_the_field(manager):
    html = manager.get(f"{FORECAST}?since=2026-03-02&until=2026-03-01").content.decode()
    long = manager.get(f"{FORECAST}?since=2020-03-02&until=2026-03-01").content.decode()

    assert "The last day cannot lie before the first." in html
    assert "At most 366 days, please." in long


def test_page_says_when_it_reads_only_the_latest(manager, member, monkeypatch):
    monkeypatch.setattr(forecasting.forecast, "__kwdefaults__", {"most": 1})
    publish_program(rules=[rule("done", "import.done", 10)])
    did(member, "1", days=3)
    did(member, "2", days=2)

    html = manager.get(FORECAST).content.decode()

    assert "There were more activities than this page reads" in html


@pytest.mark.parametrize("number", [1, 3])
def test_page_takes_the_same_queries_for_one_member_and_for_three(
    manager,
    number,
    django_assert_num_queries,
):
    publish_program(rules=[rule("done", "import.done", 10)])
    change_draft(rules=[rule("done", "import.done", 20)])
    for n in range(number):
        did(MemberFactory(), str(n))
    manager.get(FORECAST)

    with django_assert_num_queries(FORECAST_QUERIES):
        manager.get(FORECAST)


FORECAST_QUERIES = 20


def cost_post(**fields):
    post = rule_post(verbs=[], import_verbs="import.done", **{"award-points": 620})
    return {**post, "cost": "1", **fields}


def test_rule_form_says_what_the_rule_would_have_cost(manager, member):
    publish_program(currencies=worthy())
    did(member, "1")
    did(member, "2", days=2)
    did(member, "old", days=40)
    said = "this rule would have paid 1,240 points (12.40 ₺) to 1 member."

    page = manager.post(f"{RULES}new/", cost_post())
    live = manager.post(f"{RULES}new/", cost_post(), headers={"HX-Request": "true"})

    assert said in page.content.decode()
    assert "<html" in page.content.decode()
    assert said in live.content.decode()
    assert "<html" not in live.content.decode()
    assert not open_desk().is_draft


def test_rule_form_asks_for_what_is_missing_before_it_says_a_cost(manager):
    post = cost_post(**{"award-points": ""})

    live = manager.post(f"{RULES}new/", post, headers={"HX-Request": "true"})

    assert "Complete the rule to see what it would cost." in live.content.decode()


def test_rule_that_pays_nothing_says_so(manager):
    live = manager.post(f"{RULES}new/", cost_post(), headers={"HX-Request": "true"})

    assert "this rule would have paid nothing." in live.content.decode()


def test_live_cost_says_when_it_reads_only_the_latest(
    manager,
    member,
    monkeypatch,
):
    monkeypatch.setattr(forecasting.rule_cost, "__kwdefaults__", {"most": 1})
    did(member, "1", days=3)
    did(member, "2", days=2)

    live = manager.post(f"{RULES}new/", cost_post(), headers={"HX-Request": "true"})

    assert "only the latest, since" in live.content.decode()


def test_live_cost_leaves_the_notices_to_the_members_pages(manager, member):
    publish_program(rules=[rule("done", "import.done", 10)])
    person = type(member).objects.get(pk=manager.session["_auth_user_id"])
    record(member=person, verb="import.done", key="mine")

    manager.post(f"{RULES}new/", cost_post(), headers={"HX-Request": "true"})

    assert person.notices.get().shown_at is None


def test_worth_is_kept_in_the_draft_and_can_be_taken_away(manager):
    publish_program(currencies=worthy("0.05"))
    page = manager.get(WORTH)
    data = {**filled(page), "amount-points": "0.0250", "amount-experience": ""}

    manager.post(WORTH, data)
    assert open_desk().document["currencies"]["points"]["worth"] == {
        "amount": "0.025",
        "currency": "TRY",
    }
    manager.post(WORTH, {**filled(manager.get(WORTH)), "amount-points": ""})

    assert "worth" not in open_desk().document["currencies"]["points"]


def test_worth_that_somebody_else_has_changed_is_told(manager):
    publish_program(currencies=worthy())
    data = filled(manager.get(WORTH))
    change_draft(rules=[rule("done", "import.done", 20)])

    html = manager.post(WORTH, {**data, "amount-points": "1"}).content.decode()

    assert "Nothing of yours is lost" in html


def test_changed_worth_stands_among_the_changes(manager):
    publish_program(currencies=worthy())
    change_draft(currencies=worthy("0.05"))

    html = manager.get("/cms/programme/").content.decode()

    assert "one of them worth 0.01 ₺" in html
    assert "one of them worth 0.05 ₺" in html
