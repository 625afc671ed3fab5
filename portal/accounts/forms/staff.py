"""Members in the CMS: e-mail, handle, name and roles."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Member
from portal.accounts.roles import role_label
from portal.accounts.services.members import is_free


class RolesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, group):
        return role_label(group.name)


class MemberForm(forms.ModelForm):
    """What both forms share; only administrators see the roles."""

    name = forms.CharField(label=_("Name"), max_length=80)
    email = forms.EmailField(label=_("Email"))
    groups = RolesField(
        label=_("Roles"),
        queryset=Group.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Member
        fields = ["name", "email", "handle"]
        labels = {"handle": _("Handle")}

    def __init__(
        self, *args: Any, actor: Member, editing_self: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.former = Member.objects.filter(pk=self.instance.pk).first()
        if self.former:
            self.initial["groups"] = self.former.groups.all()
        if editing_self or not actor.is_superuser:
            del self.fields["groups"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        others = Member.objects.exclude(pk=self.instance.pk)
        if others.filter(email=email).exists():
            raise ValidationError(_("Another member has this address."))
        return email

    def clean_handle(self) -> str:
        handle = self.cleaned_data["handle"]
        is_same = self.former and handle == self.former.handle
        if handle and not is_same and not is_free(handle, member=self.former):
            raise ValidationError(_("This name is taken. Please choose another."), code="taken")
        return handle

    def validate_unique(self) -> None:
        """Asked already, former handles included."""


class MemberCreationForm(MemberForm):
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave it empty, and the member sets one by “Forgot your password?”."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handle"].required = False
        self.fields["handle"].help_text = _("Leave it empty, and it is made from the name.")

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password

    def _get_validation_exclusions(self) -> set[str]:
        # An empty handle is made by the service.
        empty = set() if self.cleaned_data.get("handle") else {"handle"}
        # Django's own hook, which its stubs leave out.
        return super()._get_validation_exclusions() | empty  # type: ignore[misc]


class MemberEditForm(MemberForm):
    class Meta(MemberForm.Meta):
        fields = ["name", "email", "handle", "is_active"]

    def __init__(self, *args: Any, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, editing_self=editing_self, **kwargs)
        if editing_self:
            del self.fields["is_active"]
