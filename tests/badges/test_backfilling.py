import pytest

from badges.models import Application, BadgeAward, ProgramVersion, Transfer
from badges.services.backfilling import preview, publish_and_give
from badges.services.programs import DraftConflictError, keep_draft, open_desk
from badges.services.replaying import replay
from badges.services.verification import verify
from portal.activity.services import record, reverse
from portal.notifications.models import Notice
from tests.badges.test_program_pages import staff
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, rule

pytestmark = [pytest.mark.usefixtures("commits"), pytest.mark.django_db]
DONE = "import.done"
PUBLISH = "/cms/programme/publish/"


def counted(code, times):
    return badge(code, {"count": {"verb": DONE}, "at_least": times})


def do(member, times):
    return [record(member=member, verb=DONE, key=f"{member.pk}-{n}") for n in range(times)]


def draft(*badges, rules=()):
    document = {**open_desk().document, "badges": list(badges), "rules": list(rules)}
    return keep_draft(document=document, mark="")


def held(member):
    awards = BadgeAward.objects.of(member)
    return sorted(awards.values_list("badge_code", flat=True))


def seen():
    _pk, program = ProgramVersion.objects.current()
    due = preview(former=program, program=open_desk().program)
    return [(one.badge.code, one.members, one.names) for one in due]


def test_preview_says_who_gets_what_and_writes_nothing():
    publish_program()
    often, once = MemberFactory(name="Ada"), MemberFactory(name="Bora")
    do(often, 3)
    do(once, 1)
    draft(counted("one", 1), counted("three", 3), counted("nine", 9))

    assert seen() == [("one", 2, ["Ada", "Bora"]), ("three", 1, ["Ada"]), ("nine", 0, [])]
    assert BadgeAward.objects.count() == 0


def test_what_is_given_is_what_was_seen_and_each_member_is_told_once():
    publish_program()
    member, other = MemberFactory(), MemberFactory()
    do(member, 3)
    do(other, 1)
    draft(counted("one", 1), counted("two", 2), counted("three", 3))

    _version, _is_new, given = publish_and_give(by=staff("manage_program"), gives=True)

    assert (held(member), held(other)) == (["one", "three", "two"], ["one"])
    assert given.summary["badges"] == 4
    assert sorted(Notice.objects.values_list("recipient", flat=True)) == [member.pk, other.pk]
    assert verify() == list(replay()) == []


def test_rules_of_the_draft_pay_nothing_for_the_past():
    publish_program()
    do(MemberFactory(), 1)
    draft(counted("one", 1), rules=[rule("done", DONE, 10)])

    publish_and_give(by=staff("manage_program"), gives=True)

    assert Transfer.objects.count() == 0


def test_old_badges_and_undone_deeds_bring_nothing():
    publish_program(badges=[counted("old", 5)])
    member = MemberFactory()
    do(member, 2)
    undone = MemberFactory()
    reverse(do(undone, 1)[0])
    draft(counted("old", 2))

    assert seen() == []
    _version, _is_new, given = publish_and_give(by=staff("manage_program"), gives=True)
    assert (given, held(member)) == (None, [])


def test_without_being_asked_badges_come_with_what_is_done_next():
    publish_program()
    member = MemberFactory()
    do(member, 2)
    draft(counted("one", 1))

    publish_and_give(by=staff("manage_program"))
    assert (held(member), Application.objects.count()) == ([], 0)
    record(member=member, verb=DONE, key="next")

    assert held(member) == ["one"]


def test_badges_that_ask_for_badges_come_too():
    publish_program(badges=[counted("one", 1)])
    member = MemberFactory()
    do(member, 2)
    both = badge("both", {"all": [{"badge": "one"}, {"count": {"verb": DONE}, "at_least": 2}]})
    draft(counted("one", 1), both)

    publish_and_give(by=staff("manage_program"), gives=True)

    assert held(member) == ["both", "one"]


def test_an_overtaken_draft_publishes_and_gives_nothing():
    publish_program()
    do(MemberFactory(), 1)
    draft(counted("one", 1))

    with pytest.raises(DraftConflictError):
        publish_and_give(by=staff("manage_program"), mark="draft-0-0", gives=True)

    assert BadgeAward.objects.count() == 0


def test_publishing_shows_the_preview_and_gives_when_asked(client):
    publish_program()
    member = MemberFactory(name="Ada")
    do(member, 1)
    draft(counted("one", 1))
    client.force_login(staff("manage_program"))

    page = client.get(PUBLISH).content.decode()
    done = client.post(PUBLISH, {"mark": open_desk().mark, "gives": "on"}, follow=True)

    assert "Who has earned the new badges already" in page
    assert "1 member" in page
    assert "(Ada)" in page
    assert "1 badge was given." in done.content.decode()
    assert held(member) == ["one"]


def test_publishing_without_new_badges_asks_nothing(client):
    publish_program()
    draft(rules=[rule("done", DONE, 10)])
    client.force_login(staff("manage_program"))

    assert "new badges" not in client.get(PUBLISH).content.decode()
