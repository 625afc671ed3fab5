from community.models.ideas import Category, Idea, Vote

__all__ = ["Category", "Idea", "Vote"]
