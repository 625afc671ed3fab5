import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from badges.services.telling import describe
from community.services.ideas import post_idea, withdraw_idea
from portal.activity.services import record
from portal.notifications import services
from portal.notifications.models import Notice, Preference
from portal.notifications.toasts import described, toasts_of
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, rule, text

HTMX = {"HX-Request": "true"}


@pytest.fixture
def program():
    rules = [
        rule("shared", amount=10, name={"en": "You shared an idea", "tr": "Fikir paylaştınız"}),
        rule("shared-xp", currency="experience", amount=20),
    ]
    levels = [
        {"code": "new", "name": text("New"), "experience": 0},
        {"code": "explorer", "name": {"en": "Explorer", "tr": "Kâşif"}, "experience": 100},
    ]
    first = {"count": {"verb": "community.idea_posted"}, "at_least": 2}
    return publish_program(rules=rules, levels=levels, badges=[badge("two", first)])


def seen(html):
    """The texts of the toasts in a page or a fragment."""
    found = re.findall(r'<div class="toast .*?<button', html, flags=re.S)
    found += re.findall(r'<div class="moment".*?</div>', html, flags=re.S)
    bare = (
        re.sub(r"<button.*", "", text, flags=re.S) if "toast " in text else text for text in found
    )
    return [" ".join(re.sub(r"<[^>]*>", " ", text).split()) for text in bare]


def page(client):
    return client.get("/notifications/").content.decode()


def test_award_is_told_with_its_reason_and_the_way_to_the_next_level(member, program):
    post_idea(author=member, title="Bike racks")

    shown = toasts_of(services.claim_toasts(member=member, session="a")).award

    assert shown.points == 10
    assert shown.others == [("experience", 20)]
    assert shown.shown_reasons == [("You shared an idea", 1), ("Shared an idea", 1)]
    assert shown.progress == "80 experience to Explorer"


def test_award_that_another_browser_took_is_seen_where_it_was_earned_too(member, program):
    post_idea(author=member, title="Bike racks")
    look = {"member": member, "session": "acts"}
    services.toasts_for(**look, news=services.news_of(member))
    post_idea(author=member, title="Benches")
    taken = services.claim_toasts(member=member, session="quicker")

    shown = services.toasts_for(**look, news=services.news_of(member))
    again = services.toasts_for(**look, news=services.news_of(member))

    assert (len(taken), shown, again) == (1, taken, [])


def test_award_is_told_in_the_readers_language(member, program):
    post_idea(author=member, title="Bisiklet parkı")

    with override("tr"):
        [(_notice, words)] = described(member.notices.select_related("activity"))
        progress = words.award.progress()

    assert words.award.reasons[0] == "Fikir paylaştınız"
    assert "Kâşif" in progress


def test_toast_appears_on_one_page_only(member_client, program):
    post_idea(author=member_client.member, title="Bike racks")

    first, second = page(member_client), page(member_client)

    assert seen(first) == [
        "+10 points You shared an idea Shared an idea +20 experience 80 experience to Explorer"
    ]
    assert seen(second) == []
    assert 'data-live-seq="1"' in first


def test_several_awards_become_one_and_a_badge_has_its_moment(member_client, program):
    post_idea(author=member_client.member, title="Bike racks")
    post_idea(author=member_client.member, title="Benches")

    award, moment = seen(page(member_client))

    assert award.startswith("+20 points You shared an idea × 2")
    assert "60 experience to Explorer" in award
    assert moment == "New badge two"


def test_htmx_answer_carries_toast_balance_and_bell(member_client, program):
    post_idea(author=member_client.member, title="Bike racks")

    html = member_client.get("/notifications/", headers=HTMX).content.decode()
    again = member_client.get("/notifications/", headers=HTMX).content.decode()

    assert len(seen(html)) == 1
    assert seen(again) == []


def test_htmx_answer_to_a_change_has_out_of_band_parts(member_client, program, register):
    client, member = member_client, member_client.member
    idea = post_idea(author=member, title="Bike racks")
    page(client)
    post_idea(author=member, title="Benches")

    html = client.get("/notifications/live/?after=1", headers=HTMX).content.decode()

    assert 'hx-swap-oob="beforeend:#toasts"' in html
    assert re.search(r'<a id="points-link"[^>]*hx-swap-oob="true"', html)
    assert re.search(r'<a id="bell"[^>]*hx-swap-oob="true"', html)
    assert idea.pk


def test_fragment_that_is_only_fetched_leaves_the_award_to_the_page_that_follows(
    member_client, program
):
    post_idea(author=member_client.member, title="Bike racks")

    fragment = member_client.get("/ideas/similar/?title=Bike+racks", headers=HTMX)

    assert fragment.status_code == 200
    assert seen(fragment.content.decode()) == []
    assert len(seen(page(member_client))) == 1


def test_undoing_over_htmx_brings_the_new_balance_without_a_toast(member_client, program, settings):
    settings.ROOT_URLCONF = "tests.portal.notifications.sample_urls"
    idea = post_idea(author=member_client.member, title="Bike racks")
    page(member_client)

    html = member_client.post(f"/sample/{idea.pk}/", headers=HTMX).content.decode()

    assert html.startswith("<p>withdrawn</p>")
    assert seen(html) == ["That is gone."]
    assert re.search(r'id="points-link".*data-count="0"', html, flags=re.S)


@pytest.mark.parametrize("answer", ["redirect", "json", "hx-redirect", "error"])
def test_answers_that_htmx_does_not_swap_are_left_alone(member_client, program, settings, answer):
    settings.ROOT_URLCONF = "tests.portal.notifications.sample_urls"
    post_idea(author=member_client.member, title="Bike racks")

    response = member_client.post(f"/sample/{answer}/", headers=HTMX)

    assert b"toast" not in response.content
    assert Notice.objects.get().shown_at is None


def test_plain_answers_and_visitors_get_nothing_appended(client, member_client, settings):
    settings.ROOT_URLCONF = "tests.portal.notifications.sample_urls"

    assert member_client.post("/sample/plain/").content == b"<p>plain</p>"
    assert Client().post("/sample/plain/", headers=HTMX).content == b"<p>plain</p>"


def test_page_that_missed_notices_gets_them_by_number(member_client, program):
    post_idea(author=member_client.member, title="Bike racks")

    missed = member_client.get("/notifications/live/?after=0")
    nothing = member_client.get("/notifications/live/?after=1")

    assert (missed.status_code, missed["X-Live-Seq"]) == (200, "1")
    assert len(seen(missed.content.decode())) == 1
    assert (nothing.status_code, nothing.content) == (204, b"")


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 40, "²"])
def test_strange_numbers_mean_the_beginning(member_client, program, after):
    post_idea(author=member_client.member, title="Bike racks")

    assert member_client.get("/notifications/live/", {"after": after}).status_code == 200


def test_second_browser_shows_live_what_the_first_one_showed(member_client, program):
    other = Client()
    other.force_login(member_client.member)
    post_idea(author=member_client.member, title="Bike racks")
    page(member_client)

    live = other.get("/notifications/live/?after=0").content.decode()
    own = member_client.get("/notifications/live/?after=0").content.decode()

    assert len(seen(live)) == 1
    assert seen(own) == []
    assert seen(page(other)) == []


def test_visitor_is_asked_to_log_in(client, db):
    assert client.get("/notifications/live/").status_code == 302


def test_member_who_does_not_play_is_told_nothing_of_the_game(member_client, program):
    member_client.member.is_playing = False
    member_client.member.save(update_fields=["is_playing"])

    post_idea(author=member_client.member, title="Bike racks")
    html = page(member_client)

    assert seen(html) == []
    assert 'id="points-link"' not in html
    assert member_client.member.notices.get().is_toast is False


def test_category_switched_off_does_not_pop_up(member_client, register):
    register("sample.thing")
    services.set_preference(
        member=member_client.member,
        category="sample",
        channel=Preference.Channel.TOAST,
        is_wanted=False,
    )
    services.notify(recipient=member_client.member, kind="sample.thing")

    assert services.claim_toasts(member=member_client.member, session="a") == []


def test_the_past_is_listed_but_neither_pops_up_nor_is_new(member, program):
    at = timezone.now() - timedelta(days=40)

    record(member=member, verb="community.idea_posted", object="idea:1", occurred_at=at)

    notice = member.notices.get()
    assert (notice.is_toast, notice.created_at, notice.read_at) == (False, at, at)


def test_kind_that_fails_or_is_unknown_does_not_cost_the_page(member, register, caplog):
    def fail(notice):
        raise ValueError("broken")

    register("sample.broken", describe=fail)
    register("sample.gone", describe=lambda notice: None)
    register("sample.thing")
    for kind in ("sample.broken", "sample.gone", "sample.unknown", "sample.thing"):
        services.notify(recipient=member, kind=kind)

    found = described(member.notices.order_by("sequence"))

    assert [notice.kind for notice, _text in found] == ["sample.thing"]


def test_other_notices_have_a_toast_each(member_client, register):
    register("sample.thing", title="Your idea <b>moved</b> on")
    services.notify(recipient=member_client.member, kind="sample.thing")
    services.notify(recipient=member_client.member, kind="sample.thing")

    html = page(member_client)

    assert len(seen(html)) == 2
    assert "Your idea &lt;b&gt;moved&lt;/b&gt; on" in html


def test_same_activity_is_told_once(member, program):
    idea = post_idea(author=member, title="Bike racks")
    activity = member.activities.get()

    assert services.notify(recipient=member, kind="badges.award", activity=activity) is None
    assert member.notices.count() == 1
    withdraw_idea(idea=idea, member=member)
    assert member.notices.count() == 1


def test_numbers_follow_each_other_for_each_member(member, register):
    other = MemberFactory()
    for recipient in (member, other, member):
        services.notify(recipient=recipient, kind="sample.thing")

    assert [n.sequence for n in Notice.objects.filter(recipient=member).order_by("pk")] == [1, 2]
    assert services.news_of(other) == services.News(1, 1, True)
    assert services.news_of(MemberFactory()) == services.News()


def test_a_page_with_nothing_new_costs_one_query(member, django_assert_num_queries):
    services.notify(recipient=member, kind="sample.thing", is_toast=False)

    with django_assert_num_queries(1):
        news = services.news_of(member)

    assert (news.last_sequence, news.unread, news.has_unshown) == (1, 1, False)


def test_bell_counts_no_further_than_ten(member):
    for _number in range(12):
        services.notify(recipient=member, kind="sample.thing")

    assert services.news_of(member).unread == 10


def test_award_without_rule_names_says_what_the_member_did(member):
    publish_program(rules=[rule(amount=1)])
    post_idea(author=member, title="Bike racks")
    notice = member.notices.select_related("activity").get()
    [(_notice, words)] = described([notice])

    assert (words.title, words.body) == ("+1 point", "Shared an idea")
    assert describe(notice).url == "/points/"
