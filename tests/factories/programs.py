"""Programmes for tests: the words of contract.md, without the parts that do not matter."""

from badges.program.schema import EMPTY_PROGRAM
from badges.services.programs import publish


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
