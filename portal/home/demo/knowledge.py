"""Articles, videos and surveys of the demo community."""

from django.utils import timezone
from wagtail.models import Page

from knowledgebase.models import (
    ArticlePage,
    CategoryPage,
    KnowledgeIndexPage,
    SurveyIndexPage,
    SurveyPage,
    SurveyQuestion,
    VideoPage,
)
from portal.accounts.models import Member
from portal.cms.models import PortalMedia
from portal.home.demo.content import ago, media, read
from portal.home.demo.publishing import Pages, Pictures, publish_in_both
from portal.ui.text import slugify


def index_pages(model: type[Page]) -> Pages:
    """The index pages of a feature by language."""
    return {page.locale.language_code: page for page in model.objects.select_related("locale")}


def load_categories() -> dict[str, Pages]:
    parents = index_pages(KnowledgeIndexPage)
    return {
        row["key"]: publish_in_both(
            parents,
            CategoryPage,
            lambda code, row=row: {
                "title": row["title"][code],
                "slug": row["slug"][code],
                "summary": row["description"][code],
                "intro": row["description"][code],
                "icon": row["icon"],
            },
        )
        for row in read("articles")["categories"]
    }


def load_articles(categories: dict[str, Pages], pictures: Pictures) -> list[Pages]:
    pages = []
    for number, row in enumerate(read("articles")["articles"]):
        keeper = Member.objects.filter(handle=row.get("keeper")).first()

        def fields(code, row=row, keeper=keeper):
            return {
                "title": row["title"][code],
                "slug": slugify(row["title"][code]),
                "summary": row["summary"][code],
                "body": _story(row["body"][code], pictures),
                "picture": pictures.get(row["picture"]),
                "keeper": keeper,
                "reviewed_at": ago(row["reviewed_days_ago"]).date(),
            }

        published = ago(200 - number * 14)
        parents = categories[row["category"]]
        pages.append(publish_in_both(parents, ArticlePage, fields, at=published))
    return pages


def load_videos(categories: dict[str, Pages], pictures: Pictures) -> list[Pages]:
    pages = []
    for row in read("videos")["videos"]:
        film = _film(row)

        def fields(code, row=row, film=film):
            return {
                "title": row["title"][code],
                "slug": slugify(row["title"][code]),
                "summary": row["summary"][code],
                "media": film,
                "picture": pictures.get(row["poster"], folder="posters"),
                "chapters": "\n".join(
                    f"{int(part['at']) // 60}:{int(part['at']) % 60:02} {part['title'][code]}"
                    for part in row["chapters"]
                ),
            }

        parents = categories[row["category"]]
        pages.append(publish_in_both(parents, VideoPage, fields, at=ago(90)))
    return pages


def load_surveys() -> list[Pages]:
    parents = index_pages(SurveyIndexPage)
    return [_survey(row, parents) for row in read("surveys")["surveys"]]


def _survey(row: dict, parents: Pages) -> Pages:
    def fields(code):
        return {
            "title": row["title"][code],
            "slug": slugify(row["title"][code]),
            "summary": row["intro"][code][:200],
            "intro": row["intro"][code],
            "why": row["why"][code],
            "thanks": row["thanks"][code],
            "questions": [
                SurveyQuestion(
                    code=f"q{number}",
                    sort_order=number,
                    kind=question["kind"],
                    text=question["text"][code],
                    options="\n".join(option[code] for option in question["options"]),
                    is_required=question["required"],
                )
                for number, question in enumerate(row["questions"], 1)
            ],
        }

    return publish_in_both(parents, SurveyPage, fields, at=ago(40))


def _film(row: dict) -> PortalMedia:
    film = PortalMedia(
        title=row["title"]["en"],
        type="video",
        duration=row["duration"],
        width=row.get("width", 1280),
        height=row.get("height", 720),
        created_at=timezone.now(),
        file=media("videos", row["file"]),
        thumbnail=media("posters", row["poster"]),
        captions_en=media("videos", row["captions"]["en"]),
        captions_tr=media("videos", row["captions"]["tr"]),
    )
    film.save()
    return film


def _story(blocks: list[dict], pictures: Pictures) -> list[tuple]:
    """Blocks of the file as StreamField data."""
    story = []
    for block in blocks:
        ((kind, value),) = block.items()
        if kind == "picture":
            value = {"image": pictures.get(value), "alt": "", "caption": ""}
        story.append((kind, value))
    return story
