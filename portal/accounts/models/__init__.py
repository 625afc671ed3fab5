from portal.accounts.models.members import FormerHandle, Member

__all__ = ["FormerHandle", "Member"]
