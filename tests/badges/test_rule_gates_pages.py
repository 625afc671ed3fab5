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
