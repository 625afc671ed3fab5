from badges.models.accounts import Account, Entry, Transfer
from badges.models.applications import Application
from badges.models.awards import BadgeAward
from badges.models.boards import BoardMark, ListingChange, PeriodTotal
from badges.models.credentials import Credential, IssuerKey
from badges.models.guards import BudgetUse, Claim, LimitUse, Refusal
from badges.models.programs import ProgramVersion
from badges.models.rewards import Redemption, RedemptionStep, Reward, RewardCode, RewardUse

__all__ = [
    "Account",
    "Application",
    "BadgeAward",
    "BoardMark",
    "BudgetUse",
    "Claim",
    "Credential",
    "Entry",
    "IssuerKey",
    "LimitUse",
    "ListingChange",
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
