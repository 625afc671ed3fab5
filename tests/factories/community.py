import factory

from community.models import Idea
from tests.factories.members import MemberFactory


class IdeaFactory(factory.django.DjangoModelFactory):
    """An idea row without its activity; `post_idea` is what members use."""

    class Meta:
        model = Idea

    author = factory.SubFactory(MemberFactory)
    title = factory.Sequence(lambda n: f"Idea {n}")
    body = "By the gate."
    body_html = "<p>By the gate.</p>"
