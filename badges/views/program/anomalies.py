"""What looks unusual, in words, with the way to where it can be looked at."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from badges.models import Ring
from badges.program.schema import Program
from badges.services.anomalies import WEEK, WEEKS, Anomaly, anomalies
from badges.services.labels import amount_text, rule_label
from portal.accounts.models import Member
from portal.ui.templatetags.ui import grouped


def anomaly_lines(program: Program) -> list[dict[str, str]]:
    """Each finding as a sentence with its link."""
    return [*_rings(), *(_line(one, program) for one in anomalies(program=program))]


def _rings() -> list[dict[str, str]]:
    """One line for all groups that the nightly search has found and nobody has looked at."""
    count = Ring.objects.open().count()
    if not count:
        return []
    text = ngettext(
        "%(n)s group of members acts as if it were one person.",
        "%(n)s groups of members act as if each were one person.",
        count,
    )
    return [{"text": text % {"n": grouped(count)}, "url": reverse("programme:ring_list")}]


def _line(one: Anomaly, program: Program) -> dict[str, str]:
    text, url = WORDS[one.kind]
    words = {
        "amount": amount_text(one.amount, one.currency, program),
        "usual": amount_text(one.usual, one.currency, program),
        "rule": rule_label(one.rule_code, program),
        "staff": _name(one.staff),
        "member": _name(one.member),
        "times": grouped(one.times),
    }
    return {"text": text(one) % words, "url": url(one)}


def _name(member: Member | None) -> str:
    return member.display_name if member else "–"


def _trail(one: Anomaly) -> str:
    query = {"part": "adjustments", "q": one.staff.handle if one.staff else ""}
    return f"{reverse('programme:trail_list')}?{urlencode(query)}"


def _adjustments(one: Anomaly) -> str:
    query = urlencode({"q": one.member.handle if one.member else ""})
    return f"{reverse('programme:adjustment_list')}?{query}"


def _member(one: Anomaly) -> str:
    query = urlencode({"q": one.member.handle if one.member else ""})
    return f"{reverse('programme:member_explain')}?{query}"


def _rule(one: Anomaly) -> str:
    today = timezone.now().date()
    days = {"since": today - (WEEKS + 1) * WEEK, "until": today, "split": "week"}
    return f"{reverse('programme:cost_list')}?{urlencode(days)}"


WORDS: dict[str, tuple[Callable[[Anomaly], str], Callable[[Anomaly], str]]] = {
    "generous": (
        lambda _one: _(
            "%(staff)s gave %(amount)s by hand in four weeks; whoever gave second most gave"
            " %(usual)s."
        ),
        _trail,
    ),
    "again": (
        lambda one: ngettext(
            "%(staff)s gave %(member)s points by hand %(times)s time in four weeks: %(amount)s.",
            "%(staff)s gave %(member)s points by hand %(times)s times in four weeks: %(amount)s.",
            one.times,
        ),
        _adjustments,
    ),
    "mutual": (
        lambda _one: _(
            "%(staff)s and %(member)s gave one another points by hand in four weeks:"
            " %(amount)s and %(usual)s."
        ),
        _trail,
    ),
    "jump": (
        lambda _one: _(
            "“%(rule)s” paid %(amount)s in the last seven days; the most in one of the four weeks"
            " before was %(usual)s."
        ),
        _rule,
    ),
    "silence": (
        lambda _one: _(
            "“%(rule)s” paid nothing in the last seven days; each of the four weeks before it paid"
            " at least %(usual)s."
        ),
        _rule,
    ),
    "earner": (
        lambda _one: _(
            "%(member)s has earned %(amount)s this week; the most that anybody earned in one of"
            " the four weeks before was %(usual)s."
        ),
        _member,
    ),
}
