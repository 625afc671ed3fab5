from community.models.answers import StatusChange
from community.models.comments import Comment
from community.models.ideas import Category, Idea, Vote
from community.models.moderation import ModerationAction, Report

__all__ = ["Category", "Comment", "Idea", "ModerationAction", "Report", "StatusChange", "Vote"]
