"""Programmes for tests: the words of contract.md, without the parts that do not matter."""

from badges.models import BadgeAward
from badges.program.schema import EMPTY_PROGRAM
from badges.services.awarding import award_for
from badges.services.credentials.issuing import ShownAs, issue_credential
from badges.services.programs import publish
from portal.activity.services import record


def text(words):
    return {"en": words, "tr": words}


def rule(code="rule", verb="community.idea_posted", amount=10, currency="points", **more):
    award = more.pop("award", {"currency": currency, "amount": amount})
    return {"code": code, "verb": verb, "award": award, **more}


def badge(code="badge", criterion=None, **more):
    return {"code": code, "name": text(code), "criterion": criterion, **more}


def publish_program(*, rules=(), badges=(), levels=(), **more):
    document = {**EMPTY_PROGRAM, **more}
    document |= {"rules": list(rules), "badges": list(badges), "levels": list(levels)}
    version, _is_new = publish(document=document)
    return version


def publish_rule(**fields):
    return publish_program(rules=[rule(**fields)])


def share_award(*, member, verb):
    """What `verb` gives a badge for, done by `member` and shared under their name."""
    award_for([record(member=member, verb=verb)])
    award = BadgeAward.objects.of(member).latest("pk")
    return issue_credential(award=award, member=member, shown_as=ShownAs.NAME, is_bound=True)
