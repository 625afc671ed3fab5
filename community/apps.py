from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = _("Community")

    def ready(self):
        from community import activities
        from community.services import recounting
        from community.services.erasing import erase_private, erase_public
        from community.services.exports import export_of
        from community.services.links import comment_links, comment_owners, idea_links, idea_owners
        from community.services.notices import register_notices
        from portal.accounts.registry import register_eraser, register_exporter
        from portal.activity.registry import (
            PORTAL_ONLY,
            register_either,
            register_object,
            register_own_work,
            register_owners,
            register_verbs,
        )

        register_verbs(activities.VERBS, speakers=PORTAL_ONLY)
        register_own_work(activities.OWN_WORK)
        register_either(activities.EITHER)
        register_object("idea", idea_links)
        register_object("comment", comment_links)
        register_owners("idea", idea_owners)
        register_owners("comment", comment_owners)
        register_notices()
        recounting.register()
        register_exporter("community", export_of)
        register_eraser(erase_private)
        register_eraser(erase_public, is_public=True)
