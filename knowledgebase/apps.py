from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgebaseConfig(AppConfig):
    name = "knowledgebase"
    label = "knowledgebase"
    verbose_name = _("Knowledge")

    def ready(self):
        from knowledgebase import activities
        from knowledgebase.services import members, pages, recounting
        from portal.accounts.registry import register_eraser, register_exporter
        from portal.activity.registry import PORTAL_ONLY, register_object, register_verbs

        register_verbs(activities.VERBS, speakers=PORTAL_ONLY)
        register_object("article", pages.article_links)
        register_object("video", pages.video_links)
        register_object("survey", pages.survey_links)
        recounting.register()
        register_exporter("knowledge", members.export_knowledge)
        register_eraser(members.erase_knowledge)
