"""PostgreSQL's full-text search behind the analyser, with the plainest of its configurations."""

from typing import Any

from django.db.models import Model
from django.db.models.sql.subqueries import InsertQuery
from modelsearch.backends.database.postgres import postgres
from modelsearch.utils import get_content_type_pk

from portal.search.analyser import index_text, languages_of
from portal.search.queries import rewrite, rewrite_prefix

VECTORS = ("title", "autocomplete", "body")
UPSERT = """
    INSERT INTO {table} (content_type_id, object_id, title, autocomplete, body,
                         title_norm, title_text, body_text)
    VALUES {rows}
    ON CONFLICT (content_type_id, object_id) DO UPDATE SET
        title = EXCLUDED.title, title_norm = 1.0, autocomplete = EXCLUDED.autocomplete,
        body = EXCLUDED.body, title_text = EXCLUDED.title_text, body_text = EXCLUDED.body_text
"""


class Indexer(postgres.ObjectIndexer):
    def prepare_value(self, value: Any) -> str:
        return index_text(super().prepare_value(value), languages_of(self.obj))


class Index(postgres.PostgresIndex):
    def add_items(self, model: Any, objs: list[Model]) -> None:
        """Write the analysed text of each object, over an older entry if there is one."""
        if not model.get_search_fields() or not objs:
            return
        content_type = get_content_type_pk(model)
        rows: list[str] = []
        params: list[Any] = []
        for indexer in {
            row.id: row for row in (Indexer(obj, self.backend) for obj in objs)
        }.values():
            sql, values = self._vectors(indexer)
            rows.append(f"(%s, %s, {sql}, 1.0, %s, %s)")
            params += [content_type, indexer.id, *values, indexer.title_text, indexer.body_text]
        table = postgres.IndexEntry._meta.db_table
        with self.write_connection.cursor() as cursor:
            cursor.execute(UPSERT.format(table=table, rows=", ".join(rows)), params)
        self._refresh_title_norms()

    def _vectors(self, indexer: Indexer) -> tuple[str, list[Any]]:
        compiler = InsertQuery(postgres.IndexEntry).get_compiler(connection=self.write_connection)
        parts: list[str] = []
        params: list[Any] = []
        for name in VECTORS:
            field = postgres.IndexEntry._meta.get_field(name)
            value = compiler.prepare_value(field, getattr(indexer, name))
            sql, values = value.as_sql(compiler, self.write_connection)
            parts.append(sql)
            params.extend(values)
        return ", ".join(parts), params


class Compiler(postgres.PostgresSearchQueryCompiler):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.query: Any = rewrite(self.query)

    def get_fields_vectors(self, search_query: Any) -> list[Any]:
        """Stay with the index: the columns themselves hold text that nobody has analysed."""
        title, body = self.get_index_vectors(search_query)
        chosen = [title] if "title" in self.search_fields else []
        return [*chosen, body] if self.search_fields.keys() - {"title"} else chosen or [title]


class AutocompleteCompiler(postgres.PostgresAutocompleteQueryCompiler):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.query: Any = rewrite_prefix(self.query)

    def get_fields_vectors(self, search_query: Any) -> list[Any]:
        return self.get_index_vectors(search_query)


class PostgresBackend(postgres.PostgresSearchBackend):
    index_class = Index
    query_compiler_class = Compiler
    autocomplete_query_compiler_class = AutocompleteCompiler
