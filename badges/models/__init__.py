from badges.models.accounts import Account, Entry, Transfer
from badges.models.awards import BadgeAward
from badges.models.boards import PeriodTotal
from badges.models.guards import BudgetUse, Claim, LimitUse, Refusal
from badges.models.programs import ProgramVersion

__all__ = [
    "Account",
    "BadgeAward",
    "BudgetUse",
    "Claim",
    "Entry",
    "LimitUse",
    "PeriodTotal",
    "ProgramVersion",
    "Refusal",
    "Transfer",
]
