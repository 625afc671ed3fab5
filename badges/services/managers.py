"""Whom to tell of what concerns the programme as a whole."""

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from portal.accounts.models import Member


def responsible() -> QuerySet[Member]:
    """Everybody who may run the programme."""
    rights = Permission.objects.filter(codename="manage_program", content_type__app_label="badges")
    by_right = Q(user_permissions__in=rights) | Q(groups__permissions__in=rights)
    return Member.objects.present().filter(Q(is_superuser=True) | by_right).distinct()
