"""What programs read: the issuer's keys, credentials and their pictures, the status lists."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from badges.models import Credential, ProgramVersion
from badges.program.schema import Badge
from badges.services.cards import share_card
from badges.services.credentials.baking import bake
from badges.services.credentials.documents import achievement, badge_of, issuer_profile
from badges.services.credentials.keys import did_document
from badges.services.credentials.proofs import CREDENTIALS_V2, OPEN_BADGES
from badges.services.credentials.status import KEPT_SECONDS, signed_status_list
from badges.services.pictures import SIZES, badge_png
from portal.cms.models import BrandSettings
from portal.ui.limits import rate_limited

CREDENTIAL = "application/vc"
COMPACT = "application/vc+jwt"
LINKED_DATA = "application/ld+json"


@require_safe
def did(request: HttpRequest) -> HttpResponse:
    return _open(JsonResponse(did_document(), content_type="application/did+json"), KEPT_SECONDS)


@require_safe
def issuer(request: HttpRequest) -> HttpResponse:
    profile = {"@context": [CREDENTIALS_V2, OPEN_BADGES], **issuer_profile()}
    return _open(JsonResponse(profile, content_type=LINKED_DATA), KEPT_SECONDS)


@require_safe
def achievement_document(request: HttpRequest, code: str) -> HttpResponse:
    """A badge of the programme in force, in the language that the reader asks for."""
    number = ProgramVersion.objects.published().values_list("number", flat=True).first()
    _pk, program = ProgramVersion.objects.current()
    badge = program.badges_by_code.get(code)
    if badge is None:
        raise Http404
    language = translation.get_language_from_request(request)
    with translation.override(language):
        said = achievement(badge, program, number, language)
    document = {"@context": [CREDENTIALS_V2, OPEN_BADGES], **said}
    response = _open(JsonResponse(document, content_type=LINKED_DATA), KEPT_SECONDS)
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
@rate_limited("badges:status", "120/m", methods=("GET",))
def status(request: HttpRequest, number: int) -> HttpResponse:
    """A status list: JSON with a proof, or a VC-JWT for whoever asks for that."""
    if not Credential.objects.filter(status_list=number).exists():
        raise Http404
    wants_token = COMPACT in request.headers.get("Accept", "")
    signed = signed_status_list(number, as_token=wants_token)
    if wants_token:
        response = HttpResponse(signed, content_type=COMPACT)
    else:
        response = JsonResponse(signed, content_type=CREDENTIAL)
    patch_vary_headers(response, ["Accept"])
    return _open(response, KEPT_SECONDS)


@require_safe
def document(request: HttpRequest, token: str) -> HttpResponse:
    return _open(JsonResponse(_shared(token).document, content_type=CREDENTIAL))


@require_safe
def token(request: HttpRequest, token: str) -> HttpResponse:
    return _open(HttpResponse(_shared(token).jwt, content_type=COMPACT))


@require_safe
@rate_limited("badges:picture", "60/m", methods=("GET",))
def picture(request: HttpRequest, token: str) -> HttpResponse:
    """The badge with its credential inside, as a file to keep."""
    credential = _shared(token)
    baked = bake(badge_png(_badge(credential), size=SIZES[-1]), credential.document)
    response = _open(HttpResponse(baked, content_type="image/png"))
    name = f"{credential.award.badge_code}.png"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@rate_limited("badges:card", "60/m", methods=("GET",))
def card(request: HttpRequest, token: str) -> HttpResponse:
    """What a shared link shows. An award that was taken back has none."""
    credential = _shared(token)
    if credential.award.revoked_at:
        raise Http404
    painted = share_card(
        badge=_badge(credential),
        name=credential.document["credentialSubject"]["achievement"]["name"],
        holder=credential.shown_name,
        awarded_at=credential.award.awarded_at,
        brand=BrandSettings.objects.first() or BrandSettings(),
        language=credential.language,
    )
    return _open(HttpResponse(painted, content_type="image/png"), KEPT_SECONDS)


def _shared(token: str) -> Credential:
    return get_object_or_404(Credential.objects.standing().for_page(), token=token)


def _badge(credential: Credential) -> Badge:
    found = badge_of(credential.award)
    if found is None:
        raise Http404
    return found[0]


def _open(response: HttpResponse, seconds: int = 0) -> HttpResponse:
    """For programs anywhere, a verifier in another site's page included; not for search engines."""
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = f"public, max-age={seconds}" if seconds else "no-cache"
    return response
