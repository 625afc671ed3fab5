import base64
import gzip
import hashlib
import io
import socket

import pytest
from PIL import Image

from badges.services.credentials.baking import bake, unbake
from badges.services.credentials.encoding import from_multibase, multibase
from badges.services.credentials.keys import did
from badges.services.credentials.proofs import (
    BUNDLED,
    FOLDER,
    UnknownContextError,
    has_trusted_proof,
    is_trusted_jwt,
    load_context,
    with_proof,
)
from badges.services.credentials.status import encoded_list


def a_png():
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), "teal").save(out, "PNG")
    return out.getvalue()


def test_contexts_come_from_the_repository_and_others_are_refused(monkeypatch):
    def no_network(*args, **kwargs):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    monkeypatch.setattr(socket, "create_connection", no_network)

    assert all("@context" in load_context(url)["document"] for url in BUNDLED)
    with pytest.raises(UnknownContextError):
        load_context("https://www.w3.org/2018/credentials/v1")


def test_document_with_an_unknown_context_is_neither_signed_nor_trusted(credential):
    strange = {**credential.document, "@context": ["https://example.com/context.json"]}

    assert not has_trusted_proof(strange)
    with pytest.raises(UnknownContextError):
        with_proof(
            {"@context": "https://example.com/c.json", "id": "urn:x"}, at=credential.issued_at
        )


def test_context_of_the_w3c_is_the_published_one():
    digest = hashlib.sha256((FOLDER / "credentials-v2.json").read_bytes()).hexdigest()

    assert digest == "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"


@pytest.mark.parametrize(
    "change",
    [
        {"proofValue": "z111"},
        {"proofValue": "u111"},
        {"cryptosuite": "eddsa-jcs-2022"},
        {"verificationMethod": "did:web:elsewhere.example#z6Mk"},
        {"created": "2020-01-01T00:00:00Z"},
    ],
)
def test_changed_proof_is_not_trusted(credential, change):
    document = {**credential.document, "proof": {**credential.document["proof"], **change}}

    assert not has_trusted_proof(document)


def test_document_without_proof_is_not_trusted(credential):
    unsecured = {key: part for key, part in credential.document.items() if key != "proof"}

    assert not has_trusted_proof(unsecured)


def test_broken_or_foreign_token_is_not_trusted(credential):
    head, body, signature = credential.jwt.split(".")

    assert is_trusted_jwt(credential.jwt)
    assert not is_trusted_jwt(f"{head}.{body}.{signature[::-1]}")
    assert not is_trusted_jwt("not.a.token")


@pytest.mark.parametrize("data", [b"", b"\0\0a", b"\xed\x01" + bytes(range(32))])
def test_multibase_reads_what_it_wrote(data):
    assert from_multibase(multibase(data)) == data


def test_did_names_host_and_port(settings):
    settings.PUBLIC_URL = "http://127.0.0.1:8000"

    assert did() == "did:web:127.0.0.1%3A8000"


def test_baked_credential_is_found_again_and_replaced(credential):
    once = bake(a_png(), {"id": "old"})
    twice = bake(once, credential.document)

    assert unbake(a_png()) is None
    assert unbake(once) == {"id": "old"}
    assert unbake(twice) == credential.document
    assert Image.open(io.BytesIO(twice)).tobytes() == Image.open(io.BytesIO(a_png())).tobytes()


def test_other_files_are_no_pictures_to_bake():
    with pytest.raises(ValueError, match="PNG"):
        unbake(b"GIF89a")


def test_status_list_sets_the_leftmost_bit_first():
    packed = encoded_list([0, 9, 131_071])
    bits = gzip.decompress(base64.urlsafe_b64decode(packed[1:] + "=="))

    assert packed[0] == "u"
    assert (len(bits), bits[0], bits[1], bits[-1]) == (16_384, 0x80, 0x40, 0x01)
    assert sum(bits) == 0x80 + 0x40 + 0x01
