from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from badges.models import ProgramVersion
from badges.program.sentences import criterion_text, description_of, name_of
from badges.services.credentials.checking import shared_lines
from badges.services.holders import holder_count, latest_holders, rarity_of
from badges.services.pictures import badge_picture_url
from badges.services.standing import BadgeLine, badge_lines
from portal.activity.registry import verb_label
from portal.ui.routes import reads


@reads
def badge_list(request: HttpRequest) -> HttpResponse:
    _version, program = ProgramVersion.objects.current()
    if request.user.is_authenticated:
        lines = badge_lines(request.user, program)
    else:
        lines = [BadgeLine(badge, awards=[], progress=None) for badge in program.badges]
    return render(request, "badges/badge_list.html", {"lines": lines, "program": program})


@reads
def badge_detail(request: HttpRequest, code: str) -> HttpResponse:
    _version, program = ProgramVersion.objects.current()
    badge = program.badges_by_code.get(code)
    if badge is None:
        raise Http404
    mine, awards = None, []
    if request.user.is_authenticated:
        mine = next(line for line in badge_lines(request.user, program) if line.badge.code == code)
        awards = shared_lines(mine.awards)
    context = {
        "badge": badge,
        "name": name_of(badge),
        "description": description_of(badge),
        "criterion": criterion_text(badge.criterion, program, verb_label),
        "mine": mine,
        "awards": awards,
        "og_image": {"url": badge_picture_url(badge, size=512), "width": 512, "height": 512},
        "holders": latest_holders(code, limit=12),
        "holder_count": holder_count(code),
        "rarity": rarity_of(code),
    }
    return render(request, "badges/badge_detail.html", context)
