"""The demo's brand, home page and legal pages."""

from wagtail.models import Site

from portal.cms.models import BrandSettings, TextPage
from portal.home.demo.content import ago, read
from portal.home.demo.publishing import Pages, Pictures, publish_in_both
from portal.home.models import HomePage

NOW_TITLES = {"en": "Happening now", "tr": "Şu anda"}
BOARD_TITLES = {"en": "This week", "tr": "Bu hafta"}


def load_brand() -> None:
    row = read("pages")["brand"]
    brand = BrandSettings.for_site(Site.objects.get(is_default_site=True))
    brand.name = row["name"]
    brand.tagline_en, brand.tagline_tr = row["tagline"]["en"], row["tagline"]["tr"]
    brand.save()


def load_home(pictures: Pictures) -> Pages:
    row = read("pages")["home"]
    homes = {page.locale.language_code: page for page in HomePage.objects.select_related("locale")}
    for code, page in homes.items():
        page.lead = read("pages")["brand"]["tagline"][code]
        page.summary = row["sentence"][code][:200]
        page.picture = pictures.get(row["picture"])
        page.body = _body(row, code)
        page.save_revision().publish()
        page.refresh_from_db()
    return homes


def load_texts(homes: Pages) -> None:
    for row in read("pages")["pages"]:
        publish_in_both(
            homes,
            TextPage,
            lambda code, row=row: {
                "title": row["title"][code],
                "slug": row["slug"][code],
                "body": row["body"][code],
                "show_in_menus": True,
            },
            at=ago(290),
        )


def _body(row: dict, code: str) -> list[tuple]:
    steps = [{"title": step["title"][code], "text": step["text"][code]} for step in row["steps"]]
    story = row["story"]
    return [
        ("now", {"heading": NOW_TITLES[code]}),
        ("steps", {"heading": row["steps_title"][code], "steps": steps}),
        ("text", f"<h2>{story['title'][code]}</h2>{story['text'][code]}"),
        ("board", {"heading": BOARD_TITLES[code]}),
    ]
