"""The audit trail in the CMS: who did what to the programme, to points and to badges, and when."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, DateTimeField, Field, ForeignKey, Q, TextField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from badges.models import (
    Adjustment,
    Application,
    BadgeAward,
    DraftStep,
    ProgramVersion,
    RedemptionStep,
    Reward,
    RewardStep,
)
from badges.models.redemptions import Redemption
from badges.program.schema import Program
from badges.services.labels import amount_text, badge_label, currency_label, level_label
from badges.services.trail import PARTS, Deed, subject_of, trail
from badges.views.program.pages import manages_program, page
from portal.accounts.models import Member

PART_NAMES = {
    "": gettext_lazy("Everything"),
    "program": gettext_lazy("Programme"),
    "past": gettext_lazy("Applied to the past"),
    "adjustments": gettext_lazy("Adjustments"),
    "badges": gettext_lazy("Badges taken back"),
    "rewards": gettext_lazy("Rewards"),
}
CHANGED = {
    "rules": gettext_lazy("Rules"),
    "badges": gettext_lazy("Badges"),
    "levels": gettext_lazy("Levels"),
    "seasons": gettext_lazy("Seasons"),
    "currencies": gettext_lazy("Currencies"),
    "timezone": gettext_lazy("Time zone"),
}
# Fields of a reward that keep a code of the programme.
CODES = {"currency": currency_label, "level": level_label}
MOST_FOUND = 200
# What a deed was, the words that its author gave, and where it stands.
Words = tuple[str, str, str]


@manages_program
@require_GET
def trail_list(request: HttpRequest) -> HttpResponse:
    part, query = request.GET.get("part", ""), request.GET.get("q", "").strip()[:80]
    part = part if part in PARTS else ""
    leaf = trail(part=part, by=_named(query), after=request.GET.get("after", ""))
    _pk, program = ProgramVersion.objects.current()
    asked = {"part": part} | ({"q": query} if query else {})
    return page(
        request,
        "trail_list.html",
        title=_("Who did what"),
        icon="history",
        lines=[_line(deed, leaf.people, program) for deed in leaf.deeds],
        parts=[(key, PART_NAMES[key]) for key in ("", *PARTS)],
        part=part,
        query=query,
        older=urlencode(asked | {"after": leaf.after}) if leaf.after else "",
        is_later=bool(request.GET.get("after")),
        newest=urlencode(asked),
    )


def _named(query: str) -> list[int] | None:
    """Whom a search means; None where nobody was asked for."""
    if not query:
        return None
    named = Q(handle=query.lstrip("@").lower()) | Q(name__icontains=query)
    return list(
        Member.objects.filter(named).order_by("pk").values_list("pk", flat=True)[:MOST_FOUND]
    )


def _line(deed: Deed, people: dict[int, Member], program: Program) -> dict[str, Any]:
    subject = people.get(subject_of(deed) or 0)
    text, note, url = WORDS[deed.kind](deed.row, subject, program)
    actor = people.get(deed.actor_id or 0)
    return {"at": deed.at, "who": actor, "text": text, "note": note, "url": url}


def _published(row: ProgramVersion, _subject: Member | None, _program: Program) -> Words:
    text = _("Version %(n)s published") % {"n": row.number}
    return text, row.note, reverse("programme:version_detail", args=[row.number])


def _draft(row: DraftStep, _subject: Member | None, _program: Program) -> Words:
    kinds = [(CHANGED.get(kind, kind), codes) for kind, codes in row.changes.items()]
    touched = "; ".join(f"{label}: {', '.join(codes)}" for label, codes in kinds)
    return str(DraftStep.Kind(row.kind).label), touched, ""


def _applied(row: Application, _subject: Member | None, program: Program) -> Words:
    amounts = ", ".join(_amounts(row, program))
    text = _("Version %(n)s applied to the past") % {"n": row.version.number}
    said = " · ".join(part for part in (amounts, row.note) if part)
    return text, said, reverse("programme:past")


def _undone(row: Application, _subject: Member | None, program: Program) -> Words:
    text = _("What version %(n)s had paid for the past taken back") % {"n": row.version.number}
    said = " · ".join(part for part in (*_amounts(row, program), row.reason) if part)
    return text, said, reverse("programme:past")


def _amounts(row: Application, program: Program) -> list[str]:
    amounts = Counter(row.summary.get("amounts", {}))
    return [amount_text(n, code, program) for code, n in sorted(amounts.items()) if n]


def _asked(row: Adjustment, subject: Member | None, program: Program) -> Words:
    is_given, waits = row.amount > 0, row.needs_second
    if waits and is_given:
        text = _("Asked to give %(amount)s to %(member)s")
    elif waits:
        text = _("Asked to take %(amount)s from %(member)s")
    elif is_given:
        text = _("Gave %(amount)s to %(member)s")
    else:
        text = _("Took %(amount)s from %(member)s")
    said = " · ".join(part for part in (row.get_reason_display(), row.words.note) if part)
    return text % _adjusted(row, subject, program), said, _list_of(subject)


def _decided(row: Adjustment, subject: Member | None, program: Program) -> Words:
    if row.decided_by_id is None:
        text = _("Took back the request of %(amount)s for %(member)s")
    elif row.is_approved:
        text = _("Agreed to %(amount)s for %(member)s")
    else:
        text = _("Declined %(amount)s for %(member)s")
    return text % _adjusted(row, subject, program, signed=True), row.words.answer, _list_of(subject)


def _adjusted(
    row: Adjustment, subject: Member | None, program: Program, *, signed: bool = False
) -> dict[str, str]:
    amount = row.amount if signed else abs(row.amount)
    text = amount_text(amount, row.currency, program, signed=signed)
    return {"amount": text, "member": _name(subject)}


def _list_of(subject: Member | None) -> str:
    query = urlencode({"q": subject.handle}) if subject else ""
    return f"{reverse('programme:adjustment_list')}?{query}"


def _revoked(row: BadgeAward, subject: Member | None, program: Program) -> Words:
    words = {"badge": badge_label(row.badge_code, program), "member": _name(subject)}
    text = _("Took the badge “%(badge)s” back from %(member)s") % words
    query = urlencode({"q": subject.handle}) if subject else ""
    return text, row.revoked_reason, f"{reverse('programme:award_list')}?{query}"


def _redemption(row: RedemptionStep, subject: Member | None, _program: Program) -> Words:
    words = {"reward": row.redemption.reward.name, "member": _name(subject)}
    url = f"{reverse('programme:redemption_list')}?{urlencode({'state': row.state})}"
    if row.state == Redemption.State.GIVEN:
        text = _("Handed “%(reward)s” over to %(member)s")
        return text % words, row.redemption.note, url
    text = _("Returned “%(reward)s” of %(member)s")
    return text % words, row.redemption.reason, url


def _reward(row: RewardStep, _subject: Member | None, program: Program) -> Words:
    words = {"reward": row.reward.name}
    if row.kind == RewardStep.Kind.FILLED:
        n = row.changes["codes"]
        text = ngettext("Added %(n)s code to “%(reward)s”", "Added %(n)s codes to “%(reward)s”", n)
        url = reverse("programme:reward_codes", args=[row.reward_id])
        return text % (words | {"n": n}), "", url
    is_new = row.kind == RewardStep.Kind.CREATED
    text = _("Put “%(reward)s” on offer") if is_new else _("Changed “%(reward)s”")
    fields = [field for field in Reward._meta.fields if field.name in row.changes]
    said = "; ".join(_changed(field, program, *row.changes[field.name]) for field in fields)
    return text % words, said, reverse("programme:reward_edit", args=[row.reward_id])


def _changed(field: Field, program: Program, before: Any, after: Any) -> str:
    """A field of a reward with what it was and became; long words and pictures by name alone."""
    label = str(capfirst(field.verbose_name))
    if isinstance(field, ForeignKey | TextField):
        return label
    return f"{label}: {_value(field, before, program)} → {_value(field, after, program)}"


def _value(field: Field, value: Any, program: Program) -> str:
    if value in (None, ""):
        return "–"
    if label_of := CODES.get(field.name):
        return label_of(value, program)
    if isinstance(field, BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(field, DateTimeField):
        return date_format(localtime(field.to_python(value)), "SHORT_DATETIME_FORMAT")
    return str(dict(field.flatchoices).get(value, value))


def _name(member: Member | None) -> str:
    return member.display_name if member else "–"


WORDS: dict[str, Callable[[Any, Member | None, Program], Words]] = {
    "published": _published,
    "draft": _draft,
    "applied": _applied,
    "undone": _undone,
    "asked": _asked,
    "decided": _decided,
    "revoked": _revoked,
    "redemption": _redemption,
    "reward": _reward,
}
