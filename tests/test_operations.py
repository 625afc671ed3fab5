import re

from django.conf import settings

READ = re.compile(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"|env\(\'([A-Z_]+)\'')


def test_operations_name_every_variable_that_settings_read():
    folder = settings.BASE_DIR / "portal/settings"
    sources = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))]
    read = {one or other for source in sources for one, other in READ.findall(source)}
    page = (settings.BASE_DIR / "docs/operations.md").read_text(encoding="utf-8")
    first_cells = [line.split(" | ")[0] for line in page.splitlines() if line.startswith("| `")]
    named = set(re.findall(r"`([A-Z_]+)`", "\n".join(first_cells)))

    assert read - named == set()
    assert named - read == {"DJANGO_SETTINGS_MODULE"}
