import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import PageViewRestriction

from knowledgebase.models import Feedback, ReadingMark, SurveyResponse
from knowledgebase.services.visits import sign_visit
from tests.factories import knowledge
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.usefixtures("knowledge_place")

# About ten of each are Wagtail's own way from the address to the page.
INDEX_QUERIES = 15
CATEGORY_QUERIES = 15
ARTICLE_QUERIES = 17
SURVEY_QUERIES = 10


def html_of(client, url, status=200, **headers):
    response = client.get(url, headers=headers)
    assert response.status_code == status, response.get("Location")
    return " ".join(response.content.decode().split())


def article_names(html):
    """The names of the page's `article`s, as a screen reader says them."""
    labels = re.findall(r'<article[^>]*aria-labelledby="([^"]+)"', html)
    return [re.search(rf'id="{label}"[^>]*>(?:<a[^>]*>)?([^<]+)', html)[1] for label in labels]


@pytest.fixture
def shelf(db):
    category = knowledge.category("At camp", icon="tent")
    for title in ("Sleep warm", "Brew coffee", "Pitch dry"):
        knowledge.article(title, parent=category)
    knowledge.video("Pitch in wind", parent=category)
    return category


@pytest.mark.parametrize("rows", [1, 3])
def test_index_asks_as_often_for_one_category_as_for_three(
    client, db, rows, django_assert_num_queries
):
    for number in range(rows):
        category = knowledge.category(f"Shelf {number}")
        knowledge.article(f"Article {number}", parent=category)
    url = knowledge.knowledge_index().url
    client.get(url)

    with django_assert_num_queries(INDEX_QUERIES):
        html = html_of(client, url)

    assert article_names(html) == [f"Shelf {n}" for n in range(rows)] + [
        f"Article {n}" for n in reversed(range(rows))
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_category_asks_as_often_for_one_page_as_for_three(
    client, db, rows, django_assert_num_queries
):
    category = knowledge.category()
    for number in range(rows):
        knowledge.article(f"Article {number}", parent=category)
        knowledge.video(f"Video {number}", parent=category)
    client.get(category.url)

    with django_assert_num_queries(CATEGORY_QUERIES):
        html = html_of(client, category.url)

    assert len(article_names(html)) == 2 * rows


@pytest.mark.parametrize("rows", [1, 3])
def test_article_asks_as_often_with_one_neighbour_as_with_three(
    client, db, rows, django_assert_num_queries
):
    category = knowledge.category()
    article = knowledge.article(parent=category, keeper=MemberFactory(name="Burak"))
    for number in range(rows):
        knowledge.article(f"Neighbour {number}", parent=category)
    client.get(article.url)

    with django_assert_num_queries(ARTICLE_QUERIES):
        html = html_of(client, article.url)

    assert "Burak" in html
    assert len(article_names(html)) == rows


def test_index_counts_what_each_category_holds(client, shelf):
    html = html_of(client, knowledge.knowledge_index().url)

    assert "4 articles and videos" in html
    assert 'action="/knowledge/search/"' in html


def test_untranslated_pages_show_in_the_other_language_with_their_mark(client, shelf):
    translated = knowledge.translated(shelf, title="Kampta")
    knowledge.translated(shelf.get_children().get(title="Sleep warm"), title="Sıcak uyuyun")

    index = html_of(client, knowledge.knowledge_index("tr").url)
    category = html_of(client, translated.url)

    assert article_names(index)[0] == "Kampta"
    assert "4 makale ve video" in index
    assert article_names(category) == ["Sıcak uyuyun", "Pitch dry", "Brew coffee", "Pitch in wind"]
    assert len(re.findall(r"<h3[^>]* lang=\"en\"", category)) == 3
    assert "English" in category


def test_category_without_translation_shows_in_the_other_language(client, shelf):
    knowledge.home("tr")
    index = knowledge.translated(knowledge.knowledge_index())

    html = html_of(client, index.url)

    assert '<h3 id="category' in html
    assert f'lang="en"><a class="stretched-link" href="{shelf.url}">At camp' in html


def test_default_language_shows_only_its_own_pages(client, shelf):
    turkish = knowledge.translated(shelf)
    knowledge.translated(knowledge.article("Both"), title="İkisi")
    alone = knowledge.translated(knowledge.article("Gone"), title="Yalnız")
    alone.get_translation(knowledge.locale()).unpublish()

    html = html_of(client, shelf.url)

    assert "Yalnız" not in html
    assert "Yalnız" in html_of(client, turkish.url)


def test_pages_for_members_show_to_members_alone(client, member, shelf):
    article = shelf.get_children().get(title="Sleep warm")
    PageViewRestriction.objects.create(page=article, restriction_type="login")
    group = PageViewRestriction.objects.create(
        page=shelf.get_children().get(title="Brew coffee"), restriction_type="groups"
    )
    group.groups.add(Group.objects.create(name="testers"))

    assert article_names(html_of(client, shelf.url)) == ["Pitch dry", "Pitch in wind"]
    client.force_login(member)
    assert article_names(html_of(client, shelf.url)) == [
        "Pitch dry",
        "Sleep warm",
        "Pitch in wind",
    ]
    member.groups.set([Group.objects.get(name="testers")])
    assert "Brew coffee" in html_of(client, shelf.url)


def test_article_has_contents_with_anchors_of_their_own(client, db):
    body = [("heading", "Before"), ("heading", "Before"), ("paragraph", "<p>Pack.</p>")]
    html = html_of(client, knowledge.article(body=body).url)

    assert re.findall(r'<h2 id="(before[^"]*)">', html) == ["before", "before-2"]
    assert re.findall(r'href="#(before[^"]*)"', html) == ["before", "before-2"]


def test_chosen_articles_come_first_in_what_to_read_next(client, shelf):
    article = knowledge.article("This one", parent=shelf)
    chosen = knowledge.article("Chosen", parent=knowledge.category("Elsewhere"))
    article.related_links.create(article=chosen)
    article.save()

    html = html_of(client, article.url)

    assert article_names(html) == ["Chosen", "Pitch dry", "Brew coffee"]


def read(client, article, *, opened=timedelta(hours=1), htmx=True, **data):
    token = sign_visit(member=client.member, page=article, at=timezone.now() - opened)
    headers = {"HX-Request": "true"} if htmx else {}
    url = f"/knowledge/{article.translation_key}/read/"
    return client.post(url, {"opened": token, **data}, headers=headers)


def test_reading_is_marked_with_and_without_htmx(member_client):
    one, two = knowledge.article("One"), knowledge.article("Two")

    fragment = read(member_client, one)
    plain = read(member_client, two, htmx=False)

    assert fragment.status_code == 200
    assert "You have read this" in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    assert (plain.status_code, plain["Location"]) == (302, f"{two.get_url()}#reading")
    assert ReadingMark.objects.count() == 2


def test_reading_too_soon_waits_silently_and_says_so_when_asked(member_client):
    article = knowledge.article(words=2_000)

    open_for = timedelta(seconds=29.5)
    with time_machine.travel(timezone.now(), tick=False):
        silent = read(member_client, article, opened=open_for).content.decode()
        asked = read(member_client, article, opened=open_for, pressed="1").content.decode()

    assert re.search(r"delay:(\d+)s", silent)[1] == "61"
    assert ("That was quick" in silent, "That was quick" in asked) == (False, True)
    assert not ReadingMark.objects.exists()


def test_reading_with_an_old_or_forged_token_asks_to_reload(member_client):
    article = knowledge.article()

    old = read(member_client, article, opened=timedelta(days=2))
    url = f"/knowledge/{article.translation_key}/read/"
    forged = member_client.post(url, {"opened": "x"}, headers={"HX-Request": "true"})

    assert "Reload it" in old.content.decode()
    assert "Reload it" in forged.content.decode()
    assert not ReadingMark.objects.exists()


@pytest.mark.parametrize("action", ["read", "feedback"])
def test_actions_lead_back_to_the_page_when_opened_as_an_address(client, db, action):
    article = knowledge.article()

    response = client.get(f"/knowledge/{article.translation_key}/{action}/")

    assert (response.status_code, response["Location"]) == (302, article.get_url())


def test_visitor_who_marks_is_asked_to_log_in(client, db):
    article = knowledge.article()

    response = client.post(f"/knowledge/{article.translation_key}/read/")

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=/knowledge/")


def test_visitor_says_that_an_article_helped_and_then_what_was_missing(client, db):
    article = knowledge.article()
    url = f"/knowledge/{article.translation_key}/feedback/"

    first = client.post(url, {"helpful": "no"}, headers={"HX-Request": "true"})
    second = client.post(url, {"helpful": "no", "missing": "Winter"})

    assert "What was missing?" in first.content.decode()
    assert (second.status_code, second["Location"]) == (302, f"{article.get_url()}#helpful")
    said = Feedback.objects.get()
    assert (said.is_helpful, said.missing, said.member) == (False, "Winter", None)
    assert "Your words go to" in html_of(client, article.url)


def test_feedback_that_is_too_long_keeps_its_words(member_client):
    article = knowledge.article()
    url = f"/knowledge/{article.translation_key}/feedback/"
    data = {"helpful": "yes", "missing": "x" * 1_001}

    response = member_client.post(url, {"helpful": "yes"})
    response = member_client.post(url, data, headers={"HX-Request": "true"})

    assert response.status_code == 422
    assert "x" * 1_001 in response.content.decode()
    assert Feedback.objects.get().missing == ""


def test_video_shows_captions_chapters_and_transcript(member_client):
    video = knowledge.video(chapters="0:01 Wind\n0:05 Pegs")
    html = html_of(member_client, video.url)

    assert 'srclang="en"' in html
    assert 'data-start="1.0"><span class="num">0:01</span> Wind' in html
    assert 'data-start="5.5"><span class="num">0:05</span> <span>Then peg the corners.' in html
    assert "Find the wind first." in html
    assert "Watched 0%" in html
    assert f'data-watch-url="/knowledge/{video.translation_key}/watch/?opened=' in html


def test_visitor_sees_the_video_and_how_it_would_count(client, db):
    html = html_of(client, knowledge.video().url)

    assert "data-watch-url" not in html
    assert "/accounts/login/?next=/knowledge/" in html


def watch(client, video, body, **extra):
    url = f"/knowledge/{video.translation_key}/watch/"
    return client.post(url, body, content_type="application/json", **extra)


SESSION = "9f1f6a4e-0000-4000-8000-000000000001"


def test_player_reports_and_hears_how_much_was_seen(member_client):
    video = knowledge.video(duration=4)

    answer = watch(member_client, video, {"session": SESSION, "intervals": [[0, 1.0]]})

    assert (answer.status_code, answer.json()) == (200, {"percent": 25, "message": "Watched 25%"})


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        "[" * 50_000,
        '{"session": 5, "intervals": []}',
        '{"session": "x", "intervals": []}',
        f'{{"session": "{SESSION}"}}',
        f'{{"session": "{SESSION}", "intervals": [[0, NaN]]}}',
        f'{{"session": "{SESSION}", "intervals": [[0, 1e999]]}}',
        f'{{"session": "{SESSION}", "intervals": [[-5, 4]]}}',
        f'{{"session": "{SESSION}", "intervals": [[0, {"9" * 5_000}]]}}',
        f'{{"session": "{SESSION}", "intervals": [{"[0,1]," * 20_000}[0,1]]}}',
        b"\xff\xfe",
    ],
)
def test_forged_report_is_answered_in_words(member_client, body):
    answer = watch(member_client, knowledge.video(), body)

    assert answer.status_code == 400
    assert answer.json()["message"]


def test_visitor_and_missing_video_are_answered_in_words(client, member):
    video = knowledge.video()
    assert watch(client, video, {}).status_code == 403
    client.force_login(member)
    video.unpublish()

    answer = watch(client, video, {})

    assert (answer.status_code, answer.json()) == (
        404,
        {"message": "This video is not here any more."},
    )


def survey_data(**change):
    data = {"answer-q1": "1", "answer-q2": ["0", "2"], "answer-q3": "4", "answer-q4": "9"}
    return data | {f"answer-{code}": value for code, value in change.items()}


def test_member_answers_a_survey_and_is_thanked(member_client):
    survey = knowledge.survey(why="We plan next summer.", thanks="You will read it in May.")

    start = html_of(member_client, survey.url)
    form = html_of(member_client, f"{survey.url}?start")
    url = f"/surveys/{survey.translation_key}/answer/"
    done = member_client.post(url, survey_data())
    again = member_client.post(url, survey_data(q1="0"), follow=True)

    assert ">Start survey</a>" in start
    assert "We plan next summer." in start
    assert form.count("<fieldset data-step") == 5
    assert "Submit answers" in form
    assert (done.status_code, done["Location"]) == (302, f"{survey.get_url()}#thanks")
    assert "You will read it in May." in again.content.decode()
    assert "your first answers stay" in again.content.decode()
    assert SurveyResponse.objects.count() == 1


def test_wrong_answers_come_back_with_the_right_ones_kept(member_client):
    survey = knowledge.survey()
    url = f"/surveys/{survey.translation_key}/answer/"

    response = member_client.post(url, survey_data(q1="", q3="9", q5="Keep <me>"))

    html = " ".join(response.content.decode().split())
    assert response.status_code == 422
    assert html.count("Please answer this question.") == 1
    assert "Keep &lt;me&gt;" in html
    assert re.search(r'name="answer-q4" value="9"[^>]* checked', html)
    assert not SurveyResponse.objects.exists()


def test_visitor_is_invited_to_log_in(client, db):
    survey = knowledge.survey()

    html = html_of(client, survey.url)
    response = client.post(f"/surveys/{survey.translation_key}/answer/", survey_data())

    assert "Log in to answer" in html
    assert "Start survey" not in html
    assert response["Location"].startswith("/accounts/login/")


def test_closed_survey_says_so_before_and_after(member_client):
    survey = knowledge.survey(closes_at=timezone.now() - timedelta(days=1))
    open_one = knowledge.survey("Still open")

    html = html_of(member_client, f"{survey.url}?start")
    response = member_client.post(f"/surveys/{survey.translation_key}/answer/", survey_data())
    index = html_of(member_client, knowledge.survey_index().url)

    assert "This survey has closed" in html
    assert "<fieldset" not in html
    assert response.status_code == 422
    assert "This survey has closed" in response.content.decode()
    assert article_names(index) == [open_one.title, survey.title]


@pytest.mark.parametrize("rows", [1, 3])
def test_survey_index_asks_as_often_for_one_as_for_three(
    client, db, rows, django_assert_num_queries
):
    for number in range(rows):
        knowledge.survey(f"Survey {number}")
    url = knowledge.survey_index().url
    client.get(url)

    with django_assert_num_queries(SURVEY_QUERIES):
        html_of(client, url)


def test_search_finds_what_the_reader_may_see_in_their_language(client, db):
    knowledge.article("Sleep warm in winter")
    both = knowledge.article("Warm hands")
    knowledge.translated(both, title="Sıcak eller")
    hidden = knowledge.article("Warm secret")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    knowledge.article("Warm draft").unpublish()

    english = article_names(html_of(client, "/knowledge/search/?q=warm"))
    turkish = article_names(html_of(client, "/tr/knowledge/search/?q=SICAK"))

    assert sorted(english) == ["Sleep warm in winter", "Warm hands"]
    assert turkish == ["Sıcak eller"]


@pytest.mark.parametrize("query", ['"', "\0", " ", "'", "x" * 5_000, "%", "a AND (", "ışık"])
def test_any_search_is_answered(client, db, query):
    knowledge.article()

    assert client.get("/knowledge/search/", {"q": query}).status_code == 200
