"""Names of currencies and how long they last, edited in the draft."""

import pytest

from badges.services.programs import open_desk, publish_draft
from tests.badges.test_forecast_pages import change_draft, worthy
from tests.badges.test_program_pages import filled, staff
from tests.factories.programs import publish_program, rule, text

PAGE = "/cms/programme/currencies/"
YEAR = {"after": 365, "warn": 30, "grace": 30}


@pytest.fixture
def manager(client, commits):
    client.force_login(staff("manage_program"))
    return client


def expiring(**days):
    currencies = worthy()
    currencies["points"]["expires"] = {**YEAR, **days}
    return currencies


def send(manager, **fields):
    data = {**filled(manager.get(PAGE)), **fields}
    return manager.post(PAGE, {name.replace("__", "-"): value for name, value in data.items()})


def kept(code="points"):
    return open_desk().document["currencies"][code]


def test_expiry_is_kept_in_the_draft_and_beside_everything_else(manager):
    publish_program(currencies=worthy())

    answer = send(manager, after__points="365", warn__points="14", grace__points="0")

    assert answer.status_code == 302
    assert kept() == {
        "name": text("Points"),
        "spendable": True,
        "worth": {"amount": "0.01", "currency": "TRY"},
        "expires": {"after": 365, "warn": 14, "grace": 0},
    }
    assert kept("experience") == {"name": text("Experience"), "spendable": False}


def test_days_that_are_left_out_are_thirty(manager):
    publish_program(currencies=worthy())

    send(manager, after__points="365")

    expires = open_desk().program.currencies["points"].expires
    assert (expires.after, expires.warn, expires.grace) == (365, 30, 30)


def test_form_shows_what_is_in_force_and_takes_it_away(manager):
    publish_program(currencies=expiring(grace=7))
    shown = filled(manager.get(PAGE))
    assert (shown["after-points"], shown["warn-points"], shown["grace-points"]) == (
        "365",
        "30",
        "7",
    )

    send(manager, after__points="", warn__points="", grace__points="")

    assert "expires" not in kept()


def test_what_cannot_be_spent_has_no_expiry_to_fill_in(manager):
    publish_program(currencies=worthy())

    assert "after-experience" not in manager.get(PAGE).context["form"].fields


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        (
            {"warn__points": "14"},
            "after-points",
            "Say after how many days it expires, or leave all three empty.",
        ),
        (
            {"after__points": "10", "warn__points": "11"},
            "warn-points",
            "It cannot be announced before it is earned: at most 10 days, please.",
        ),
        (
            {"after__points": "10"},
            "warn-points",
            "It cannot be announced before it is earned: at most 10 days, please.",
        ),
        (
            {"after__points": "0"},
            "after-points",
            "Ensure this value is greater than or equal to 1.",
        ),
        ({"name_tr__points": ""}, "name_tr-points", "This field is required."),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(manager, fields, field, words):
    publish_program(currencies=worthy())

    page = send(manager, **fields)

    assert page.context["form"].errors == {field: [words]}
    assert not open_desk().is_draft


def test_names_change_and_stand_among_the_changes(manager):
    publish_program(currencies=worthy())

    send(manager, name_en__points="Shells", name_tr__points="Kabuk")

    assert kept()["name"] == {"en": "Shells", "tr": "Kabuk"}
    html = manager.get("/cms/programme/").content.decode()
    assert "Currency: Points, one of them worth 0.01 ₺" in html
    assert "Currency: Shells, one of them worth 0.01 ₺" in html


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"grace": 7}, "given back within 7 days"),
        ({"warn": 7}, "announced 7 days before"),
        ({"after": 90}, "expires after 90 days"),
    ],
)
def test_every_change_of_an_expiry_is_told_before_it_is_published(manager, changed, words):
    publish_program(currencies=expiring())
    change_draft(currencies=expiring(**changed))

    assert words in manager.get("/cms/programme/").content.decode()


def test_a_name_in_the_other_language_alone_is_told_too(manager):
    publish_program(currencies=worthy())

    send(manager, name_tr__points="Kabuk")

    assert "(names, texts or picture changed)" in manager.get("/cms/programme/").content.decode()


def test_what_somebody_else_has_changed_is_told(manager):
    publish_program(currencies=worthy())
    data = filled(manager.get(PAGE))
    change_draft(rules=[rule("done", "import.done", 20)])

    html = manager.post(PAGE, {**data, "after-points": "365"}).content.decode()

    assert "Nothing of yours is lost" in html


def test_published_expiry_holds(manager):
    publish_program(currencies=worthy())
    send(manager, after__points="365")

    version, is_new = publish_draft(by=None)

    assert is_new
    assert version.document["currencies"]["points"]["expires"]["after"] == 365
