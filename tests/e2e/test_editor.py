"""An editor publishes an article in two languages; visitors read both."""

from secrets import token_hex

from playwright.sync_api import Page, expect

from tests.e2e.desk import add_block, add_page, publish, translate, write_title


def test_an_article_is_published_in_two_languages(open_context, open_as):
    mark = token_hex(3)
    title, turkish_title = f"Drying a wet tent {mark}", f"Islak çadırı kurutmak {mark}"
    desk = open_as("editor@example.com")

    english = write_article(desk, title)
    translate(desk, title, into="Turkish")
    write_title(desk, turkish_title)
    desk.get_by_role("textbox", name="Summary").fill("Bir saat rüzgâr kumaşı korur.")
    turkish = publish(desk)

    visitor = open_context(language="en").new_page()
    visitor.goto(english)
    expect(visitor.get_by_role("heading", name=title, level=1)).to_be_visible()
    expect(visitor.get_by_text("Shake the flysheet and hang it in the shade.")).to_be_visible()
    expect(visitor.get_by_text("A damp tent smells after two days.")).to_be_visible()
    visitor.get_by_role("link", name="Türkçe").first.click()
    expect(visitor.get_by_role("heading", name=turkish_title, level=1)).to_be_visible()
    assert visitor.url.endswith(turkish)
    visitor.get_by_role("link", name="English").first.click()
    expect(visitor.get_by_role("heading", name=title, level=1)).to_be_visible()


def write_article(desk: Page, title: str) -> str:
    add_page(desk, "Home", "Knowledge", "At camp", kind="Article")
    write_title(desk, title)
    desk.get_by_role("textbox", name="Summary").fill("An hour of wind saves the fabric.")
    add_block(desk, "Heading", "Before you pack")
    add_block(desk, "Text", "Shake the flysheet and hang it in the shade.")
    add_block(desk, "Tip", "A damp tent smells after two days.")
    return publish(desk)
