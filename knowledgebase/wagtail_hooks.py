from django import forms
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from knowledgebase.views import results
from portal.accounts.models import Member


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


class ResultsItem(MenuItem):
    """A menu item for those who may see what members answered."""

    def is_shown(self, request):
        return request.user.has_perm(results.MAY_SEE)


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
    return ResultsItem(_("Survey results"), url, name="surveys", icon_name="list-ul", order=330)


@hooks.register("register_admin_menu_item")
def feedback_item():
    url = reverse("knowledgebase_cms_feedback")
    return ResultsItem(_("Helpful or not"), url, name="helpful", icon_name="help", order=340)


@hooks.register("register_permissions")
def permissions():
    return Permission.objects.filter(
        content_type__app_label="knowledgebase", codename="view_surveyresponse"
    )
