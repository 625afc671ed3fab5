"""Rules and criteria in words, made from what is run, so that what is shown cannot differ."""

from collections.abc import Callable

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from badges.program.criteria import Criterion, Measure
from badges.program.schema import Badge, Limit, Program, Rule
from badges.program.vocabulary import Part, ValueTest

Label = Callable[[str], str]


def name_of(part: Part, language: str | None = None) -> str:
    """The name of a rule, badge, level, currency or season in the language in force."""
    name = getattr(part, "name", None)
    return name.in_language(language or get_language() or "en") if name else ""


def description_of(badge: Badge) -> str:
    return badge.description.in_language(get_language() or "en") if badge.description else ""


def rule_name(rule: Rule, label: Label) -> str:
    """What a ledger line gives as its reason: the rule's name, else what the activity was."""
    return name_of(rule) or _verbs(rule.verb, label)


def award_text(rule: Rule, program: Program) -> str:
    """`20 points and 10 experience`."""
    parts = []
    for award in rule.award:
        unit = name_of(program.currencies[award.currency]).lower()
        if award.per_value:
            parts.append(_("%(n)s %(unit)s for each") % {"n": award.per_value, "unit": unit})
        else:
            parts.append(f"{award.amount} {unit}")
    return _(" and ").join(parts)


def limits_text(rule: Rule) -> str:
    """`once for each thing, at most 5 times a day`."""
    once = {
        "object": _("once for each thing"),
        "member": pgettext("a rule pays", "once"),
        "day": _("once a day"),
    }
    parts = [once[rule.once_per]] if rule.once_per in once else []
    return ", ".join([*parts, *(_limit(limit) for limit in rule.limit)])


def rule_sentence(rule: Rule, program: Program, label: Label) -> str:
    """The whole rule: `When a member does this: 20 points, at most 5 times a day`."""
    head = _("%(activity)s: %(award)s") % {
        "activity": _verbs(rule.verb, label),
        "award": award_text(rule, program),
    }
    limits = limits_text(rule)
    return f"{head}, {limits}" if limits else head


def criterion_text(criterion: Criterion, program: Program, label: Label) -> str:
    """What a badge asks for, generated from the criterion that is run."""
    if criterion.kind in ("all", "any"):
        glue = _(" and ") if criterion.kind == "all" else _(" or ")
        return glue.join(criterion_text(part, program, label) for part in criterion.parts)
    if criterion.badge is not None:
        held = program.badges_by_code[criterion.badge]
        return _("hold the badge “%(name)s”") % {"name": name_of(held)}
    if criterion.balance is not None:
        unit = name_of(program.currencies[criterion.balance]).lower()
        return _("reach %(n)s %(unit)s") % {"n": criterion.goal, "unit": unit}
    return _measured(criterion, criterion.measure, label) if criterion.measure else ""


def _measured(criterion: Criterion, measure: Measure, label: Label) -> str:
    n = criterion.goal
    activity = _verbs(measure.verb, label)
    texts = {
        "count": ngettext("%(activity)s: once", "%(activity)s: %(n)s times", n),
        "sum": _("%(activity)s: %(n)s in all"),
        "distinct": ngettext("%(activity)s: one", "%(activity)s: %(n)s different ones", n),
        "streak": ngettext("%(activity)s: on one day", "%(activity)s: on %(n)s days in a row", n),
    }
    text = texts[criterion.kind] % {"activity": activity, "n": n}
    if getattr(measure, "per", None) == "object":
        text = _("%(text)s, for one and the same thing") % {"text": text}
    if grace := getattr(measure, "grace", 0):
        text = _("%(text)s (up to %(n)s missed days in between)") % {"text": text, "n": grace}
    if measure.value:
        text = _("%(text)s, where %(test)s") % {"text": text, "test": value_text(measure.value)}
    if measure.within:
        days = ngettext("%(text)s, on one day", "%(text)s, within %(days)s days", measure.within)
        text = days % {"text": text, "days": measure.within}
    return text


def value_text(test: ValueTest) -> str:
    """`the value is at least 3 and at most 10`."""
    parts = []
    if test.equals is not None:
        parts.append(_("the value is %(n)s") % {"n": test.equals})
    if test.at_least is not None:
        parts.append(_("the value is at least %(n)s") % {"n": test.at_least})
    if test.at_most is not None:
        parts.append(_("the value is at most %(n)s") % {"n": test.at_most})
    return _(" and ").join(parts)


def _verbs(verbs: list[str], label: Label) -> str:
    return _(" or ").join(label(verb) for verb in verbs)


def _limit(limit: Limit) -> str:
    number = limit.times or limit.amount or 0
    if limit.times is not None:
        texts = {
            "day": ngettext("at most once a day", "at most %(n)s times a day", number),
            "week": ngettext("at most once a week", "at most %(n)s times a week", number),
            "month": ngettext("at most once a month", "at most %(n)s times a month", number),
            "ever": ngettext("at most once", "at most %(n)s times", number),
        }
    else:
        texts = {
            "day": _("at most %(n)s a day"),
            "week": _("at most %(n)s a week"),
            "month": _("at most %(n)s a month"),
            "ever": _("at most %(n)s in all"),
        }
    return texts[limit.per] % {"n": number}
