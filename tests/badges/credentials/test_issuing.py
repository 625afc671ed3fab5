import json

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from badges.models import BadgeAward, Credential, IssuerKey
from badges.services.credentials import issuing, keys
from badges.services.credentials.checking import REVOKED, UNPROVEN, VALID, verdict_on
from badges.services.credentials.issuing import (
    ShownAs,
    distrust_key,
    export_credentials,
    issue_credential,
    withdraw_credential,
)
from badges.services.credentials.proofs import is_trusted_jwt
from badges.services.revoking import revoke_badge
from portal.accounts.services.closing import close_account
from portal.accounts.services.exports import exporters
from portal.activity.services import record
from tests.badges.credentials.conftest import RIDGE
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program


def subject(credential):
    return credential.document["credentialSubject"]


def test_credential_says_what_was_achieved_and_when(credential, award):
    achieved = subject(credential)["achievement"]

    assert achieved["name"] == "Ridge walker"
    assert achieved["description"] == "Walked a whole ridge"
    assert achieved["criteria"] == {
        "id": "https://community.example.com/badges/ridge-walker/",
        "narrative": "import.walked: once",
    }
    assert achieved["version"] == "1"
    assert credential.document["awardedDate"] == award.awarded_at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_credential_speaks_the_language_in_which_it_was_made(award, member):
    with translation.override("tr"):
        made = issue_credential(award=award, member=member, shown_as=ShownAs.NOBODY, is_bound=False)

    assert subject(made)["achievement"]["name"] == "Sırt yürüyüşçüsü"
    assert subject(made)["achievement"]["inLanguage"] == "tr"


@pytest.mark.parametrize(
    ("shown_as", "is_bound", "types"),
    [
        (ShownAs.NAME, True, ["emailAddress", "name"]),
        (ShownAs.HANDLE, False, ["name"]),
        (ShownAs.NOBODY, True, ["emailAddress"]),
        (ShownAs.NOBODY, False, []),
    ],
)
def test_only_what_the_holder_chose_is_in_it(award, member, shown_as, is_bound, types):
    made = issue_credential(award=award, member=member, shown_as=shown_as, is_bound=is_bound)

    assert [one["identityType"] for one in subject(made).get("identifier", [])] == types
    assert member.email not in json.dumps(made.document)


def test_address_that_is_not_proven_is_never_bound(commits):
    stranger = MemberFactory(verified=False)
    publish_program(badges=[RIDGE])
    record(member=stranger, verb="import.walked")
    award = BadgeAward.objects.get()

    made = issue_credential(award=award, member=stranger, shown_as=ShownAs.NAME, is_bound=True)

    assert [one["identityType"] for one in subject(made)["identifier"]] == ["name"]


def test_second_request_returns_the_same_credential(credential, award, member):
    again = issue_credential(award=award, member=member, shown_as=ShownAs.NOBODY, is_bound=False)

    assert again == credential
    assert Credential.objects.count() == 1


def test_database_refuses_a_second_standing_credential(credential):
    credential.pk, credential.token, credential.status_index = None, "other", 7

    with pytest.raises(IntegrityError), transaction.atomic():
        credential.save(force_insert=True)


def test_award_of_another_member_cannot_be_shared(award):
    with pytest.raises(BadgeAward.DoesNotExist):
        issue_credential(award=award, member=MemberFactory(), shown_as=ShownAs.NAME, is_bound=True)


def test_award_that_was_taken_back_cannot_be_shared(award, member):
    revoke_badge(award=award, reason="Counted twice.")

    with pytest.raises(ValidationError):
        issue_credential(award=award, member=member, shown_as=ShownAs.NAME, is_bound=True)


def test_badge_that_left_the_programme_is_shared_as_it_was_given(award, member):
    publish_program()

    made = issue_credential(award=award, member=member, shown_as=ShownAs.NAME, is_bound=True)

    assert subject(made)["achievement"]["name"] == "Ridge walker"


def test_badge_that_no_programme_knows_cannot_be_shared(award, member):
    BadgeAward.objects.filter(pk=award.pk).update(program=None)
    publish_program()

    with pytest.raises(ValidationError):
        issue_credential(award=award, member=member, shown_as=ShownAs.NAME, is_bound=True)


def test_taken_place_in_the_list_is_tried_again(credential, member, monkeypatch):
    places = iter([credential.status_index, credential.status_index + 1])
    monkeypatch.setattr(issuing.secrets, "randbelow", lambda bits: next(places))
    withdraw_credential(credential=credential)

    again = issue_credential(
        award=credential.award, member=member, shown_as=ShownAs.NAME, is_bound=True
    )

    assert again.status_index == credential.status_index + 1


def test_list_without_a_free_place_is_said_in_words(credential, member, monkeypatch):
    monkeypatch.setattr(issuing.secrets, "randbelow", lambda bits: credential.status_index)
    withdraw_credential(credential=credential)

    with pytest.raises(ValidationError):
        issue_credential(
            award=credential.award, member=member, shown_as=ShownAs.NAME, is_bound=True
        )


def test_verdict_follows_the_award(credential, award):
    before = verdict_on(credential).state
    revoke_badge(award=award, reason="Counted twice.")
    credential.award.refresh_from_db()

    assert (before, verdict_on(credential).state) == (VALID, REVOKED)


def test_document_changed_in_the_database_cannot_be_confirmed(credential):
    subject(credential)["achievement"]["name"] = "Champion"

    assert verdict_on(credential).state == UNPROVEN


def test_withdrawing_empties_what_it_said_and_marks_its_place(credential):
    withdraw_credential(credential=credential)
    withdraw_credential(credential=credential)

    credential.refresh_from_db()
    assert (credential.document, credential.jwt, credential.shown_name) == ({}, "", "")
    assert list(Credential.objects.void_in(1)) == [credential]


def test_closing_the_account_withdraws_what_was_shared(credential, member):
    close_account(member=member)

    assert not Credential.objects.standing().exists()
    assert Credential.objects.get().document == {}


def test_export_holds_the_members_credentials(credential, member):
    [line] = exporters()["credentials"](member)

    assert line["document"] == credential.document
    assert export_credentials(MemberFactory()) == []


def test_earlier_key_is_trusted_after_a_rotation(credential, settings):
    first = keys.current_multikey()
    settings.CREDENTIAL_KEY = "another long random text, made for the next years of this portal"

    assert keys.current_multikey() != first
    assert keys.trusted_multikeys() == [keys.current_multikey(), first]
    assert verdict_on(credential).state == VALID
    assert is_trusted_jwt(credential.jwt)


def test_distrusted_key_leaves_the_document_and_its_credentials_are_signed_anew(
    credential, settings, download
):
    leaked = credential.jwt
    first = IssuerKey.objects.get()
    settings.CREDENTIAL_KEY = "another long random text, made for the next years of this portal"

    call_command("distrust_credential_key", first.multibase)

    credential.refresh_from_db()
    assert [m["publicKeyMultibase"] for m in keys.did_document()["verificationMethod"]] == [
        keys.current_multikey()
    ]
    assert not is_trusted_jwt(leaked)
    assert is_trusted_jwt(credential.jwt)
    assert verdict_on(credential).state == VALID


def test_key_in_use_is_not_distrusted_before_there_is_another(credential):
    with pytest.raises(CommandError, match="still in use"):
        call_command("distrust_credential_key", keys.current_multikey())
    with transaction.atomic(), pytest.raises(ImproperlyConfigured):
        distrust_key(key=IssuerKey.objects.get())


def test_command_lists_keys_and_refuses_unknown_ones(credential, capsys):
    IssuerKey.objects.create(multibase="z6MkOld", distrusted_at=timezone.now())

    call_command("distrust_credential_key")

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in lines] == ["trusted", "distrusted"]
    with pytest.raises(CommandError, match="No trusted key"):
        call_command("distrust_credential_key", "z6MkOld")


def test_private_key_is_nowhere_in_the_database_or_in_what_is_handed_out(credential, client):
    secrets = {
        settings.CREDENTIAL_KEY,
        keys.private_key().private_bytes_raw().hex(),
    }
    with connection.cursor() as cursor:
        rows = []
        for table in ("badges_issuerkey", "badges_credential"):
            cursor.execute(f"SELECT * FROM {table}")
            rows.append(str(cursor.fetchall()))
    answers = [
        client.get(path).content.decode("latin-1")
        for path in ("/.well-known/did.json", f"/credentials/{credential.token}.png")
    ]

    assert not [secret for secret in secrets for text in [*rows, *answers] if secret in text]


def test_local_key_is_readable_by_its_owner_alone(tmp_path):
    from portal.settings.secret import local_secret

    local_secret(tmp_path / "credential-key")

    assert (tmp_path / "credential-key").stat().st_mode & 0o777 == 0o600
