from badges.models.accounts import Account, Entry, Transfer
from badges.models.applications import Application
from badges.models.awards import BadgeAward
from badges.models.boards import PeriodTotal
from badges.models.credentials import Credential, IssuerKey
from badges.models.guards import BudgetUse, BudgetWarning, Claim, LimitUse, Refusal
from badges.models.programs import ProgramVersion
from badges.models.rewards import Redemption, RedemptionStep, Reward, RewardCode, RewardUse

__all__ = [
    "Account",
    "Application",
    "BadgeAward",
    "BudgetUse",
    "BudgetWarning",
    "Claim",
    "Credential",
    "Entry",
    "IssuerKey",
    "LimitUse",
    "PeriodTotal",
    "ProgramVersion",
    "Redemption",
    "RedemptionStep",
    "Refusal",
    "Reward",
    "RewardCode",
    "RewardUse",
    "Transfer",
]
