import gettext
import shutil

import polib
import pytest
from django.core.management import CommandError, call_command

from portal.ui.catalogue.files import compiled, update
from portal.ui.catalogue.sources import Message, collect, from_python, from_template

NAME = "locale/tr/LC_MESSAGES/django.po"
PYTHON = """
from django.utils import translation
from django.utils.translation import gettext as _, gettext_lazy, npgettext as np, pgettext
from django.utils.translation import ngettext

A = _("One")
B = gettext_lazy("Two " "parts")
C = ngettext("%d idea", "%d ideas", 3) % 3
D = pgettext("month", "May")
E = np("seats", "%(n)s left", "%(n)s left over", 2)
F = translation.gettext("Dotted")
G = _(computed)
H = other("Not this")
I = _("")
"""
TEMPLATE = """{% load i18n %}
<h1>{% translate "Heading" %}</h1>
{% trans 'Old' context "nav" %}
{% blocktranslate trimmed with name=member.name %}
    Hello {{ name }},
    100% welcome
{% endblocktranslate %}
{% blocktranslate trimmed count n=ideas|length %}
    {{ n }} idea
{% plural %}
    {{ n }} ideas
{% endblocktranslate %}
{% button label=_("Send") %}{{ _("Shown")|upper }}
{% comment %}{% translate "Not this" %}{% endcomment %}
"""


def brief(found):
    return [(m.context, m.text, m.plural, line) for m, line in found]


def test_python_strings_are_found():
    assert sorted(brief(from_python(PYTHON)), key=lambda row: row[3]) == [
        ("", "One", "", 6),
        ("", "Two parts", "", 7),
        ("", "%d idea", "%d ideas", 8),
        ("month", "May", "", 9),
        ("seats", "%(n)s left", "%(n)s left over", 10),
        ("", "Dotted", "", 11),
    ]


def test_template_strings_are_found():
    assert [row[:3] for row in brief(from_template(TEMPLATE))] == [
        ("", "Heading", ""),
        ("nav", "Old", ""),
        ("", "Hello %(name)s, 100%% welcome", ""),
        ("", "%(n)s idea", "%(n)s ideas"),
        ("", "Send", ""),
        ("", "Shown", ""),
    ]


def test_template_strings_keep_their_lines():
    assert [line for _, line in from_template(TEMPLATE)][:2] == [2, 3]


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "app" / "templates").mkdir(parents=True)
    (tmp_path / "app" / "views.py").write_text(
        'from django.utils.translation import gettext as _, ngettext\n_("Idea")\n'
        'ngettext("%(n)s vote", "%(n)s votes", 1)\n'
    )
    (tmp_path / "app" / "templates" / "page.html").write_text('{% translate "Idea" %}')
    for skipped in ("tests", "migrations", ".venv", "node_modules"):
        (tmp_path / skipped).mkdir()
        (tmp_path / skipped / "x.py").write_text('_("Not this")')
    return tmp_path


def catalogue(tree):
    return tree / "locale" / "tr" / "LC_MESSAGES" / "django.po"


def translate(tree, **texts):
    po = polib.pofile(str(catalogue(tree)))
    for entry in po:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: texts["votes"], 1: texts["votes"]}
        else:
            entry.msgstr = texts["idea"]
    po.save()


def run(tree, *options):
    call_command("translations", *options, f"--root={tree}")


def faults(tree, capsys):
    with pytest.raises(CommandError):
        run(tree, "--check")
    return [line for line in capsys.readouterr().err.splitlines() if line]


@pytest.fixture
def complete(tree, capsys):
    run(tree, "--update")
    translate(tree, idea="Fikir", votes="%(n)s oy")
    run(tree)
    capsys.readouterr()
    return tree


def test_collect_names_every_place(tree):
    assert collect(tree)["", "Idea"] == Message(
        text="Idea", places=["app/templates/page.html:1", "app/views.py:2"]
    )


def test_complete_catalogue_passes_and_speaks_turkish(complete, capsys):
    run(complete, "--check")

    assert capsys.readouterr().out == "The translations are complete and compiled.\n"
    with catalogue(complete).with_suffix(".mo").open("rb") as file:
        turkish = gettext.GNUTranslations(file)
    assert turkish.gettext("Idea") == "Fikir"
    assert turkish.ngettext("%(n)s vote", "%(n)s votes", 5) == "%(n)s oy"
    assert "plural=(n > 1)" in turkish.info()["plural-forms"]


def test_check_names_what_is_missing(tree, capsys):
    assert faults(tree, capsys) == [
        "app/templates/page.html:1: missing: 'Idea'",
        "app/views.py:3: missing: '%(n)s vote'",
        f"{NAME}: not compiled",
    ]


def test_check_names_what_is_untranslated(tree, capsys):
    run(tree, "--update")
    capsys.readouterr()

    assert faults(tree, capsys) == [
        "app/templates/page.html:1: untranslated: 'Idea'",
        "app/views.py:3: untranslated: '%(n)s vote'",
    ]


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        ({"idea": "Fikir {x}", "votes": "%(n)s oy"}, "page.html:1: other placeholders: 'Idea'"),
        ({"idea": "Fikir", "votes": "%(m)s oy"}, "views.py:3: other placeholders: '%(n)s vote'"),
        ({"idea": "Fikir", "votes": "oy"}, "views.py:3: other placeholders: '%(n)s vote'"),
        ({"idea": "Fikir\n", "votes": "%(n)s oy"}, "page.html:1: another line break at an end"),
    ],
)
def test_check_names_a_wrong_translation(complete, capsys, texts, fault):
    translate(complete, **texts)
    run(complete)
    capsys.readouterr()

    assert fault in faults(complete, capsys)[0]


def test_check_names_a_stale_compilation(complete, capsys):
    translate(complete, idea="Öneri", votes="%(n)s oy")

    assert faults(complete, capsys) == [f"{NAME}: the compiled catalogue is stale"]


def test_check_names_unused_and_fuzzy_ones(complete, capsys):
    po = polib.pofile(str(catalogue(complete)))
    po.find("Idea").flags.append("fuzzy")
    po.append(polib.POEntry(msgid="Gone", msgstr="Yok"))
    po.save()
    run(complete)
    capsys.readouterr()

    assert faults(complete, capsys) == [
        "app/templates/page.html:1: fuzzy: 'Idea'",
        f"{NAME}: unused: 'Gone'",
    ]


def test_update_keeps_translations_and_drops_the_unused(complete):
    (complete / "app" / "templates" / "page.html").write_text('{% translate "New" %}')
    (complete / "app" / "views.py").write_text('_("Idea")')
    run(complete, "--update")

    entries = {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogue(complete)))}
    assert entries == {"Idea": "Fikir", "New": ""}


def test_update_is_the_same_every_time(complete, tmp_path):
    before = catalogue(complete).read_bytes()
    run(complete, "--update")
    once = catalogue(complete).read_bytes()
    run(complete, "--update")

    assert catalogue(complete).read_bytes() == once
    assert before.count(b"msgid") == once.count(b"msgid")
    copy = tmp_path / "copy.po"
    shutil.copy(catalogue(complete), copy)
    assert compiled(copy) == compiled(catalogue(complete))


def test_check_names_what_stands_with_a_number_and_without(tmp_path, capsys):
    source = tmp_path / "words.py"
    source.write_text(
        "from django.utils.translation import gettext, ngettext\n"
        'A = gettext("once")\n'
        'B = ngettext("once", "%(n)s times", 3)\n'
    )
    path = tmp_path / NAME
    update(path, collect(tmp_path))

    with pytest.raises(CommandError):
        call_command("translations", "--check", root=tmp_path)

    said = capsys.readouterr().err
    assert "words.py:2: with a plural and without one; give one of them a context: 'once'" in said


def test_update_turns_a_text_into_a_plural(tmp_path):
    path = tmp_path / "django.po"
    update(path, {("", "%d a"): Message(text="%d a")})
    update(path, {("", "%d a"): Message(text="%d a", plural="%d as")})

    assert polib.pofile(str(path))[0].msgstr_plural == {0: "", 1: ""}


def test_vendor_lists_what_packages_lack(tmp_path, capsys):
    run(tmp_path, "--vendor")
    before = capsys.readouterr().out.splitlines()
    app, text = before[0].split(": ", 1)
    path = tmp_path / "locale_vendor" / "tr" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    assert app
    po = polib.POFile()
    po.extend(
        polib.POEntry(msgid=line.split(": ", 1)[1].strip("'\""), msgstr="x") for line in before
    )
    po.save(str(path))
    run(tmp_path, "--vendor")

    assert len(capsys.readouterr().out.splitlines()) < len(before)
    assert text
