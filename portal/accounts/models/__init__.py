from portal.accounts.models.consents import Consent
from portal.accounts.models.identities import ExternalIdentity
from portal.accounts.models.interests import Interest
from portal.accounts.models.members import FormerHandle, Member

__all__ = ["Consent", "ExternalIdentity", "FormerHandle", "Interest", "Member"]
