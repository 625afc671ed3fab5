import factory
from django.db.models import F

from community.models import Category, Comment, Idea
from tests.factories.members import MemberFactory


class CategoryFactory(factory.django.DjangoModelFactory):
    """A board of the idea forum."""

    class Meta:
        model = Category

    code = factory.Sequence(lambda n: f"board-{n}")
    name_en = factory.Sequence(lambda n: f"Board {n}")
    name_tr = factory.Sequence(lambda n: f"Pano {n}")


class IdeaFactory(factory.django.DjangoModelFactory):
    """An idea row without its activity; `post_idea` is what members use."""

    class Meta:
        model = Idea

    author = factory.SubFactory(MemberFactory)
    title = factory.Sequence(lambda n: f"Idea {n}")
    body = "By the gate."
    body_html = "<p>By the gate.</p>"


class CommentFactory(factory.django.DjangoModelFactory):
    """A counted comment without its activity; `post_comment` is what members use."""

    class Meta:
        model = Comment
        skip_postgeneration_save = True

    idea = factory.SubFactory(IdeaFactory)
    author = factory.SubFactory(MemberFactory)
    body = "I would use it."
    body_html = "<p>I would use it.</p>"
    root = factory.LazyAttribute(lambda it: it.parent and (it.parent.root or it.parent))
    parent = None

    @factory.post_generation
    def counted(self, create, extracted, **kwargs):
        if create:
            rows = Idea.objects.filter(pk=self.idea_id)
            rows.update(comment_count=F("comment_count") + int(self.is_open))
