from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from community.models import Idea
from community.services.listing import list_ideas
from portal.activity.models import Activity
from portal.notifications.models import Notice
from tests.factories.members import MemberFactory

MADRID = Path(__file__).parents[4] / "shared/data/decide-madrid-proposals.csv"
MAPPED = [
    "id=id",
    "title=title",
    "body=description",
    "votes=cached_votes_up",
    "posted_at=created_at",
    "withdrawn_at=retired_at",
]


@pytest.fixture
def load(db, tmp_path, capsys):
    """Write a file, import it, and return what was said on both streams."""

    def run(content, *args, encoding="utf-8", **options):
        path = tmp_path / "ideas.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        call_command("import_ideas", path, "--source", "forum", *args, **options)
        out = capsys.readouterr()
        return out.out.strip(), out.err.replace(f"{path}", "ideas.csv")

    return run


def test_row_is_kept_whole(load, settings):
    settings.PROGRAM_TIMEZONE = "Europe/Istanbul"
    head = "id,title,body,author,votes,posted_at,status,withdrawn_at,url\n"
    row = (
        '7,"Bisiklet, yolu",**Kapıda**,Ayşe,15,01/02/2024 10:30,In Progress,,https://x.example/7\n'
    )

    out, err = load(head + row)

    idea = Idea.objects.get()
    assert (out, err) == ("1 added, 0 known, 0 refused", "")
    assert (idea.source, idea.source_id, idea.title) == ("forum", "7", "Bisiklet, yolu")
    assert idea.body_html == "<p><strong>Kapıda</strong></p>\n"
    assert (idea.byline, idea.source_url) == ("Ayşe", "https://x.example/7")
    assert (idea.score, idea.imported_votes, idea.status) == (15, 15, "in_progress")
    assert idea.posted_at == datetime(2024, 2, 1, 7, 30, tzinfo=UTC)
    assert idea.withdrawn_at is None


def test_second_run_changes_nothing_and_known_rows_are_left(load):
    content = "id,title\n1,Racks\n2,Benches\n1,Racks again\n"
    assert load(content)[0] == "2 added, 1 known, 0 refused"
    Idea.objects.filter(source_id="1").update(title="Changed here")

    assert load(content)[0] == "0 added, 3 known, 0 refused"

    assert sorted(Idea.objects.values_list("title", flat=True)) == ["Benches", "Changed here"]


def test_import_pays_nobody_tells_nobody_and_is_found_at_once(load):
    MemberFactory(handle="deniz")

    load("id,title,body\n1,Işıklı yol,@deniz\n")

    assert (Activity.objects.count(), Notice.objects.count()) == (0, 0)
    [idea] = list_ideas(member=MemberFactory(), query="ışık").ideas
    assert (idea.title, idea.byline) == ("Işıklı yol", "Imported from forum")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",No id,,,", "id: is empty"),
        ("1, ,,,", "title: is empty"),
        (f"1,{'x' * 501},,,", "title: is longer than 500 characters"),
        ("1,x,-3,,", "votes: '-3' is not a whole number from 0 to 2000000000"),
        ("1,x,3.5,,", "votes: '3.5' is not a whole number from 0 to 2000000000"),
        ("1,x,,soon,", "posted_at: 'soon' is not a date (2024-12-31 or 31/12/2024)"),
        (
            "1,x,,31/02/2024,",
            "posted_at: '31/02/2024' is not a date (day is out of range for month)",
        ),
        ("1,x,,2999-01-01,", "posted_at: '2999-01-01' lies in the future"),
        (
            "1,x,,9999-12-31T23:59:59-14:00,",
            "posted_at: '9999-12-31T23:59:59-14:00' is out of range",
        ),
        (
            "1,x,,,lost",
            "status: 'lost' is none of open, under_review, planned, in_progress, done, declined",
        ),
        ("1,x,,", "has 4 columns, the header has 5"),
    ],
)
def test_bad_row_is_refused_by_line_and_the_rest_is_kept(load, row, reason):
    out, err = load(f'id,title,votes,posted_at,status\n9,"two\nlines",,,\n{row}\n\n8,kept,,,\n')

    assert out == "2 added, 0 known, 1 refused"
    assert err.strip() == f"ideas.csv, line 4: {reason}"


def test_bad_address_is_refused(load):
    out, err = load("id,title,url\n1,a,javascript:alert(1)\n2,b,https://b.example/\n")

    assert out == "1 added, 0 known, 1 refused"
    assert err.strip() == "ideas.csv, line 2: url: 'javascript:alert(1)' is not an address"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-03 20:05:12 +0100", datetime(2024, 1, 3, 19, 5, 12, tzinfo=UTC)),
        ("2024-01-03T20:05:12Z", datetime(2024, 1, 3, 20, 5, 12, tzinfo=UTC)),
        ("2024-01-03 20:05:12 UTC", datetime(2024, 1, 3, 20, 5, 12, tzinfo=UTC)),
        ("2024-01-03", datetime(2024, 1, 2, 21, tzinfo=UTC)),
        ("03.01.2024", datetime(2024, 1, 2, 21, tzinfo=UTC)),
        ("3/1/2024 08:00:01", datetime(2024, 1, 3, 5, 0, 1, tzinfo=UTC)),
    ],
)
def test_dates_are_iso_first_and_then_day_first_in_the_programmes_zone(
    load, settings, text, expected
):
    settings.PROGRAM_TIMEZONE = "Europe/Istanbul"

    load(f"id,title,posted_at\n1,x,{text}\n")

    assert Idea.objects.get().posted_at == expected


def test_html_is_cleaned_and_markdown_rendered(load):
    load(
        "id,title,body\n"
        '1,a,"<h2>Why</h2><p onclick=x>Because <script>alert(1)</script>of <u>it</u></p>"\n'
        "2,b,Less < more and *stars*\n"
    )

    bodies = dict(Idea.objects.values_list("source_id", "body_html"))
    assert bodies["1"] == "<h4>Why</h4><p>Because of <u>it</u></p>"
    assert bodies["2"] == "<p>Less &lt; more and <em>stars</em></p>\n"


def test_withdrawn_idea_is_kept_and_not_listed(load):
    load("id,title,withdrawn_at\n1,a,2024-05-01\n2,b,\n")

    ideas = list_ideas(member=MemberFactory()).ideas
    assert [idea.title for idea in ideas] == ["b"]
    assert Idea.objects.count() == 2


def test_other_delimiters_encodings_and_byte_order_marks(load):
    assert load("id;title\n1;a\n", "--delimiter", ";")[0].startswith("1 added")
    assert load("id\ttitle\n2\ta\n", "--delimiter", "tab")[0].startswith("1 added")
    assert load("\ufeffid,title\n3,ş\n")[0].startswith("1 added")
    content = "id,title\n4,Kırmızı Işık\n".encode("cp1254")
    assert load(content, "--encoding", "cp1254")[0].startswith("1 added")

    assert Idea.objects.get(source_id="4").title == "Kırmızı Işık"


def test_wrong_encoding_refuses_the_rows_it_spoils(load):
    out, err = load("id,title\n1,Kırmızı\n2,Plain\n".encode("cp1254"))

    assert out == "1 added, 0 known, 1 refused"
    assert "line 2: title: is not text in the file's encoding; see --encoding" in err


def test_dry_run_writes_nothing(load):
    out, _err = load("id,title\n1,a\n", "--dry-run")

    assert out == "1 would be added, 0 known, 0 refused"
    assert not Idea.objects.exists()


def test_many_refusals_are_counted(load):
    rows = "".join(f"{number},\n" for number in range(1_100))

    out, err = load(f"id,title\n{rows}a,kept\n")

    assert out == "1 added, 0 known, 1100 refused"
    assert err.strip().endswith("… and 1080 more")


@pytest.mark.parametrize(
    ("content", "args", "message"),
    [
        ("", [], "no column for id"),
        ("id,title\n", [], "no row could be read"),
        ("id,title\n1,\n", [], "no row could be read"),
        ("id,name\n1,a\n", [], "no column for title; say --map title=…"),
        ("id,name\n1,a\n", ["--map", "title=nome"], "has no column 'nome'"),
        ("id,name\n1,a\n", ["--map", "name=name"], "no field 'name'"),
        ("id,title\n1,a\n", ["--delimiter", ";;"], "';;' is not one character"),
        ("id,title\n1,a\n", ["--encoding", "klingon"], "'klingon' is not an encoding"),
        ("id,title\n1,a\n", ["--encoding", "utf-16"], "utf-16"),
        ("id,title\n1,a\n", ["--source", " "], "--source"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(load, content, args, message):
    with pytest.raises(CommandError) as failure:
        load(content, *args)

    assert message in str(failure.value)
    assert not Idea.objects.exists()


def test_missing_file_is_said_in_words(db, tmp_path):
    with pytest.raises(CommandError, match=r"ideas\.csv: No such file"):
        call_command("import_ideas", tmp_path / "ideas.csv", "--source", "forum")


def test_cell_beyond_all_measure_is_refused(load):
    out, err = load(f"id,title,body\n1,a,{'x' * 1_000_001}\n2,b,{'x' * 50_001}\n3,c,\n")

    assert out == "1 added, 0 known, 2 refused"
    assert "line 2: field larger than field limit (1000000)" in err
    assert "line 3: body: is longer than 50000 characters" in err


@pytest.mark.skipif(not MADRID.exists(), reason="the real file is not beside the project")
def test_real_forum_is_loaded_once(db, capsys):
    for said in ("2738 added, 0 known, 0 refused", "0 added, 2738 known, 0 refused"):
        args = ["--delimiter", ";", "--source", "madrid", "--map", *MAPPED]
        call_command("import_ideas", MADRID, *args)
        assert capsys.readouterr().out.strip() == said

    assert Idea.objects.exclude(withdrawn_at=None).count() == 30
    assert Idea.objects.filter(body_html="").count() == 502
