import io

import pytest
from django.urls import reverse
from PIL import Image

from badges.models import BadgeAward, Credential
from badges.services.credentials.issuing import ShownAs, issue_credential, withdraw_credential
from badges.services.revoking import revoke_badge
from portal.accounts.models import Member
from portal.activity.services import record
from tests.badges.credentials.conftest import RIDGE
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program

MANY = badge(
    "walker", {"count": {"verb": "import.walked", "per": "object"}, "at_least": 1}, repeatable=True
)


def share_url(award):
    return reverse("badges:award_share", args=[award.pk])


def detail_url(credential):
    return reverse("badges:credential_detail", args=[credential.token])


def test_badge_page_leads_to_sharing_and_then_to_the_shared_page(member_client, award):
    address = reverse("badges:badge_detail", args=["ridge-walker"])
    before = member_client.get(address).content.decode()

    member_client.post(share_url(award), {"shown_as": "handle", "with_email": "on"})

    assert share_url(award) in before
    assert detail_url(Credential.objects.get()) in member_client.get(address).content.decode()


def test_badge_that_is_not_held_offers_nothing_to_share(client, award):
    client.force_login(MemberFactory())

    page = client.get(reverse("badges:badge_detail", args=["ridge-walker"])).content.decode()

    assert "Share or download" not in page


def test_asking_makes_nothing_and_says_what_will_be_seen(member_client, award):
    page = member_client.get(share_url(award)).content.decode()

    assert "What everybody who has the address will see" in page
    assert not Credential.objects.exists()


def test_sharing_keeps_what_was_chosen_and_leads_to_the_page(member_client, award):
    answer = member_client.post(share_url(award), {"shown_as": "handle"})

    made = Credential.objects.get()
    assert answer["Location"] == detail_url(made)
    assert made.shown_name == f"@{member_client.member.handle}"
    assert [one["identityType"] for one in made.document["credentialSubject"]["identifier"]] == [
        "name"
    ]


def test_sharing_twice_leads_to_the_same_page(member_client, award):
    for _time in range(2):
        answer = member_client.post(share_url(award), {"shown_as": "name"})

    assert answer["Location"] == detail_url(Credential.objects.get())


def test_unknown_choice_is_refused_beside_its_field(member_client, award):
    answer = member_client.post(share_url(award), {"shown_as": "everything"})

    assert answer.status_code == 200
    assert not Credential.objects.exists()


def test_badge_that_no_programme_knows_is_refused_in_words(member_client, award):
    BadgeAward.objects.filter(pk=award.pk).update(program=None)
    publish_program()

    answer = member_client.post(share_url(award), {"shown_as": "name"})

    assert "no longer part of the programme" in answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "chosen"),
    [
        ({}, "name"),
        ({"audience": Member.Audience.MEMBERS}, "nobody"),
        ({"is_listed": False}, "nobody"),
    ],
)
def test_name_is_offered_first_only_to_members_who_are_public(member_client, award, fields, chosen):
    Member.objects.filter(pk=member_client.member.pk).update(**fields)

    form = member_client.get(share_url(award)).context["form"]

    assert form["shown_as"].initial == chosen


def test_unconfirmed_member_is_told_that_nothing_is_bound(client, commits):
    member = MemberFactory(verified=False)
    publish_program(badges=[RIDGE])
    record(member=member, verb="import.walked")
    client.force_login(member)

    page = client.get(share_url(BadgeAward.objects.get())).content.decode()

    assert "Your address is not confirmed yet" in page


def test_award_of_another_member_is_missing(client, award):
    client.force_login(MemberFactory())

    assert client.get(share_url(award)).status_code == 404


def test_page_shows_strangers_that_the_badge_holds(page, member, award):
    text = page()

    assert "This badge is genuine and holds" in text
    assert "Walked a whole ridge" in text
    assert "import.walked: once" in text
    assert member.name in text
    assert "Stop sharing" not in text


def test_page_is_for_those_with_the_address_not_for_search_engines(client, credential):
    answer = client.get(detail_url(credential))

    assert answer["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.content.decode()
    assert (
        f"https://community.example.com/credentials/{credential.token}/card.png"
        in answer.content.decode()
    )


def test_page_says_that_a_badge_was_taken_back_but_not_why(page, award):
    revoke_badge(award=award, reason="Counted twice.")

    text = page()

    assert "This badge was taken back" in text
    assert "Counted twice." not in text
    assert "card.png" not in text


def test_page_of_a_signature_that_nobody_stands_by_says_so(page, credential, settings):
    Credential.objects.update(document={**credential.document, "name": "Champion"})

    assert "This badge cannot be confirmed" in page()


def test_page_of_a_token_that_was_tampered_with_says_so(page, credential):
    head, body, signature = credential.jwt.split(".")
    Credential.objects.update(jwt=f"{head}.{body}.{signature[::-1]}")

    assert "This badge cannot be confirmed" in page()


@pytest.mark.parametrize(
    ("fields", "is_linked"),
    [
        ({}, True),
        ({"audience": Member.Audience.MEMBERS}, False),
        ({"shows_badges": False}, False),
        ({"is_playing": False}, False),
    ],
)
def test_page_leads_only_to_profiles_that_show_badges_to_everyone(page, member, fields, is_linked):
    Member.objects.filter(pk=member.pk).update(**fields)

    assert (f'href="{member.get_absolute_url()}"' in page()) is is_linked


def test_page_without_a_name_leads_to_no_profile(client, award, member):
    made = issue_credential(award=award, member=member, shown_as=ShownAs.NOBODY, is_bound=True)

    text = client.get(detail_url(made)).content.decode()

    assert "A member of this community" in text
    assert member.handle not in text


def test_holder_finds_files_and_the_way_back(member_client, credential):
    page = member_client.get(detail_url(credential)).content.decode()

    for name in ("document", "token", "picture"):
        assert reverse(f"credentials:{name}", args=[credential.token]) in page
    assert reverse("badges:credential_withdraw", args=[credential.token]) in page


def test_withdrawn_page_is_gone_and_so_are_the_files(member_client, credential):
    member_client.post(reverse("badges:credential_withdraw", args=[credential.token]))

    assert member_client.get(detail_url(credential)).status_code == 410
    for name in ("document", "token", "picture", "card"):
        address = reverse(f"credentials:{name}", args=[credential.token])
        assert member_client.get(address).status_code == 404


def test_withdrawn_award_can_be_shared_anew_under_another_address(member_client, credential, award):
    withdraw_credential(credential=credential)

    member_client.post(share_url(award), {"shown_as": "nobody"})

    assert Credential.objects.standing().get().token != credential.token


def test_only_the_holder_stops_sharing(client, credential):
    client.force_login(MemberFactory())

    answer = client.post(reverse("badges:credential_withdraw", args=[credential.token]))

    assert answer.status_code == 404
    assert Credential.objects.standing().exists()


def test_page_speaks_turkish_and_marks_the_language_of_what_was_signed(client, credential):
    text = client.get(f"/tr/credentials/{credential.token}/").content.decode()

    assert "Bu rozet gerçek ve geçerli" in text
    assert '<div lang="en"><h1 id="badge">Ridge walker</h1>' in text


def test_card_is_a_picture_of_the_size_that_sites_ask_for(client, credential):
    answer = client.get(f"/credentials/{credential.token}/card.png")

    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)


def test_award_that_was_taken_back_has_no_card(client, credential, award):
    revoke_badge(award=award, reason="Counted twice.")

    assert client.get(f"/credentials/{credential.token}/card.png").status_code == 404


def test_badge_that_no_programme_knows_any_more_keeps_its_page(client, credential, award):
    BadgeAward.objects.filter(pk=award.pk).update(program=None)
    publish_program()

    assert "This badge is genuine" in client.get(detail_url(credential)).content.decode()
    assert client.get(f"/credentials/{credential.token}.png").status_code == 404


def test_files_are_open_to_verifiers_on_other_sites(client, credential):
    addresses = {
        "/.well-known/did.json": "application/did+json",
        "/credentials/issuer.json": "application/ld+json",
        "/credentials/achievements/ridge-walker.json": "application/ld+json",
        "/credentials/status/1": "application/vc",
        f"/credentials/{credential.token}.json": "application/vc",
        f"/credentials/{credential.token}.jwt": "application/vc+jwt",
    }
    answers = {path: client.get(path) for path in addresses}

    assert {path: answer["Content-Type"] for path, answer in answers.items()} == addresses
    assert {answer["Access-Control-Allow-Origin"] for answer in answers.values()} == {"*"}


def test_unknown_achievements_and_lists_are_missing(client, db):
    assert client.get("/credentials/achievements/none.json").status_code == 404
    assert client.get("/credentials/status/1").status_code == 404


def test_achievement_is_read_in_the_language_that_is_asked_for(client, award):
    address = "/credentials/achievements/ridge-walker.json"

    answer = client.get(address, headers={"accept-language": "tr"})

    assert answer.json()["name"] == "Sırt yürüyüşçüsü"


@pytest.mark.parametrize("count", [1, 3])
def test_badge_page_takes_the_same_queries_for_one_award_and_for_three(
    member_client, count, django_assert_num_queries
):
    publish_program(badges=[MANY])
    for number in range(count):
        record(
            member=member_client.member,
            verb="import.walked",
            object=f"hill:{number}",
            key=f"{number}",
        )
    address = reverse("badges:badge_detail", args=["walker"])
    member_client.get(address)

    with django_assert_num_queries(15):
        member_client.get(address)


def test_public_page_takes_a_handful_of_queries(client, credential, django_assert_num_queries):
    client.get(detail_url(credential))

    # The trusted keys are read for the document and for the token.
    with django_assert_num_queries(5):
        client.get(detail_url(credential))
