import pytest
from django.utils.translation import override

from community.services.answers import answer_idea
from community.services.comments import edit_comment, post_comment, withdraw_comment
from community.services.ideas import edit_idea, post_idea, withdraw_idea
from community.services.moderation import hide_thing, unhide_thing
from community.services.votes import cast_vote
from portal.notifications.mails import compose
from portal.notifications.registry import kind_of
from tests.factories.members import MemberFactory
from tests.factories.staff import manager, moderator


def told(member):
    return [notice.kind for notice in member.notices.order_by("sequence")]


def words(notice):
    return kind_of(notice.kind).describe(notice)


@pytest.fixture
def idea(member):
    return post_idea(author=member, title="Bike racks")


def test_everybody_concerned_is_told_once_for_one_reason(idea, member):
    first, second = MemberFactory(name="Ada"), MemberFactory(name="Deniz", handle="deniz")
    asked = post_comment(idea=idea, author=first, body="How many? @deniz")

    answer = post_comment(idea=idea, author=member, body=f"Ten, @{first.handle}", parent=asked)
    edit_comment(comment=answer, member=member, body=f"Ten, @{first.handle} and @deniz")

    assert told(member) == ["community.commented"]
    assert told(first) == ["community.answered"]
    assert told(second) == ["community.mentioned", "community.mentioned"]
    text = words(member.notices.get())
    assert (text.title, text.body) == (
        "Ada commented on your idea “Bike racks”",
        "How many? @deniz",
    )
    assert text.url == asked.get_absolute_url()
    assert words(first.notices.get()).title == (
        f"{member.name} answered your comment on “Bike racks”"
    )


def test_members_named_in_an_idea_are_told_once(member):
    named = MemberFactory(handle="deniz")
    idea = post_idea(author=member, title="Bike racks", body="@deniz @" + member.handle)

    edit_idea(idea=idea, member=member, title="Racks", body="@deniz!", category=None)

    assert (told(named), told(member)) == (["community.mentioned"], [])
    assert words(named.notices.get()).title == f"{member.name} mentioned you in the idea “Racks”"
    withdraw_idea(idea=idea, member=member)
    assert words(named.notices.get()).title == "An idea that is no longer there"


def test_notice_of_a_withdrawn_comment_says_so(idea, member):
    other = MemberFactory()
    comment = post_comment(idea=idea, author=other, body="x")
    withdraw_comment(comment=comment, member=other)

    text = words(member.notices.get())

    assert (text.title, text.url) == ("A comment that is no longer there", "")


def test_status_is_told_to_the_author_and_to_voters_in_their_words(idea, member):
    voter = MemberFactory()
    cast_vote(idea=idea, member=voter)

    answer_idea(idea=idea, status="planned", response="In **spring**.", by=manager())

    own, others = words(member.notices.get()), words(voter.notices.get())
    assert own.title == "Your idea “Bike racks” is now: Planned"
    assert others.title == "“Bike racks”, which you voted for, is now: Planned"
    assert (own.body, own.url) == ("In spring.", idea.get_absolute_url())
    assert kind_of("community.idea_status").email == "idea_status"
    withdraw_idea(idea=idea, member=member)
    assert words(voter.notices.get()).title == "An idea that is no longer there"


def test_author_reads_why_something_was_hidden_and_that_it_is_back(idea, member):
    judge = moderator()
    comment = post_comment(idea=idea, author=member, body="x")
    for thing in (idea, comment):
        hide_thing(thing=thing, moderator=judge, reason="Advertising")
        unhide_thing(thing=thing, moderator=judge)

    texts = [words(notice) for notice in member.notices.order_by("sequence")]

    assert [text.title for text in texts] == [
        "A moderator hid your idea “Bike racks”",
        "Your idea “Bike racks” is shown again",
        "A moderator hid your comment on “Bike racks”",
        "Your comment on “Bike racks” is shown again",
    ]
    assert texts[0].body == "Reason: Advertising. You can object on its page."
    assert texts[2].url == comment.get_absolute_url()


def test_notice_of_a_decision_that_is_gone_still_has_words(idea, member):
    hide_thing(thing=idea, moderator=moderator(), reason="Advertising")
    notice = member.notices.get()
    notice.payload = {"action": 0}

    titles = [words(notice).title]
    notice.kind = "community.restored"
    titles.append(words(notice).title)

    assert titles == ["A decision about something that is no longer there"] * 2


def test_notices_are_told_in_the_readers_language(idea, member):
    post_comment(idea=idea, author=MemberFactory(name="Ada"), body="x")

    with override("tr"):
        title = words(member.notices.get()).title

    assert title == "Ada, “Bike racks” fikrinize yorum yaptı"


@pytest.mark.parametrize(("language", "status"), [("en", "Planned"), ("tr", "Planlandı")])
def test_mail_of_a_new_status_quotes_the_official_answer(idea, member, language, status):
    voter = MemberFactory(language=language)
    cast_vote(idea=idea, member=voter)
    member.language = language
    member.save()
    boss = manager()
    answer_idea(idea=idea, status="planned", response="In *spring* & early", by=boss)

    mails = [compose(one.notices.get(kind="community.idea_status")) for one in (member, voter)]

    for mail in mails:
        assert [part in mail.text for part in ("Bike racks", f"[{status}]")] == [True, True]
        assert f"> In spring & early\n> {boss.name}, " in mail.text
        assert f">{status}</span>" in mail.html
        assert "In spring &amp; early" in mail.html
    assert mails[0].text != mails[1].text


def test_mail_of_a_new_status_without_words_has_no_quotation(idea, member):
    answer_idea(idea=idea, status="planned", by=manager())

    mail = compose(member.notices.get(kind="community.idea_status"))

    assert ["blockquote" in mail.html, "\n>" in mail.text] == [False, False]
