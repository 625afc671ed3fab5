"""SQLite's full-text search behind the analyser."""

from typing import Any

from django.db.models import Model
from modelsearch.backends.database.sqlite import sqlite
from modelsearch.query import SearchQuery
from modelsearch.utils import get_content_type_pk

from portal.search.analyser import index_text, languages_of
from portal.search.queries import rewrite, rewrite_prefix


class Indexer(sqlite.ObjectIndexer):
    def prepare_value(self, value: Any) -> str:
        return index_text(super().prepare_value(value), languages_of(self.obj))


class Index(sqlite.SQLiteIndex):
    def add_items(self, model: Any, objs: list[Model]) -> None:
        """Write the analysed text of each object, over an older entry if there is one."""
        if not model.get_search_fields() or not objs:
            return
        content_type = get_content_type_pk(model)
        entries = self.entries.filter(content_type_id=content_type)
        rows = {row.id: row for row in (Indexer(obj, self.backend) for obj in objs)}
        known = set(entries.filter(object_id__in=rows).values_list("object_id", flat=True))
        for object_id in known:
            entries.filter(object_id=object_id).update(**_columns(rows[object_id]))
        self.entries.bulk_create(
            sqlite.IndexEntry(
                content_type_id=content_type, object_id=object_id, **_columns(rows[object_id])
            )
            for object_id in rows
            if object_id not in known
        )
        self._refresh_title_norms()


class Ranked:
    """Orders by the match of the whole query.

    The upstream product of single ranks turns round, as those of SQLite are negative.
    """

    def build_tsrank(
        self, vector: Any, query: SearchQuery, config: str | None = None, boost: float = 1.0
    ) -> Any:
        return sqlite.BM25()


class Compiler(Ranked, sqlite.SQLiteSearchQueryCompiler):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.query: Any = rewrite(self.query)
        # The index has two columns, the title and all the rest.
        names = {"title" if name == "title" else "body" for name in self.fields or []}
        self.fields: Any = sorted(names) or None


class AutocompleteCompiler(Ranked, sqlite.SQLiteAutocompleteQueryCompiler):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.query: Any = rewrite_prefix(self.query)
        self.fields: Any = None


class SqliteBackend(sqlite.SQLiteSearchBackend):
    index_class = Index
    query_compiler_class = Compiler
    autocomplete_query_compiler_class = AutocompleteCompiler


def _columns(row: Indexer) -> dict[str, str]:
    return {"title": row.title, "autocomplete": row.autocomplete, "body": row.body}
