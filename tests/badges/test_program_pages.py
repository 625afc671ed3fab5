from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from badges.models import BadgeAward, ProgramVersion, Transfer
from badges.services.books import balance
from badges.services.programs import open_desk
from portal.notifications.models import Notice
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, publish_rule, rule, text

RULES = "/cms/programme/rules/"
BADGES = "/cms/programme/badges/"


def staff(*codenames):
    member = MemberFactory(time_zone="UTC")
    known = Permission.objects.filter(codename__in=["access_admin", *codenames])
    member.user_permissions.set(known)
    return member


@pytest.fixture
def manager(client, commits):
    client.force_login(staff("manage_program"))
    return client


def rule_post(**fields):
    data = {
        "code": "ideas",
        "verbs": ["community.idea_posted"],
        "award-points": 10,
        "way-points": "amount",
        "way-experience": "amount",
        "once_per": "activity",
        "limits-TOTAL_FORMS": 0,
        "limits-INITIAL_FORMS": 0,
    }
    return {**data, "mark": open_desk().mark, **fields}


def badge_post(**fields):
    data = {
        "code": "sharer",
        "name_en": "Sharer",
        "name_tr": "Paylaşan",
        "tier": "silver",
        "shape": "hexagon",
        "icon": "bulb",
        "colour": "amber",
        "glue": "all",
        "lines-TOTAL_FORMS": 1,
        "lines-INITIAL_FORMS": 0,
        "lines-0-kind": "count",
        "lines-0-at_least": 3,
        "lines-0-verbs": ["community.idea_posted"],
    }
    return {**data, "mark": open_desk().mark, **fields}


def test_programme_is_only_for_those_who_may_manage_it(client, member, commits):
    address = reverse("programme:overview")
    visitor = client.get(address)
    client.force_login(member)
    as_member = client.get(address)
    client.force_login(staff())
    as_editor = client.get(address)

    assert [visitor.status_code, as_member.status_code, as_editor.status_code] == [302, 302, 302]
    assert "login" in visitor.url
    assert as_editor.url == reverse("wagtailadmin_home")


def test_every_page_of_the_programme_refuses_an_editor(client, commits):
    publish_program(
        rules=[rule()],
        badges=[badge("b", {"count": {"verb": "community.idea_posted"}, "at_least": 1})],
    )
    client.force_login(staff())
    home = reverse("wagtailadmin_home")
    names = ["overview", "draft_publish", "draft_discard", "rule_list", "rule_add", "badge_list"]
    names += ["badge_add", "level_list", "season_list", "version_list", "award_list"]
    addresses = [reverse(f"programme:{name}") for name in names]
    addresses += [f"{RULES}rule/edit/", f"{RULES}rule/remove/", f"{BADGES}b/edit/"]
    addresses += [
        f"{BADGES}b/remove/",
        "/cms/programme/history/1/",
        "/cms/programme/awards/1/revoke/",
    ]

    assert {client.get(address).url for address in addresses} == {home}
    assert {client.post(address).url for address in addresses} == {home}
    assert client.post("/cms/programme/history/1/use/").url == home
    assert not ProgramVersion.objects.filter(status="draft").exists()


def test_new_rule_pays_after_it_is_published(manager, commits):
    post = rule_post(name_en="You shared an idea", name_tr="Bir fikir paylaştınız")
    answer = manager.post(f"{RULES}new/", post)
    assert answer.url == RULES
    author = MemberFactory()
    visit = Client()
    visit.force_login(author)
    idea = {"title": "Bike racks", "body": "By the gate."}
    visit.post(reverse("community:idea_new"), idea)
    assert balance(member=author, currency="points") == 0

    page = manager.get(reverse("programme:draft_publish"))
    assert "10 points" in page.content.decode()
    mark = open_desk().mark
    manager.post(reverse("programme:draft_publish"), {"mark": mark, "note": "Ideas count"})
    visit.post(reverse("community:idea_new"), {**idea, "title": "Benches"})

    version = ProgramVersion.objects.get()
    assert (version.status, version.note, version.number) == ("published", "Ideas count", 1)
    assert balance(member=author, currency="points") == 10


def test_rule_form_keeps_everything_that_it_shows(manager):
    full = rule(
        "full",
        ["community.idea_posted", "import.answer_voted"],
        award=[{"currency": "points", "amount": 5}, {"currency": "experience", "per_value": 2}],
        name=text("Full"),
        when={
            "value": {"at_least": 1, "at_most": 9},
            "object": {"prefix": "idea:"},
            "member": {"role": ["member"], "level": ["newcomer"]},
            "first_time": False,
        },
        once_per="day",
        limit=[{"times": 3, "per": "day"}, {"amount": 50, "per": "ever"}],
        starts_at="2026-01-01T00:00:00Z",
        ends_at="2026-12-31T00:00:00Z",
        budget=1000,
        holdout=10,
    )
    levels = [{"code": "newcomer", "name": text("Newcomer"), "experience": 0}]
    version = publish_program(rules=[full], levels=levels)
    page = manager.get(f"{RULES}full/edit/")

    answer = manager.post(f"{RULES}full/edit/", filled(page))

    assert answer.status_code == 302
    assert open_desk().document == version.document


def test_badge_form_keeps_every_guided_criterion(manager):
    verb = "community.idea_posted"
    criteria = {
        "any": [
            {"count": {"verb": [verb], "per": "object", "within": 7}, "at_least": 2},
            {"sum": {"verb": ["import.voted"], "value": {"at_least": 1}}, "at_least": 5},
            {"distinct": {"verb": [verb], "object": {"prefix": "idea:"}}, "at_least": 3},
            {"streak": {"verb": [verb], "grace": 1}, "at_least": 7},
            {"balance": "experience", "at_least": 100},
            {"badge": "other"},
        ]
    }
    other = badge("other", {"count": {"verb": [verb]}, "at_least": 1})
    version = publish_program(badges=[other, badge("rich", criteria, repeatable=True)])
    page = manager.get(f"{BADGES}rich/edit/")

    answer = manager.post(f"{BADGES}rich/edit/", filled(page))

    picture = {"shape": "circle", "icon": "star", "colour": "teal"}
    assert answer.status_code == 302
    assert open_desk().document == version.document
    assert page.context["badge"].picture.model_dump() == picture


def test_nested_criterion_is_shown_in_words_and_left_as_it_is(manager):
    part = {"count": {"verb": ["community.idea_posted"]}, "at_least": 1}
    nested = {"all": [part, {"any": [part, {"balance": "points", "at_least": 50}]}]}
    publish_program(badges=[badge("nested", nested)])
    page = manager.get(f"{BADGES}nested/edit/")
    data = {**filled(page), "name_en": "Renamed"}

    manager.post(f"{BADGES}nested/edit/", data)

    assert "reach 50 points" in page.content.decode()
    kept = open_desk().program.badges_by_code["nested"]
    assert kept.name.en == "Renamed"
    assert open_desk().document["badges"][0]["criterion"] == nested


def test_new_badge_is_kept_in_the_draft_with_its_picture(manager):
    manager.post(f"{BADGES}new/", badge_post())

    kept = open_desk().program.badges_by_code["sharer"]
    assert kept.picture.model_dump() == {"shape": "hexagon", "icon": "bulb", "colour": "amber"}
    assert kept.criterion.at_least == 3
    assert "Sharer" in manager.get(BADGES).content.decode()


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"verbs": []}, "Choose at least one activity."),
        ({"award-points": ""}, "Say what it earns: at least 1."),
        ({"code": "Not a code"}, "Use lower-case words joined by hyphens."),
        ({"code": "taken"}, "Another one has this code already."),
        ({"name_en": "Only English"}, "Please say it in this language, too."),
        ({"import_verbs": "community.x"}, "does not begin with"),
        ({"starts_at": "2026-03-02", "ends_at": "2026-03-01"}, "It must end after it begins."),
    ],
)
def test_wrong_rule_is_refused_in_words_and_nothing_is_kept(manager, fields, words):
    publish_rule(code="taken")
    answer = manager.post(f"{RULES}new/", rule_post(**fields))

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not open_desk().is_draft


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"lines-0-kind": ""}, "Say what the badge asks for"),
        ({"lines-0-at_least": ""}, "Say how many or how much"),
        ({"lines-0-verbs": []}, "Choose at least one activity."),
        ({"lines-0-kind": "badge"}, "Choose the badge that must be held."),
        ({"repeatable": "on"}, "No criterion here is"),
        ({"name_tr": ""}, "This field is required."),
    ],
)
def test_wrong_badge_is_refused_in_words_and_nothing_is_kept(manager, fields, words):
    answer = manager.post(f"{BADGES}new/", badge_post(**fields))

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not open_desk().is_draft


def test_preview_shows_the_sentence_and_keeps_nothing(manager):
    answer = manager.post(f"{RULES}new/", rule_post(preview="1", once_per="day"))

    assert "10 points, once a day" in answer.content.decode()
    assert not open_desk().is_draft


def test_second_editor_is_told_and_keeps_what_they_wrote(manager):
    mine = rule_post(code="mine")
    manager.post(f"{RULES}new/", rule_post(code="theirs"))
    refused = manager.post(f"{RULES}new/", mine)

    html = refused.content.decode()
    assert "Nothing of yours is lost" in html
    assert 'value="mine"' in html
    assert list(open_desk().program.rules_by_code) == ["theirs"]

    manager.post(f"{RULES}new/", {**mine, "mark": refused.context["mark"]})
    assert list(open_desk().program.rules_by_code) == ["theirs", "mine"]


def test_draft_that_changed_since_it_was_looked_at_is_not_published(manager):
    manager.post(f"{RULES}new/", rule_post(code="one"))
    seen = open_desk().mark
    manager.post(f"{RULES}new/", rule_post(code="two"))

    answer = manager.post(reverse("programme:draft_publish"), {"mark": seen, "note": ""})

    assert "Somebody else has changed the draft since" in answer.content.decode()
    assert not ProgramVersion.objects.published().exists()


def test_published_code_stays(manager):
    publish_rule(code="fixed")
    data = {**filled(manager.get(f"{RULES}fixed/edit/")), "code": "renamed", "award-points": 7}

    manager.post(f"{RULES}fixed/edit/", data)

    assert open_desk().program.rules_by_code["fixed"].award[0].amount == 7


def test_removed_rule_stops_earning_once_published(manager):
    publish_rule(code="old")
    manager.post(f"{RULES}old/remove/", {"mark": open_desk().mark})
    page = manager.get(reverse("programme:overview")).content.decode()
    manager.post(reverse("programme:draft_publish"), {"mark": open_desk().mark})

    assert "Removed" in page
    assert ProgramVersion.objects.current()[1].rules == []


def test_badge_that_another_one_needs_is_not_removed(manager):
    needed = badge("needed", {"count": {"verb": "community.idea_posted"}, "at_least": 1})
    publish_program(badges=[needed, badge("needing", {"badge": "needed"})])
    answer = manager.post(f"{BADGES}needed/remove/", {"mark": open_desk().mark})

    assert "Other badges ask for it: needing." in answer.content.decode()
    assert not open_desk().is_draft


def test_levels_are_kept_in_order_and_a_threshold_is_used_once(manager):
    address = reverse("programme:level_list")
    data = {"levels-TOTAL_FORMS": 2, "levels-INITIAL_FORMS": 0}
    for n, (code, experience) in enumerate([("explorer", 100), ("newcomer", 0)]):
        line = {"code": code, "name_en": code, "name_tr": code, "experience": experience}
        data |= {f"levels-{n}-{key}": value for key, value in line.items()}

    doubled = manager.post(address, {**data, "levels-0-experience": 0, "mark": open_desk().mark})
    assert "Another one has this already." in doubled.content.decode()
    manager.post(address, {**data, "mark": open_desk().mark})

    assert [level.code for level in open_desk().program.levels] == ["newcomer", "explorer"]


def test_level_that_a_rule_asks_for_is_not_removed(manager):
    level = {"code": "newcomer", "name": text("Newcomer"), "experience": 0}
    asking = rule(name=text("Early"), when={"member": {"level": ["newcomer"]}})
    publish_program(rules=[asking], levels=[level])
    address = reverse("programme:level_list")
    data = {**filled(manager.get(address)), "levels-0-DELETE": "on"}

    answer = manager.post(address, data)

    assert "asks for a level that you remove" in answer.content.decode()
    assert not open_desk().is_draft


def test_seasons_are_kept(manager):
    line = {"code": "spring", "name_en": "Spring", "name_tr": "Bahar"}
    line |= {"starts_on": "2026-03-01", "ends_on": "2026-05-31"}
    data = {f"seasons-0-{key}": value for key, value in line.items()}
    data |= {"seasons-TOTAL_FORMS": 1, "seasons-INITIAL_FORMS": 0, "mark": open_desk().mark}

    manager.post(reverse("programme:season_list"), data)

    assert [season.code for season in open_desk().program.seasons] == ["spring"]


def test_discarded_draft_leaves_what_is_in_force(manager):
    publish_rule(code="kept")
    manager.post(f"{RULES}new/", rule_post(code="gone"))
    manager.get(reverse("programme:draft_discard"))
    manager.post(reverse("programme:draft_discard"), {"mark": open_desk().mark})

    assert list(open_desk().program.rules_by_code) == ["kept"]
    assert not open_desk().is_draft


def test_history_tells_what_each_version_changed_and_an_old_one_becomes_the_draft(manager):
    publish_rule(code="first", amount=10, name=text("First"))
    publish_rule(code="first", amount=20, name=text("First"))
    page = manager.get(reverse("programme:version_list")).content.decode()
    detail = manager.get("/cms/programme/history/1/").content.decode()
    manager.post("/cms/programme/history/1/use/", {"mark": open_desk().mark})

    assert "10 points</del>" in page
    assert "20 points</ins>" in page
    assert "Idea posted: 10 points" in detail or "10 points" in detail
    assert open_desk().program.rules[0].award[0].amount == 10


def paid(member, code, amount):
    from badges.services.books import Book
    from portal.activity.services import record

    activity = record(member=member, verb="import.paid", object=f"x:{code}-{member.pk}")
    _version, program = ProgramVersion.objects.current()
    book = Book([member.pk], ["points"])
    book.award(
        activity=activity,
        currency="points",
        amount=amount,
        rule_code=code,
        version=None,
        program=program,
    )
    book.write()


@pytest.mark.parametrize("number", [1, 3])
def test_overview_takes_the_same_queries_for_one_rule_and_for_three(
    manager, number, django_assert_num_queries
):
    codes = [f"rule-{n}" for n in range(number)]
    publish_program(rules=[rule(code, name=text(code), budget=100) for code in codes])
    for code in codes:
        paid(MemberFactory(), code, 10)
    manager.post(f"{RULES}new/", rule_post(code="draft"))
    address = reverse("programme:overview")
    manager.get(address)

    with django_assert_num_queries(OVERVIEW_QUERIES):
        html = manager.get(address).content.decode()

    assert all(code in html for code in codes)


OVERVIEW_QUERIES = 19


def test_overview_counts_only_the_last_seven_days(manager, member):
    publish_rule(code="ideas", name=text("Ideas"))
    paid(member, "ideas", 10)
    page = manager.get(reverse("programme:overview"))
    assert page.context["paid"] == [{"name": "Ideas", "unit": "Points", "amount": 10, "times": 1}]
    transfer = Transfer.objects.get()

    from badges.services.costs import paid_by_rule

    assert paid_by_rule(days=7) != []
    assert transfer.counted_at > timezone.now() - timedelta(days=1)
    assert paid_by_rule(days=0) == []


def test_award_is_taken_back_once_with_a_reason_that_the_holder_reads(manager, member):
    from portal.activity.services import record

    criterion = {"count": {"verb": "import.done"}, "at_least": 1}
    publish_program(badges=[badge("doer", criterion)])
    record(member=member, verb="import.done", object="x:1")
    award = BadgeAward.objects.get()
    address = reverse("programme:award_revoke", args=[award.pk])

    assert (
        "doer"
        in manager.get(reverse("programme:award_list"), {"q": member.handle}).content.decode()
    )
    assert manager.post(address, {"reason": ""}).status_code == 200
    manager.post(address, {"reason": "Given by mistake"})
    assert manager.post(address, {"reason": "Again"}).status_code == 404

    notice = Notice.objects.get(kind="badges.revoked")
    award.refresh_from_db()
    assert award.revoked_reason == "Given by mistake"
    assert notice.recipient == member
    from portal.notifications.registry import kind_of

    words = kind_of("badges.revoked").describe(notice)
    assert words.title == "Your badge “doer” was taken back"
    assert words.body == "Given by mistake"


def test_dashboard_tells_managers_about_drafts_and_budgets_and_nobody_else(manager):
    from badges.models import BudgetUse

    publish_program(rules=[rule("spring", name=text("Spring"), budget=100)])
    BudgetUse.objects.create(rule_code="spring", currency="points", used=82)
    manager.post(f"{RULES}new/", rule_post(code="new"))
    home = reverse("wagtailadmin_home")

    html = manager.get(home).content.decode()
    assert "Budget of “Spring” at 82 %" in html
    assert "A draft of the programme waits to be published" in html
    editor = Client()
    editor.force_login(staff())
    assert "Budget of" not in editor.get(home).content.decode()


def filled(page):
    """What the browser would send back from a form page as it was shown."""
    data = {"mark": page.context["mark"]}
    for name in ("form", "limits", "lines"):
        shown = page.context.get(name)
        forms = [shown] if shown else []
        if hasattr(shown, "management_form"):
            forms = [shown.management_form, *shown.forms]
        for field in (field for form in forms for field in form):
            value = field.value()
            if not isinstance(value, list | bool):
                value = field.field.widget.format_value(value)
            if value not in (None, False):
                data[field.html_name] = value
    return data


def test_cms_speaks_the_managers_language_and_keeps_their_time(manager):
    turkish = staff("manage_program")
    turkish.language, turkish.time_zone = "tr", "Europe/Istanbul"
    turkish.save(update_fields=["language", "time_zone"])
    visit = Client()
    visit.force_login(turkish)
    post = rule_post(starts_at="2026-03-02 12:00")

    page = visit.get(f"{RULES}new/").content.decode()
    visit.post(f"{RULES}new/", post)

    assert "Yeni kural" in page
    assert open_desk().document["rules"][0]["starts_at"] == "2026-03-02T09:00:00Z"


def test_menu_shows_the_programme_only_to_those_who_manage_it(manager):
    home = reverse("wagtailadmin_home")
    editor = Client()
    editor.force_login(staff())

    assert reverse("programme:rule_list") in manager.get(home).content.decode()
    assert reverse("programme:rule_list") not in editor.get(home).content.decode()


def test_badge_form_shows_the_file_that_will_be_shared(manager):
    publish_program(badges=[badge("first", {"count": {"verb": "import.done"}, "at_least": 1})])
    page = manager.get(f"{BADGES}first/edit/").content.decode()

    plain = manager.get(f"{BADGES}picture.png?shape=circle&icon=star&tier=bronze&colour=teal")
    gold = manager.get(f"{BADGES}picture.png?tier=gold")
    unknown = manager.get(f"{BADGES}picture.png?shape=cloud&icon=..%2F..&tier=tin&colour=pink")

    assert "picture.png?shape=circle&amp;tier=bronze&amp;icon=star&amp;colour=teal" in page
    assert plain["Content-Type"] == "image/png"
    assert plain.content != gold.content
    assert unknown.content == plain.content
