"""Awards as words: what a member reads when points, a badge or a level arrive."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from badges.models import ProgramVersion
from badges.models.boards import EXPERIENCE
from badges.program.schema import Badge, Program
from badges.program.sentences import description_of, name_of, rule_name
from badges.services.alarms import ALARM_NOTICE, describe_alarm
from badges.services.awarding import AWARD_NOTICE
from badges.services.budgeting import BUDGET_NOTICE, describe_budget
from badges.services.standing import POINTS, standing_of
from portal.accounts.models import Member
from portal.activity.registry import verb_label
from portal.notifications.models import Notice
from portal.notifications.registry import (
    AwardText,
    Kind,
    Moment,
    NoticeText,
    register_category,
    register_kind,
)
from portal.ui.templatetags.ui import grouped

CATEGORY = "badges"


def register() -> None:
    """Make the notices about awards, and those to staff, known with their category."""
    register_category(CATEGORY, gettext_lazy("Points, badges and levels"))
    register_kind(
        Kind(
            code=AWARD_NOTICE,
            category=CATEGORY,
            describe=describe,
            prepare=prepare,
            email="award",
            is_mailed=is_mailed,
            is_game=True,
        )
    )
    register_kind(Kind(ALARM_NOTICE, CATEGORY, describe_alarm, is_optional=False))
    register_kind(
        Kind(BUDGET_NOTICE, CATEGORY, describe_budget, is_optional=False, prepare=prepare)
    )


def is_mailed(notice: Notice) -> bool:
    """Points alone are shown, a badge or a level is also written about."""
    return bool(notice.payload.get("badges") or notice.payload.get("level"))


def prepare(notices: list[Notice]) -> None:
    """Read the programme once for all of them."""
    _version, program = ProgramVersion.objects.current()
    for notice in notices:
        notice.data = program


def describe(notice: Notice) -> NoticeText:
    """Put an award into words: what, why, how far the next level is."""
    program: Program = notice.data
    amounts = _amounts(notice, program)
    reasons = _reasons(notice, program)
    moments = [*_badge_moments(notice, program), *_level_moment(notice, program)]
    return NoticeText(
        title=_title(amounts, moments),
        body=" · ".join(reasons),
        url=moments[0].url if moments else reverse("badges:points"),
        icon="award" if moments else "sparkles",
        action=_("See your points") if not moments else _("See what you have earned"),
        context={"moments": moments, "reasons": reasons, "amounts": amounts},
        award=AwardText(
            amounts=tuple(amounts),
            reasons=tuple(reasons),
            progress=lambda: _progress(notice.recipient, program),
            moments=tuple(moments),
        ),
    )


def _amounts(notice: Notice, program: Program) -> list[tuple[str, str, int]]:
    sums: dict[str, int] = {}
    for transfer in notice.payload.get("transfers", []):
        sums[transfer["currency"]] = sums.get(transfer["currency"], 0) + transfer["amount"]
    return [(code, _currency(code, program), amount) for code, amount in sums.items()]


def _reasons(notice: Notice, program: Program) -> list[str]:
    """Each rule's name, once; a rule without one is called by what the member did."""
    did = verb_label(notice.activity.verb) if notice.activity else ""
    names: dict[str, None] = {}
    for transfer in notice.payload.get("transfers", []):
        rule = program.rules_by_code.get(transfer["rule"])
        names[(rule_name(rule, lambda verb: did) if rule else "") or did] = None
    return [name for name in names if name]


def _badge_moments(notice: Notice, program: Program) -> list[Moment]:
    codes = dict.fromkeys(given["code"] for given in notice.payload.get("badges", []))
    known = program.badges_by_code
    return [_badge_moment(known[code]) for code in codes if code in known]


def _badge_moment(badge: Badge) -> Moment:
    return Moment(
        label=_("New badge"),
        title=name_of(badge),
        body=description_of(badge),
        url=reverse("badges:badge_detail", args=[badge.code]),
        art={**badge.picture.model_dump(), "tier": badge.tier},
    )


def _level_moment(notice: Notice, program: Program) -> list[Moment]:
    code = notice.payload.get("level")
    level = next((level for level in program.levels if level.code == code), None)
    if level is None:
        return []
    return [Moment(label=_("New level"), title=name_of(level), url=reverse("badges:points"))]


def _title(amounts: list[tuple[str, str, int]], moments: list[Moment]) -> str:
    if moments:
        return f"{moments[0].label}: {moments[0].title}"
    ordered = sorted(amounts, key=lambda amount: amount[0] != POINTS)
    if not ordered:
        return _("Something new for you")
    code, name, amount = ordered[0]
    if code != POINTS:
        return f"+{grouped(amount)} {name}"
    words = ngettext("+%(amount)s point", "+%(amount)s points", amount)
    return words % {"amount": grouped(amount)}


def _progress(member: Member, program: Program) -> str:
    """How far the next level is: "120 experience to Explorer"; nothing on the highest."""
    if not program.levels:
        return ""
    standing = standing_of(member)
    if standing.next_level is None:
        return ""
    return _("%(amount)s %(currency)s to %(level)s") % {
        "amount": grouped(standing.missing),
        "currency": _currency(EXPERIENCE, program),
        "level": name_of(standing.next_level),
    }


def _currency(code: str, program: Program) -> str:
    currency = program.currencies.get(code)
    return name_of(currency).lower() if currency else code
