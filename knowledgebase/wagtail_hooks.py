from datetime import timedelta

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.models import Page
from wagtail.permissions import policy_registry

from knowledgebase.models import ArticlePage, SurveyPage
from knowledgebase.views import results
from portal.accounts.models import Member
from portal.ui.staff import PermittedItem


class MemberFilterForm(BaseFilterForm):
    """Finds members by the beginning of their name or handle."""

    q = forms.CharField(label=_("Name or handle"), required=False, max_length=80)

    def filter(self, objects):
        wanted = self.cleaned_data.get("q", "").replace("\0", "").strip()
        if not wanted:
            return objects
        self.is_searching, self.search_query = True, wanted
        return objects.filter(Q(name__istartswith=wanted) | Q(handle__startswith=wanted.lower()))


class PresentMembers:
    """Members with an open account, by name."""

    ordering = ["name", "pk"]
    filter_form_class = MemberFilterForm

    def get_object_list(self):
        return Member.objects.present()


class ChooseMember(PresentMembers, ChooseView):
    pass


class ChooseMemberResults(PresentMembers, ChooseResultsView):
    pass


class MemberChooserViewSet(ChooserViewSet):
    """Chooses one member of many thousands, where a plain select would list them all."""

    model = Member
    icon = "user"
    per_page = 20
    choose_one_text = _("Choose a member")
    choose_another_text = _("Choose another member")
    choose_view_class = ChooseMember
    choose_results_view_class = ChooseMemberResults


@hooks.register("register_admin_viewset")
def member_chooser():
    return MemberChooserViewSet("member_chooser")


@hooks.register("register_admin_urls")
def admin_urls():
    survey = "surveys/<uuid:key>/"
    return [
        path("surveys/", results.survey_list, name="knowledgebase_cms_surveys"),
        path(survey, results.survey_results, name="knowledgebase_cms_survey"),
        path(f"{survey}texts/<slug:code>/", results.survey_texts, name="knowledgebase_cms_texts"),
        path(
            f"{survey}export.csv",
            results.survey_export,
            {"form": "csv"},
            name="knowledgebase_cms_csv",
        ),
        path(
            f"{survey}export.xlsx",
            results.survey_export,
            {"form": "xlsx"},
            name="knowledgebase_cms_xlsx",
        ),
        path("helpful/", results.feedback_list, name="knowledgebase_cms_feedback"),
    ]


@hooks.register("register_admin_menu_item")
def surveys_item():
    url = reverse("knowledgebase_cms_surveys")
    return PermittedItem(
        _("Survey results"),
        url,
        permission=results.MAY_SEE,
        name="surveys",
        icon_name="list-ul",
        order=330,
    )


@hooks.register("register_admin_menu_item")
def feedback_item():
    url = reverse("knowledgebase_cms_feedback")
    return PermittedItem(
        _("Helpful or not"),
        url,
        permission=results.MAY_SEE,
        name="helpful",
        icon_name="help",
        order=340,
    )


class CarePanel(Component):
    """Surveys that close soon and articles that nobody has checked for a year."""

    order = 80
    template_name = "knowledgebase/cms/care.html"
    closing_days, checked_days, most = 7, 365, 5

    def __init__(self, user):
        self.user = user

    def get_context_data(self, parent_context):
        return {"closing": self._closing(), "unchecked": self._unchecked()}

    def _closing(self) -> int:
        if not self.user.has_perm(results.MAY_SEE):
            return 0
        now = timezone.now()
        soon = now + timedelta(days=self.closing_days)
        surveys = SurveyPage.objects.live().filter(closes_at__gt=now, closes_at__lte=soon)
        return surveys.values("translation_key").distinct().count()

    def _unchecked(self) -> list[ArticlePage]:
        """The ones that this member may change, the longest unchecked first."""
        pages = policy_registry.get_by_type(Page)
        mine = pages.instances_user_has_permission_for(self.user, "change")
        since = timezone.localdate() - timedelta(days=self.checked_days)
        old = Q(reviewed_at__lt=since) | Q(reviewed_at=None, first_published_at__date__lt=since)
        articles = ArticlePage.objects.live().filter(old, pk__in=mine.values("pk"))
        return list(articles.order_by("reviewed_at", "pk")[: self.most])


@hooks.register("construct_homepage_panels")
def care(request, panels):
    panels.append(CarePanel(request.user))


@hooks.register("register_permissions")
def permissions():
    return Permission.objects.filter(
        content_type__app_label="knowledgebase", codename="view_surveyresponse"
    )
