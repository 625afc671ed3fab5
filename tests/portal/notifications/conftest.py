import pytest

from portal.notifications import registry
from portal.notifications.registry import Kind, NoticeText

CATEGORY = "sample"


@pytest.fixture
def register(monkeypatch):
    """Register kinds of notice for one test."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    monkeypatch.setattr(registry, "_categories", dict(registry._categories))
    registry.register_category(CATEGORY, "Samples")

    def make(code="sample.thing", *, title="A thing", url="/ideas/", **fields):
        fields.setdefault("category", CATEGORY)
        fields.setdefault("describe", lambda notice: NoticeText(title=title, url=url))
        kind = Kind(code=code, **fields)
        registry.register_kind(kind)
        return kind

    return make
