import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.images.models import Filter
from wagtail.images.tests.utils import get_test_image_file

from badges.models import Redemption, Reward, RewardCode, RewardUse
from badges.services.books import balance
from badges.services.fulfilling import mark_given, return_redemption, show_code
from badges.services.verification import verify
from portal.accounts.registry import erasers, exporters
from portal.cms.models import PortalImage, PortalRendition
from portal.notifications import mails
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program
from tests.factories.rewards import (
    bought,
    give_points,
    make_pool,
    make_reward,
    rich_member,
)
from tests.factories.staff import staff_with

LIST = "/rewards/"
CMS = "/cms/programme/"
MANAGE = "badges.manage_reward"

pytestmark = pytest.mark.usefixtures("commits")


@pytest.fixture
def rich_client(member_client):
    give_points(member_client.member, 500)
    return member_client


@pytest.fixture
def desk(client):
    client.member = staff_with(MANAGE)
    client.force_login(client.member)
    return client


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def ask(reward, key=None, price=None):
    return {"key": str(key or uuid4()), "price": price or reward.price}


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def test_list_puts_what_is_within_reach_first_and_says_how_far_the_rest_is(rich_client):
    make_reward(name_en="Tent", price=620)
    make_reward(name_en="Mug", price=450)
    make_reward(name_en="Sticker", price=20, stock=3)

    said = text_of(rich_client.get(LIST))

    assert said.index("Yours now") < said.index("Sticker") < said.index("Mug")
    assert said.index("Mug") < said.index("Not far") < said.index("Tent")
    assert "120 points to go" in said
    assert "3 left" in said


def test_visitors_see_what_there_is_and_the_way_in(client):
    make_reward(name_en="Mug")

    page = client.get(LIST)

    assert "Mug" in text_of(page)
    assert "to go" not in text_of(page)
    assert "/accounts/signup/" in page.content.decode()


def test_an_empty_list_says_what_happens_next(member_client):
    assert "Your points wait for them." in text_of(member_client.get(LIST))


def test_archived_and_closed_rewards_show_only_to_those_who_have_them(rich_client, client):
    reward = make_reward(name_en="Mug")
    bought(reward, rich_client.member)
    other = make_reward(closes_at=timezone.now() - timedelta(days=1))
    Reward.objects.filter(pk=reward.pk).update(is_archived=True)
    detail = reverse("badges:reward_detail", args=[reward.pk])

    mine, gone = rich_client.get(detail), rich_client.get(f"{LIST}{other.pk}/")
    rich_client.force_login(MemberFactory())

    assert (mine.status_code, gone.status_code) == (200, 404)
    assert "no longer on offer" in text_of(mine)
    assert rich_client.get(detail).status_code == 404


def test_redeeming_states_price_and_balance_first_and_then_offers_the_way_back(rich_client):
    reward = make_reward(name_en="Mug", price=120)
    address = reverse("badges:reward_redeem", args=[reward.pk])

    confirmation = rich_client.get(address)
    key = re.search(r'name="key" value="([^"]+)"', confirmation.content.decode())[1]
    done = rich_client.post(address, ask(reward, key), follow=True)
    again = rich_client.post(address, ask(reward, key), follow=True)

    said = text_of(confirmation)
    assert "Redeem for 120 points" in said
    assert "Your balance afterwards 380" in said
    assert messages_of(done) == ["Mug is yours. Enjoy it!"]
    assert 'data-undo="10"' in done.content.decode()
    assert again.status_code == 200
    assert balance(member=rich_client.member, currency="points") == 380
    assert verify() == []


def test_what_cannot_be_redeemed_is_refused_in_words(rich_client):
    dear, mug = make_reward(price=900), make_reward(price=100)

    page = rich_client.get(reverse("badges:reward_redeem", args=[dear.pk]))
    sent = rich_client.post(reverse("badges:reward_redeem", args=[dear.pk]), ask(dear), follow=True)
    cheaper = rich_client.post(
        reverse("badges:reward_redeem", args=[mug.pk]), ask(mug, price=1), follow=True
    )
    empty = rich_client.post(reverse("badges:reward_redeem", args=[mug.pk]))

    assert "400 points to go" in text_of(page)
    assert messages_of(sent) == ["400 points to go"]
    assert messages_of(cheaper) == ["The price has changed in the meantime. Look at it again."]
    assert empty.status_code == 200
    assert not Redemption.objects.exists()


def test_taking_it_back_in_time_and_too_late(rich_client):
    reward = make_reward()
    first, second = bought(reward, rich_client.member), bought(reward, rich_client.member)
    Redemption.objects.filter(pk=second.pk).update(
        redeemed_at=timezone.now() - timedelta(minutes=1)
    )

    back = rich_client.post(reverse("badges:redemption_cancel", args=[first.pk]), follow=True)
    late = rich_client.post(reverse("badges:redemption_cancel", args=[second.pk]), follow=True)

    assert messages_of(back) == ["Taken back: your points are yours again."]
    assert messages_of(late) == ["The ten seconds are over. Write to us if you need to return it."]
    assert balance(member=rich_client.member, currency="points") == 400


def test_the_code_shows_when_it_is_asked_for(rich_client):
    reward = make_pool("KIYI-1")
    redemption = bought(reward, rich_client.member)
    detail = reverse("badges:reward_detail", args=[reward.pk])

    before = text_of(rich_client.get(detail))
    after = rich_client.post(reverse("badges:redemption_code", args=[redemption.pk]), follow=True)
    none = rich_client.post(
        reverse("badges:redemption_code", args=[bought(make_reward(), rich_client.member).pk]),
        follow=True,
    )

    assert "KIYI-1" not in before
    assert "KIYI-1" in text_of(after)
    assert messages_of(none) == ["There is no code for this redemption."]


def test_pages_speak_turkish(rich_client):
    reward = make_reward(name_tr="Emaye kupa")
    bought(reward, rich_client.member)

    page = rich_client.get("/tr/rewards/")

    assert "Ödüller" in text_of(page)
    assert "Emaye kupa" in text_of(page)
    assert "Geri al" in text_of(page)


def test_a_limit_stops_those_who_ask_too_often(rich_client, settings):
    settings.RATE_LIMITS = True
    reward = make_reward(price=1)
    address = reverse("badges:reward_redeem", args=[reward.pk])

    answers = [rich_client.post(address, ask(reward)).status_code for _ in range(21)]

    assert answers == [302] * 20 + [429]


def test_points_page_and_navigation_lead_to_the_rewards(rich_client):
    page = rich_client.get(reverse("badges:points")).content.decode()

    assert page.count('href="/rewards/"') == 3


@pytest.fixture
def picture():
    """A picture that has been shown before, so that no list has to make it smaller."""
    image = PortalImage.objects.create(title="Mug", file=get_test_image_file())
    shown = Filter("fill-640x360|format-webp")
    PortalRendition.objects.create(
        image=image,
        filter_spec=shown.spec,
        focal_point_key=shown.get_cache_key(image),
        file="images/mug.webp",
        width=640,
        height=360,
    )
    return image


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_a_visitor_the_same_for_any_number(
    client, picture, count, django_assert_num_queries
):
    for _ in range(count):
        make_reward(picture=picture)
        make_pool(str(uuid4()), picture=picture)
    client.get(LIST)

    with django_assert_num_queries(3):
        client.get(LIST)


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_a_member_the_same_for_any_number(
    rich_client, picture, count, django_assert_num_queries
):
    for _ in range(count):
        bought(make_reward(picture=picture), rich_client.member)
        bought(make_pool(str(uuid4()), picture=picture, price=10), rich_client.member)
    rich_client.get(LIST)

    with django_assert_num_queries(12):
        rich_client.get(LIST)


@pytest.mark.parametrize("count", [1, 3])
def test_queue_costs_the_same_for_any_number(desk, count, django_assert_num_queries):
    for _ in range(count):
        bought(make_reward(), rich_member())
        bought(make_pool(str(uuid4())), rich_member())
    desk.get(f"{CMS}redemptions/")

    with django_assert_num_queries(12):
        desk.get(f"{CMS}redemptions/")


def test_queue_shows_what_waits_longest_first_and_hands_over(desk):
    member = rich_member(name="Işıl Deniz")
    late, early = bought(make_reward(name_en="Tent"), member), bought(make_reward(), member)
    Redemption.objects.filter(pk=early.pk).update(redeemed_at=timezone.now() - timedelta(days=2))

    waiting = text_of(desk.get(f"{CMS}redemptions/"))
    desk.post(f"{CMS}redemptions/{late.pk}/give/", {"note": "At the shop in Moda."})
    given = text_of(desk.get(f"{CMS}redemptions/?state=given"))

    assert waiting.index("Enamel mug") < waiting.index("Tent")
    assert "At the shop in Moda." in given
    assert "Işıl Deniz" in given
    assert Redemption.objects.get(pk=late.pk).state == "given"


def test_returning_needs_a_reason_and_works_once(desk):
    member = rich_member(100)
    redemption = bought(make_reward(), member)
    address = f"{CMS}redemptions/{redemption.pk}/return/"

    without = desk.post(address, {"reason": ""})
    returned = desk.post(address, {"reason": "It came broken."}, follow=True)
    again = desk.post(address, {"reason": "Once more."}, follow=True)
    given = desk.post(f"{CMS}redemptions/{redemption.pk}/give/", follow=True)
    long = desk.post(f"{CMS}redemptions/{redemption.pk}/give/", {"note": "x" * 300}, follow=True)

    assert without.status_code == 200
    assert "the member knows why" in text_of(returned)
    assert "taken back before" in text_of(again)
    assert "taken back; its points" in text_of(given)
    assert "too long" in text_of(long)
    assert balance(member=member, currency="points") == 100


def test_dashboard_counts_what_waits_for_the_team_alone(desk):
    before = text_of(desk.get("/cms/"))
    bought(make_reward(), rich_member())
    bought(make_pool("AAA"), rich_member())

    assert "redemption waits" not in before
    assert "1 redemption waits" in text_of(desk.get("/cms/"))


def test_export_opens_in_spreadsheets_and_runs_nothing(desk):
    bought(make_reward(name_en='=HYPERLINK("x")'), rich_member(name="+Işıl"))

    rows = desk.get(f"{CMS}redemptions.csv").content.decode("utf-8-sig").splitlines()

    assert rows[0].startswith("Redeemed at (UTC),Reward,Member")
    assert '"\'=HYPERLINK(""x"")",\'+Işıl' in rows[1]


def reward_post(**fields):
    data = {
        "name_en": "Mug",
        "name_tr": "Kupa",
        "description_en": "Hot.",
        "description_tr": "Sıcak.",
        "currency": "points",
        "price": "120",
        "fulfilment": "by_hand",
        "stock": "5",
        "limit_per_member": "1",
    }
    return {**data, **fields}


def test_a_reward_is_set_up_changed_and_archived(desk):
    publish_program()
    new = desk.post(f"{CMS}rewards/new/", reward_post())
    reward = Reward.objects.get()
    shown = text_of(desk.get(f"{CMS}rewards/"))
    desk.post(f"{CMS}rewards/{reward.pk}/", reward_post(price="90", is_archived="on"))

    reward.refresh_from_db()
    assert new.url == f"{CMS}rewards/"
    assert "120 points" in shown
    assert (reward.price, reward.is_archived, reward.stock) == (90, True, 5)
    steps = reward.steps.order_by("pk").values_list("kind", "changes", "taken_by")
    changes = {"price": [120, 90], "is_archived": [False, True]}
    assert list(steps) == [
        ("created", {}, desk.member.pk),
        ("changed", changes, desk.member.pk),
    ]


def test_a_pool_is_filled_from_text_and_from_a_file(desk):
    publish_program()
    new = desk.post(f"{CMS}rewards/new/", reward_post(fulfilment="codes"))
    reward = Reward.objects.get()
    file = SimpleUploadedFile("codes.csv", "Kod;Değer\nCCC;1\nAAA;2\n".encode())

    typed = desk.post(new.url, {"codes": "AAA\nBBB\n" + "x" * 101}, follow=True)
    sent = desk.post(new.url, {"file": file}, follow=True)

    assert reward.stock is None
    assert "2 new codes. 1 is too long." in text_of(typed)
    assert "1 new code. 1 was known." in text_of(sent)
    assert "3 free of 3." in text_of(sent)
    assert RewardCode.objects.count() == 3


def test_forms_explain_what_is_wrong(desk):
    publish_program()
    reward = make_reward(stock=1)
    bought(reward, rich_member())
    publish_program()
    pool = make_pool()
    times = {"opens_at": "2027-01-02 10:00", "closes_at": "2027-01-01 10:00"}
    codes = f"{CMS}rewards/{pool.pk}/codes/"

    few = desk.post(f"{CMS}rewards/{reward.pk}/", reward_post(stock="0"))
    turned = desk.post(f"{CMS}rewards/new/", reward_post(**times))
    binary = desk.post(codes, {"file": SimpleUploadedFile("a.csv", b"\xff\xfe\x00")})
    large = desk.post(codes, {"file": SimpleUploadedFile("a.csv", b"a" * 2_000_001)})
    many = desk.post(codes, {"codes": "\n".join(str(n) for n in range(20_001))})
    nothing = desk.post(codes, {"codes": " "})

    assert "More than this have been redeemed already." in text_of(few)
    assert "It must close after it opens." in text_of(turned)
    assert "This file is not text in UTF-8." in text_of(binary)
    assert "This file is larger than 2 MB." in text_of(large)
    assert "At most 20000 codes at a time" in text_of(many)
    assert "Type codes in or choose a file." in text_of(nothing)


def test_ledger_names_the_reward(rich_client):
    reward = make_reward(name_en="Mug")
    bought(reward, rich_client.member)

    page = rich_client.get(reverse("badges:points")).content.decode()

    assert f'<a href="/rewards/{reward.pk}/">Mug</a>' in page
    assert "Reward redeemed" in page


WORDS = {
    "en": ("Your reward is here: Enamel mug", "Your code", "100 points are in your account again"),
    "tr": ("Ödülünüz hazır: Emaye kupa", "Kodunuz", "100 puan yeniden hesabınızda"),
}


@pytest.mark.parametrize("language", ["en", "tr"])
def test_members_are_written_to_in_their_language(language):
    member, staff = rich_member(language=language), staff_with(MANAGE)
    by_hand, code = bought(make_reward(), member), bought(make_pool("KIYI-1"), member)
    mark_given(redemption=by_hand, staff=staff, note="Moda & Kadıköy")
    show_code(redemption=code, member=member)
    return_redemption(redemption=code, staff=staff, reason="Süresi <geçmiş>.")
    found = member.notices.filter(kind__startswith="badges.reward").select_related("activity")

    given, shown, returned = [mails.compose(notice) for notice in found.order_by("pk")]

    title, code_words, back = WORDS[language]
    assert given.subject == title
    assert "Moda & Kadıköy" in given.text
    assert "Moda &amp; Kadıköy" in given.html
    assert code_words in shown.text
    assert "KIYI-1" in shown.text
    assert "KIYI-1" in shown.html
    assert back in " ".join(returned.text.split())
    assert "Süresi <geçmiş>." in returned.text
    assert "Süresi &lt;geçmiş&gt;." in returned.html
    assert all("unsubscribe" not in mail.html for mail in (given, shown, returned))


def test_notices_about_what_is_gone_say_nothing():
    member = rich_member()
    mark_given(redemption=bought(make_reward(), member), staff=staff_with(MANAGE))
    notice = member.notices.get(kind="badges.reward_given")
    notice.payload = {"redemption": 0}

    assert mails.compose(notice) is None


def test_data_export_holds_redemptions_and_closing_empties_the_words():
    member = rich_member()
    redemption = bought(make_reward(), member)
    mark_given(redemption=redemption, staff=staff_with(MANAGE), note="To Işıl, at the shop.")

    with translation.override("en"):
        [row] = exporters()["rewards"](member)
    for erase in erasers(with_public=False):
        if erase.__module__.startswith("badges"):
            erase(member)

    redemption.refresh_from_db()
    assert (row["reward"], row["price"], row["note"]) == (
        "Enamel mug",
        100,
        "To Işıl, at the shop.",
    )
    assert [step["state"] for step in row["steps"]] == ["pending", "given"]
    assert redemption.note == ""
    assert RewardUse.objects.get().times == 1
