"""What an award reads, asked ahead in the message by which its activities are numbered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from badges.models import Transfer
from badges.models.boards import EXPERIENCE
from badges.models.programs import ask_current, last_known
from badges.program.schema import Program, Rule
from badges.services.books import ask_accounts
from portal.activity.bundles import Answer, Bundle
from portal.activity.models import Activity
from portal.activity.rows import reserve_keys


@dataclass(frozen=True)
class Asked:
    """Answers to what was asked on the strength of a programme that may be out of date.

    `current` says which one is in force. The accounts of `currencies` are locked, and `keys` are
    reserved for transfers; either is None where nothing of that kind was expected.
    """

    current: Answer
    currencies: Collection[str] = ()
    accounts: Answer | None = None
    keys: Answer | None = None

    def locked(self, currencies: Collection[str]) -> list[tuple] | None:
        """The rows of the accounts, if just these currencies were asked for."""
        if self.accounts is None or set(currencies) != set(self.currencies):
            return None
        return self.accounts.rows


def ask_ahead(activities: Sequence[Activity], bundle: Bundle) -> Asked:
    """Ask for the programme in force and, expecting the last one, for what its awards need.

    Of reversals nobody knows yet what they undo, so they ask for the rest themselves.
    """
    current = ask_current(bundle)
    if any(activity.is_reversal for activity in activities):
        return Asked(current)
    program = last_known()
    rules = rules_about(activities, program)
    currencies = currencies_of(rules, {activity.verb for activity in activities}, program)
    if not currencies:
        return Asked(current)
    members = sorted({activity.member_id for activity in activities})
    accounts = ask_accounts(members, sorted(currencies), bundle)
    # As many keys as there are transfers if every rule pays.
    keys = reserve_keys(Transfer, sum(len(rule.award) for rule in rules), bundle)
    return Asked(current, currencies, accounts, keys)


def rules_about(facts: Sequence[Activity], program: Program) -> list[Rule]:
    """The rules about each fact, one after the other; a rule comes once a fact."""
    return [rule for fact in facts for rule in program.rules_by_verb.get(fact.verb, ())]


def currencies_of(rules: Collection[Rule], verbs: Collection[str], program: Program) -> set[str]:
    """What rules, and badges that look at these verbs, may ask of purses."""
    currencies = {award.currency for rule in rules for award in rule.award}
    if asks_about_member(rules, "level"):
        currencies.add(EXPERIENCE)
    if currencies or any(not badge.verbs.isdisjoint(verbs) for badge in program.badges):
        currencies |= program.measured_currencies
    return currencies


def asks_about_member(rules: Collection[Rule], name: str) -> bool:
    """Whether a rule looks at its member's role or level."""
    tests = (rule.when.member for rule in rules if rule.when and rule.when.member)
    return any(getattr(test, name) is not None for test in tests)
