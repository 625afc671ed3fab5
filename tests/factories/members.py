import factory
from allauth.account.models import EmailAddress

from portal.accounts.models import Member

PASSWORD = "a calm square"


class MemberFactory(factory.django.DjangoModelFactory):
    """A member with a verified address; no activity is recorded for joining."""

    class Meta:
        model = Member
        skip_postgeneration_save = True

    handle = factory.Sequence(lambda n: f"member-{n}")
    name = factory.Sequence(lambda n: f"Member {n}")
    email = factory.LazyAttribute(lambda member: f"{member.handle}@example.com")
    language = "en"
    time_zone = "Europe/Istanbul"

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(extracted or PASSWORD)
        if create:
            self.save(update_fields=["password"])

    @factory.post_generation
    def verified(self, create, extracted, **kwargs):
        if create and extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)
