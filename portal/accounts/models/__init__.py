from portal.accounts.models.consents import Consent
from portal.accounts.models.identities import ExternalIdentity
from portal.accounts.models.interests import Interest
from portal.accounts.models.members import FormerHandle, Member
from portal.accounts.models.traces import Trace

__all__ = ["Consent", "ExternalIdentity", "FormerHandle", "Interest", "Member", "Trace"]
