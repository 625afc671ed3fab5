from badges.models.accounts import Account, Entry, Transfer
from badges.models.adjustments import Adjustment, AdjustmentUse, AdjustmentWords
from badges.models.applications import Application, PastOrder
from badges.models.awards import BadgeAward
from badges.models.boards import BoardMark, ListingChange, PeriodTotal
from badges.models.credentials import Credential, IssuerKey
from badges.models.drafts import DraftStep
from badges.models.expiry import ExpiryMonth, ExpiryWarning
from badges.models.guards import BudgetUse, BudgetWarning, Claim, LimitUse, Refusal
from badges.models.holds import Hold
from badges.models.programs import ProgramVersion
from badges.models.redemptions import Redemption, RedemptionStep
from badges.models.rewards import Reward, RewardCode, RewardStep, RewardUse
from badges.models.rings import Ring

__all__ = [
    "Account",
    "Adjustment",
    "AdjustmentUse",
    "AdjustmentWords",
    "Application",
    "BadgeAward",
    "BoardMark",
    "BudgetUse",
    "BudgetWarning",
    "Claim",
    "Credential",
    "DraftStep",
    "Entry",
    "ExpiryMonth",
    "ExpiryWarning",
    "Hold",
    "IssuerKey",
    "LimitUse",
    "ListingChange",
    "PastOrder",
    "PeriodTotal",
    "ProgramVersion",
    "Redemption",
    "RedemptionStep",
    "Refusal",
    "Reward",
    "RewardCode",
    "RewardStep",
    "RewardUse",
    "Ring",
    "Transfer",
]
