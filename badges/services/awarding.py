"""What the programme does with an activity: points, badges, levels and the notice about them."""

from dataclasses import dataclass, field

from badges.models import ProgramVersion, Refusal, Transfer
from badges.program.schema import Program
from badges.services import judging
from badges.services.badging import give_due_badges
from badges.services.ledger import balance, post_award, post_opposite, release_held
from portal.accounts.activities import EMAIL_VERIFIED
from portal.activity.models import Activity
from portal.notifications.services import notify

EXPERIENCE = "experience"
AWARD_NOTICE = "badges.award"


@dataclass
class Outcome:
    """What one activity brought its member."""

    transfers: list[Transfer] = field(default_factory=list)
    badges: list = field(default_factory=list)
    level: str | None = None

    def payload(self) -> dict:
        return {
            "transfers": [
                {"rule": t.rule_code, "currency": t.currency, "amount": t.amount}
                for t in self.transfers
            ],
            "badges": [{"code": b.badge_code, "object": b.object} for b in self.badges],
            "level": self.level,
        }

    def __bool__(self):
        return bool(self.transfers or self.badges or self.level)


def award_for(activity: Activity) -> Outcome:
    """Do everything that the programme in force does with an activity; a second run does nothing.

    Called by `dispatch` in its transaction, under the member's lock.
    """
    version, program = ProgramVersion.objects.current()
    if activity.is_reversal:
        _undo(activity, version, program)
        return Outcome()
    if activity.verb == EMAIL_VERIFIED:
        release_held(activity=activity)
    outcome = Outcome()
    before = _level(activity.member, program)
    outcome.transfers = _pay(activity, version, program, before)
    outcome.badges = give_due_badges(
        activity=activity, program=program, program_id=version, earned=bool(outcome.transfers)
    )
    if any(transfer.currency == EXPERIENCE for transfer in outcome.transfers):
        after = _level(activity.member, program)
        outcome.level = after if after != before else None
    if outcome:
        notify(
            recipient=activity.member,
            kind=AWARD_NOTICE,
            activity=activity,
            payload=outcome.payload(),
        )
    return outcome


def _level(member, program: Program) -> str | None:
    if not program.levels:
        return None
    level = program.level_at(balance(member=member, currency=EXPERIENCE))
    return level.code if level else None


def _case(activity: Activity, program: Program, level: str | None) -> judging.Case:
    roles = frozenset(group.name for group in activity.member.groups.all()) or {"member"}
    return judging.Case(activity, program, level, frozenset(roles))


def _pay(activity: Activity, version, program: Program, level: str | None) -> list[Transfer]:
    rules = program.rules_by_verb.get(activity.verb, [])
    if not rules:
        return []
    paid = dict(activity.transfers.values_list("rule_code", "currency"))
    case = _case(activity, program, level)
    transfers: list[Transfer] = []
    for rule in rules:
        if rule.code in paid or not judging.meets_conditions(rule, case):
            continue
        verdict = judging.judge(rule, case)
        if verdict.reason:
            _refuse(verdict, activity, version)
        for currency, amount in verdict.amounts.items():
            transfers.append(
                post_award(
                    activity=activity,
                    currency=currency,
                    amount=amount,
                    rule_code=rule.code,
                    version=version,
                    program=program,
                )
            )
    return transfers


def _refuse(verdict: judging.Verdict, activity: Activity, version) -> None:
    Refusal.objects.bulk_create(
        [
            Refusal(
                owner_id=activity.member_id,
                rule_code=verdict.rule.code,
                program_id=version,
                activity=activity,
                reason=verdict.reason,
                again_at=verdict.again_at,
            )
        ],
        ignore_conflicts=True,
    )


def _undo(activity: Activity, version, program: Program) -> None:
    """Write the mirror image of what the reversed activity moved, once."""
    done = set(activity.transfers.values_list("reverses_id", flat=True))
    moved = [t for t in activity.reverses.transfers.all() if t.pk not in done]
    taken = [transfer for transfer in moved if transfer.amount > 0]
    for transfer in taken:
        post_opposite(of=transfer, activity=activity, program=program)
        judging.release_places(activity.origin, transfer.rule_code)
        judging.give_back(transfer, program)
    by_rule: dict[str, list[Transfer]] = {}
    for transfer in moved:
        if transfer.amount < 0:
            by_rule.setdefault(transfer.rule_code, []).append(transfer)
    for rule_code, transfers in by_rule.items():
        _restore(rule_code, transfers, activity, version, program)


def _restore(rule_code: str, transfers: list[Transfer], activity, version, program) -> None:
    """Pay again what a reversal took, if its place and its room are still free."""
    rule = program.rules_by_code.get(rule_code)
    amounts = {transfer.currency: -transfer.amount for transfer in transfers}
    case = _case(activity.origin, program, None)
    if rule and not judging.retake(rule, case, amounts):
        verdict = judging.Verdict(rule, {}, Refusal.Reason.CLAIMED)
        _refuse(verdict, activity, version)
        return
    for transfer in transfers:
        post_opposite(of=transfer, activity=activity, program=program)
