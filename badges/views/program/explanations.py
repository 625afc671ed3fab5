"""What a member did lately, for staff: what each thing earned, and why not more."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from badges.models import ProgramVersion
from badges.services.explaining import explain
from badges.services.labels import amount_text, rule_label
from badges.views.program.pages import manages_program, page
from portal.accounts.models import Member
from portal.ui.requests import MemberRequest

MOST_FOUND = 20


@manages_program
@require_GET
def member_explain(request: MemberRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:80]
    handle = query.lstrip("@").lower()
    member = Member.objects.filter(handle=handle).first() if handle else None
    others = Member.objects.filter(name__icontains=query).order_by("name", "pk")
    return page(
        request,
        "member_explain.html",
        title=_("Why, and why not"),
        icon="help",
        query=query,
        member=member,
        found=list(others[:MOST_FOUND]) if query and not member else [],
        lines=_lines(member, request.user) if member else [],
    )


def _lines(member: Member, viewer: Member) -> list[dict]:
    _pk, program = ProgramVersion.objects.current()
    return [
        {
            "one": one,
            "paid": [
                (
                    amount_text(transfer.amount, transfer.currency, program, signed=True),
                    rule_label(transfer.rule_code, program),
                )
                for transfer in one.paid
            ],
        }
        for one in explain(member=member, viewer=viewer)
    ]
