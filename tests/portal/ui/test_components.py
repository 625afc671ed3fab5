"""Components: what they draw, and that a misspelt property never passes."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import timezone, translation


class Person:
    """A stand-in with what the face of a member needs."""

    display_name = "Işıl Ağaoğlu"
    handle = "isil"

    def __init__(self, picture=""):
        self.picture = picture

    def avatar_url(self, size):
        return self.picture


class NoteForm(forms.Form):
    title = forms.CharField(label="Title", help_text="One sentence.")
    body = forms.CharField(label="Description", widget=forms.Textarea, required=False)
    mood = forms.ChoiceField(label="Mood", choices=[("a", "Good")], widget=forms.RadioSelect)
    news = forms.BooleanField(label="News", required=False)


def drawn(source, **context):
    return Template(source).render(Context(context)).strip()


@pytest.mark.parametrize(
    "source",
    [
        '{% button variannt="primary" %}Vote{% endbutton %}',
        "{% avatar member sise=40 %}",
        '{% icon "heart" sise=20 %}',
        '{% badge_art color="teal" %}',
        "{% points 5 sined=True %}",
        '{% field form.title helptext="x" %}',
    ],
)
def test_component_with_misspelt_property_fails_to_compile(source):
    with pytest.raises(TemplateSyntaxError):
        Template(source)


def test_button_without_href_is_a_submit_button():
    html = drawn('{% button variant="primary" %} Publish {% endbutton %}')

    assert html == '<button class="btn btn-primary" type="submit">Publish</button>'


def test_button_with_href_is_a_link():
    html = drawn('{% button href="/ideas/" %}Ideas{% endbutton %}')

    assert html == '<a class="btn" href="/ideas/">Ideas</a>'


def test_button_pressed_says_so():
    html = drawn("{% button pressed=voted %}Vote{% endbutton %}", voted=False)

    assert html == '<button class="btn" type="submit" aria-pressed="false">Vote</button>'


def test_button_escapes_what_members_wrote():
    html = drawn("{% button %}{{ name }}{% endbutton %}", name="<b>")

    assert html == '<button class="btn" type="submit">&lt;b&gt;</button>'


def test_avatar_without_picture_shows_initials():
    html = drawn("{% avatar member %}", member=Person())

    assert html == (
        '<span class="avatar avatar-40"><span class="avatar-initials hue-1" aria-hidden="true">'
        "IA</span></span>"
    )


def test_avatar_with_picture_is_sized_and_lazy():
    html = drawn("{% avatar member size=24 %}", member=Person("/media/a.webp"))

    assert html == (
        '<span class="avatar avatar-24"><img src="/media/a.webp" alt="" width="24" height="24" '
        'loading="lazy" decoding="async"></span>'
    )


def test_avatar_of_unknown_size_fails():
    with pytest.raises(TemplateSyntaxError, match="avatar size 41"):
        drawn("{% avatar member size=41 %}", member=Person())


def test_points_are_named_by_number_and_word():
    html = drawn("{% points 1234 word=False %}")

    assert html.endswith('<span>1,234</span> <span class="visually-hidden">points</span></span>')


def test_points_of_one_take_the_singular():
    assert drawn("{% points 1 %}").endswith("<span>1</span> <span>point</span></span>")


@pytest.mark.parametrize(("amount", "text"), [(20, "+20"), (-5, "\u22125"), (0, "0")])
def test_points_signed(amount, text):
    assert f"<span>{text}</span>" in drawn("{% points amount signed=True %}", amount=amount)


def test_thousands_follow_the_language():
    with translation.override("tr"):
        turkish = drawn("{{ 1234567|thousands }}")

    assert (drawn("{{ 1234567|thousands }}"), turkish) == ("1,234,567", "1.234.567")


def test_progress_bar_stays_between_its_ends():
    html = drawn('{% progress_bar value=7 max=5 label="Steps" bare=True %}')

    assert html == '<progress class="progress" max="100" value="100" aria-label="Steps"></progress>'


def test_progress_ring_of_nothing_is_empty():
    html = drawn('{% progress_ring value=0 max=0 label="Steps" %}')

    assert 'aria-valuenow="0"' in html


def test_progress_ring_of_unknown_size_fails():
    with pytest.raises(TemplateSyntaxError, match="ring size 50"):
        drawn('{% progress_ring value=1 label="Steps" size=50 %}')


def test_badge_not_yet_earned_is_an_outline():
    html = drawn('{% badge_art shape="cloud" tier="tin" colour="pink" earned=False %}')

    assert html.startswith('<svg class="badge-art badge-teal tier-bronze is-open" width="64"')


def test_field_ties_label_help_and_error_together():
    form = NoteForm({"title": ""})

    html = drawn("{% field form.title %}", form=form)

    assert [
        '<label class="label" for="id_title">Title</label>' in html,
        'aria-describedby="id_title_helptext' in html,
        'aria-invalid="true"' in html,
        'id="id_title_error"' in html,
        "optional" in html,
    ] == [True, True, True, True, False]


def test_field_for_long_text_is_five_rows_and_says_optional():
    html = drawn("{% field form.body %}", form=NoteForm())

    assert ['rows="5"' in html, ">optional<" in html] == [True, True]


def test_field_for_choices_is_a_fieldset():
    html = drawn("{% field form.mood %}", form=NoteForm())

    assert ["<legend>Mood</legend>" in html, 'class="choices"' in html] == [True, True]


def test_field_for_a_check_has_its_label_behind_it():
    html = drawn("{% field form.news %}", form=NoteForm())

    assert html.index('type="checkbox"') < html.index('<label for="id_news">News</label>')


def test_form_errors_point_to_the_fields():
    assert "marked below" in drawn("{% form_errors form %}", form=NoteForm({}))


def test_pagination_keeps_other_filters():
    request = RequestFactory().get("/ideas/", {"sort": "top", "page": "2"})
    page = Paginator(range(60), 20).page(2)

    html = drawn("{% pagination page=page %}", request=request, page=page)

    assert [
        'rel="prev" href="?sort=top&amp;page=1"' in html,
        'rel="next" href="?sort=top&amp;page=3"' in html,
        'aria-current="page" href="?sort=top&amp;page=2"' in html,
    ] == [True, True, True]


def test_pagination_of_one_page_shows_nothing():
    assert drawn("{% pagination page=page %}", page=Paginator(range(3), 20).page(1)) == ""


def test_pagination_by_cursor_links_both_ways():
    html = drawn('{% pagination newer="?after=9" older="?before=3" %}')

    assert ["Newer" in html, "Older" in html] == [True, True]


def test_time_ago_carries_the_exact_time():
    html = drawn("{% time_ago at %}", at=datetime(2026, 11, 22, 1, 30, tzinfo=UTC))

    assert html.startswith('<time datetime="2026-11-22T01:30:00+00:00" title="Nov. 22, 2026, 1:30')


@pytest.mark.parametrize(
    ("back", "english", "turkish"),
    [
        (timedelta(seconds=20), "now", "şimdi"),
        (timedelta(hours=3, minutes=5), "3 hours ago", "3 saat önce"),
        (timedelta(days=70), "2 months ago", "2 ay önce"),
        (timedelta(days=-2, hours=-1), "in 2 days", "2 gün sonra"),
    ],
)
def test_time_ago_says_in_words_what_the_script_would(back, english, turkish):
    at = timezone.now() - back

    words = {}
    for language in ("en", "tr"):
        with translation.override(language):
            html = drawn("{% time_ago at %}", at=at)
            words[language] = html.partition("data-relative>")[2].removesuffix("</time>")

    assert {code: one.replace("\xa0", " ") for code, one in words.items()} == {
        "en": english,
        "tr": turkish,
    }


def test_toast_for_an_award_says_amount_and_reason():
    html = drawn('{% toast amount=1200 title="points" seq=7 %}<p>An idea</p>{% endtoast %}')

    assert [
        'data-amount="1200"' in html,
        'data-seq="7"' in html,
        "+1,200 points" in html,
        "<div data-reasons><p>An idea</p></div>" in html,
    ] == [True, True, True, True]


def test_alert_card_chip_dialog_and_the_rest_draw_their_words():
    html = drawn(
        '{% alert variant="warn" title="Look" %}<p>Two places</p>{% endalert %}'
        '{% card title="Numbers" %}{% stat value=1234 label="Members" %}{% endcard %}'
        '{% chip href="/a/" current=True %}All{% endchip %}{% date_block day %}'
        '{% dialog id="d" title="Rules" %}<p>None</p>{% enddialog %}'
        '{% breadcrumbs trail %}{% tabs items label="Parts" %}'
        '{% empty_state title="Nothing yet" url="/a/" action="Begin" picture="img/mark.svg" %}',
        day=datetime(2026, 11, 22, tzinfo=UTC),
        trail=[("Ideas", "/ideas/")],
        items=[("One", "/1/", True), ("Two", "/2/", False)],
    )
    words = ("Look", "Two places", "1,234", "Members", "All", "22", "Rules", "Ideas", "Begin")

    assert [word for word in words if word not in html] == []
