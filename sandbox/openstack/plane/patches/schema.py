"""Tables on SQLite whose ids are never given twice, as on every engine that OpenStack knows.

Without AUTOINCREMENT SQLite gives the id of a deleted last row to the next one. Heat deletes rows
by ids that it read before (heat/db/api.py, resource_attr_data_delete), and so at times deleted
another resource's properties: that resource then counts as not found, and the deletion of its stack
waits for it for ever.
"""

from sqlalchemy.dialects.sqlite import base
from sqlalchemy.schema import CreateTable, Table


def apply() -> None:
    compiler = base.SQLiteDDLCompiler
    visit = compiler.visit_create_table

    def visit_create_table(self: base.SQLiteDDLCompiler, create: CreateTable, **kw: object) -> str:
        if _has_counted_key(self, create.element):
            create.element.dialect_options["sqlite"]["autoincrement"] = True
        return visit(self, create, **kw)

    compiler.visit_create_table = visit_create_table


def _has_counted_key(compiler: base.SQLiteDDLCompiler, table: Table) -> bool:
    columns = list(table.primary_key.columns)
    if len(columns) != 1 or columns[0].foreign_keys or columns[0].autoincrement is False:
        return False
    types = compiler.dialect.type_compiler_instance
    # SQLite counts INTEGER keys only, not BIGINT ones.
    return types.process(columns[0].type, type_expression=columns[0]) == "INTEGER"
