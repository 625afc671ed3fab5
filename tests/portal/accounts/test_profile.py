import pytest
from django.core.exceptions import ValidationError

from portal.accounts.models import FormerHandle, Member
from portal.accounts.services.members import create_member, free_handle, member_by_handle
from portal.accounts.services.profiles import change_handle, completeness, save_profile
from tests.factories.interests import InterestFactory
from tests.factories.members import MemberFactory

PROFILE = "/settings/profile/"


def answers(member, **more):
    return {
        "name": member.name,
        "handle": member.handle,
        "bio": "",
        "city": "",
        "language": "en",
        "time_zone": "Europe/Istanbul",
        **more,
    }


def verbs(member):
    return list(member.activities.order_by("pk").values_list("verb", "object"))


@pytest.fixture
def interests(db):
    return [InterestFactory(code="camping"), InterestFactory(code="kayak")]


def test_profile_saved_completes_it_and_records_each_interest_once(member_client, interests):
    member = member_client.member
    data = answers(member, bio="I walk.", city="Iğdır", interests=["camping", "kayak"])

    for _again in range(2):
        response = member_client.post(PROFILE, data)

    assert response.headers["Location"] == PROFILE
    member.refresh_from_db()
    assert (member.bio, member.city, member.interests) == ("I walk.", "Iğdır", ["camping", "kayak"])
    assert verbs(member) == [
        ("accounts.interest_chosen", "interest:camping"),
        ("accounts.interest_chosen", "interest:kayak"),
        ("accounts.profile_completed", f"member:{member.pk}"),
    ]


def test_profile_half_filled_is_not_complete(member_client, interests):
    member_client.post(PROFILE, answers(member_client.member, bio="I walk."))

    member = Member.objects.get()
    meter = completeness(member)
    assert [(field.code, field.is_done) for field in meter.fields] == [
        ("name", True),
        ("interests", False),
        ("bio", True),
        ("city", False),
    ]
    assert (meter.done, meter.percent, meter.is_complete) == (2, 50, False)
    assert verbs(member) == []


def test_interests_are_not_asked_for_where_none_are_offered(member_client):
    member_client.post(PROFILE, answers(member_client.member, bio="I walk.", city="Iğdır"))

    member = Member.objects.get()
    assert completeness(member).is_complete
    assert [verb for verb, _object in verbs(member)] == ["accounts.profile_completed"]


def test_profile_page_says_what_is_missing_until_nothing_is(member_client, interests):
    assert "Your profile so far" in member_client.get(PROFILE).content.decode()

    Member.objects.update(bio="I walk.", city="Iğdır", interests=["camping"])

    assert "Your profile so far" not in member_client.get(PROFILE).content.decode()


def test_profile_in_another_language_answers_in_it(member_client):
    response = member_client.post(PROFILE, answers(member_client.member, language="tr"))

    assert response.headers["Location"] == f"/tr{PROFILE}"


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "?"}, "name"),
        ({"handle": "İpek"}, "handle"),
        ({"handle": "a"}, "handle"),
        ({"handle": "admin"}, "handle"),
        ({"handle": "gone-7"}, "handle"),
        ({"handle": "taken"}, "handle"),
        ({"bio": "x" * 501}, "bio"),
        ({"interests": ["chess"]}, "interests"),
        ({"language": "de"}, "language"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ],
)
def test_profile_names_the_field_that_is_wrong_and_keeps_what_was(
    member_client, interests, answer, field
):
    MemberFactory(handle="taken")
    member = member_client.member

    response = member_client.post(PROFILE, answers(member, **answer))

    assert list(response.context["form"].errors) == [field]
    assert Member.objects.get(pk=member.pk).name == member.name
    assert response.context["user"].handle == member.handle


def test_withdrawn_interest_stays_with_who_chose_it_and_is_offered_to_nobody_else(member_client):
    gone = InterestFactory(code="caving", is_offered=False)
    Member.objects.update(interests=[gone.code])
    other = MemberFactory()

    member_client.post(PROFILE, answers(member_client.member, interests=["caving"]))
    save_profile(member=other, handle=other.handle, interests=["caving"])

    codes = Member.objects.order_by("pk").values_list("interests", flat=True)
    assert list(codes) == [["caving"], []]


def test_changed_handle_leads_on_from_the_former_one_and_is_nobody_elses(member):
    former = member.handle
    change_handle(member=member, handle="isil")

    with pytest.raises(ValidationError):
        change_handle(member=MemberFactory(), handle=former)
    assert member_by_handle(former) == member
    assert member_by_handle("isil") == member
    assert member_by_handle("nobody") is None


def test_handle_can_be_taken_back(member):
    first = member.handle
    change_handle(member=member, handle="isil")

    change_handle(member=member, handle=first)

    member.refresh_from_db()
    assert member.handle == first
    assert list(FormerHandle.objects.values_list("handle", flat=True)) == ["isil"]


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Işıl Çınar", "isil-cinar"),
        ("Admin", "admin-2"),
        ("Ö", "member-o"),
        ("…", "member-2"),
        ("gone-3", "member-gone-3"),
    ],
)
def test_handle_is_made_from_the_name(db, name, handle):
    MemberFactory(handle="member")

    assert free_handle(name) == handle


def test_save_profile_refuses_fields_that_are_not_its_own(member):
    with pytest.raises(TypeError):
        save_profile(member=member, handle=member.handle, interests=[], is_staff=True)


def test_settings_are_for_members_alone(client, db):
    for page in ("profile", "privacy", "export", "close"):
        response = client.get(f"/settings/{page}/")
        assert response.headers["Location"] == f"/accounts/login/?next=/settings/{page}/"


def test_created_member_has_no_password_unless_given(commits):
    assert not create_member(name="Import").has_usable_password()
