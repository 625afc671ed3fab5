import factory

from portal.accounts.models import Interest


class InterestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Interest

    code = factory.Sequence(lambda n: f"interest-{n}")
    name_en = factory.Sequence(lambda n: f"Interest {n}")
    name_tr = factory.Sequence(lambda n: f"İlgi {n}")
