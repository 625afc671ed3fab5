from django.urls import reverse

from badges.services.programs import open_desk
from tests.badges.test_program_pages import RULES, rule_post, staff
from tests.factories.programs import publish_rule


def test_form_keeps_what_a_rule_leaves_out_and_keeps_back(client, commits):
    client.force_login(staff("manage_program"))
    gates = {"exclude": ["staff", "own"], "hold_hours": 48}
    gates["hold_until"] = "community.idea_planned"

    client.post(f"{RULES}new/", rule_post(**gates))

    (kept,) = open_desk().document["rules"]
    assert kept["exclude"] == ["staff", "own"]
    assert kept["hold"] == {"hours": 48, "until": "community.idea_planned"}


def test_form_shows_what_the_rule_in_force_says(client, commits):
    publish_rule(code="ideas", exclude=["bots"], hold={"until": "import.accepted"})
    client.force_login(staff("manage_program"))

    page = client.get(reverse("programme:rule_edit", args=["ideas"]))

    form = page.context["form"]
    assert form["exclude"].value() == ["bots"]
    assert form["hold_until"].value() == "import.accepted"
    assert "kept back until: import.accepted" in page.content.decode()


def test_form_keeps_what_newcomers_wait_for(client, commits):
    client.force_login(staff("manage_program"))

    client.post(f"{RULES}new/", rule_post(newcomer_days=7, newcomer_beyond=100))

    (kept,) = open_desk().document["rules"]
    assert kept["hold"] == {"newcomers": {"days": 7, "beyond": 100}}
    form = client.get(reverse("programme:rule_edit", args=["ideas"])).context["form"]
    assert (form["newcomer_days"].value(), form["newcomer_beyond"].value()) == (7, 100)


def test_new_rule_begins_with_gates_and_a_daily_limit(client, commits):
    """A rule that somebody makes in a hurry cannot be farmed."""
    client.force_login(staff("manage_program"))

    context = client.get(f"{RULES}new/").context

    form, limits = context["form"], context["limits"]
    assert form["exclude"].value() == ["bots"]
    assert (form["newcomer_days"].value(), form["newcomer_beyond"].value()) == (7, 100)
    assert [one["number"].value() for one in limits] == [10, None, None]
    assert (limits[0]["measure"].value(), limits[0]["per"].value()) == ("times", "day")


def test_rule_that_exists_is_shown_without_what_new_ones_begin_with(client, commits):
    publish_rule(code="ideas")
    client.force_login(staff("manage_program"))

    context = client.get(reverse("programme:rule_edit", args=["ideas"])).context

    assert context["form"]["exclude"].value() == []
    assert context["form"]["newcomer_days"].value() is None
    assert [one["number"].value() for one in context["limits"]] == [None, None]
