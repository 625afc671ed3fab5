"""What the short sentences leave out, in words, for those who run the programme."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from badges.program.money import worth_text
from badges.program.schema import Badge, Currency, Level, Program, Rule, Season
from badges.program.sentences import Label, criterion_text, name_of, rule_sentence, value_text

ROLE_NAMES = {
    "member": lambda: _("members"),
    "moderator": lambda: _("moderators"),
    "editor": lambda: _("editors"),
    "brand_manager": lambda: _("brand managers"),
    "administrator": lambda: _("administrators"),
}


def role_name(code: str) -> str:
    return ROLE_NAMES[code]() if code in ROLE_NAMES else code


def tier_name(code: str) -> str:
    names = {"bronze": _("bronze"), "silver": _("silver"), "gold": _("gold")}
    return names.get(code, code)


def rule_details(rule: Rule, program: Program) -> list[str]:
    """Conditions, dates, budget and control group of a rule, each as a short phrase."""
    return [*_conditions(rule, program), *_bounds(rule, program)]


def conditions_text(rule: Rule, program: Program) -> str:
    """Everything that a rule asks of an activity and its member: `only the first time; …`."""
    return "; ".join(_conditions(rule, program))


def rule_in_full(rule: Rule, program: Program, label: Label) -> str:
    """The rule's sentence with everything that limits it."""
    parts = [rule_sentence(rule, program, label), *rule_details(rule, program)]
    return "; ".join([*parts, *rule_gates(rule, label)])


def badge_in_full(badge: Badge, program: Program, label: Label) -> str:
    """A badge's name, tier and criterion."""
    text = _("%(name)s (%(tier)s): %(criterion)s") % {
        "name": name_of(badge),
        "tier": tier_name(badge.tier),
        "criterion": criterion_text(badge.criterion, program, label),
    }
    return _("%(text)s; again for each thing") % {"text": text} if badge.repeatable else text


def level_in_full(level: Level) -> str:
    return _("%(name)s: from %(n)s experience") % {"name": name_of(level), "n": level.experience}


def season_in_full(season: Season) -> str:
    return _("%(name)s: %(start)s to %(end)s") % {
        "name": name_of(season),
        "start": date_format(season.starts_on),
        "end": date_format(season.ends_on),
    }


def currency_in_full(currency: Currency) -> str:
    """A currency's name, what one of it is worth, and how long it lasts where it expires."""
    text = _("Currency: %(name)s") % {"name": name_of(currency)}
    if currency.worth:
        words = {"text": text, "money": worth_text(currency.worth)}
        text = _("%(text)s, one of them worth %(money)s") % words
    if currency.expires is None:
        return text
    text = _("%(text)s, expires after %(days)s days, announced %(warn)s days before") % {
        "text": text,
        "days": currency.expires.after,
        "warn": currency.expires.warn,
    }
    return _("%(text)s, given back within %(days)s days") % {
        "text": text,
        "days": currency.expires.grace,
    }


def _conditions(rule: Rule, program: Program) -> Iterator[str]:
    when = rule.when
    if when is None:
        return
    if when.value:
        yield _("only where %(test)s") % {"test": value_text(when.value)}
    if when.object:
        yield _("only for things that begin with “%(prefix)s”") % {"prefix": when.object.prefix}
    if when.member and when.member.role:
        names = ", ".join(role_name(code) for code in when.member.role)
        yield _("only for %(roles)s") % {"roles": names}
    if when.member and when.member.level:
        known = {level.code: name_of(level) for level in program.levels}
        names = ", ".join(known.get(code, code) for code in when.member.level)
        yield _("only for the levels %(levels)s") % {"levels": names}
    if when.first_time is not None:
        yield _("only the first time") if when.first_time else _("never the first time")


def _bounds(rule: Rule, program: Program) -> Iterator[str]:
    if rule.starts_at:
        yield pgettext("rule", "from %(date)s") % {"date": _moment(rule.starts_at, program)}
    if rule.ends_at:
        yield pgettext("rule", "until %(date)s") % {"date": _moment(rule.ends_at, program)}
    if rule.budget:
        yield _("%(n)s in all for everybody together") % {"n": rule.budget}
    if rule.holdout:
        yield _("not for %(n)s %% of the members, who serve as a control group") % {
            "n": rule.holdout
        }


def rule_gates(rule: Rule, label: Label) -> Iterator[str]:
    """What a rule leaves out, keeps back, or only tries."""
    if rule.shadow:
        yield _("on trial: counted, not paid")
    names = {
        "staff": _("not for the team"),
        "bots": _("not for programs"),
        "own": _("not for what is the member's own"),
    }
    yield from (names[what] for what in rule.exclude)
    if rule.hold and rule.hold.hours:
        yield _("kept back for %(n)s hours") % {"n": rule.hold.hours}
    if rule.hold and rule.hold.until:
        yield _("kept back until: %(what)s") % {"what": label(rule.hold.until)}
    if rule.hold and rule.hold.newcomers:
        yield _(
            "of newcomers kept back beyond %(n)s points, for %(days)s days and until their address"
            " is verified"
        ) % {"n": rule.hold.newcomers.beyond, "days": rule.hold.newcomers.days}


def _moment(moment: datetime, program: Program) -> str:
    return date_format(moment.astimezone(program.zone), "SHORT_DATETIME_FORMAT")
