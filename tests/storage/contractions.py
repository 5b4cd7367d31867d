"""What a migration takes away from the program of the last release, read from what it really does."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations, ops
from sqlalchemy import Connection, inspect

Found = tuple[str, str]
"""What it is about ("table" or "table.column"), and what is done to it."""

_BY_HAND = re.compile(r"(?is)\b(drop\s+table|alter\s+table)\s+(?:if\s+exists\s+|only\s+)*\"?(\w+)\"?(.*)")
_TAKES = re.compile(r"(?i)\b(drop|rename|alter\s+column|add\s+constraint|set\s+not\s+null)\b")


def contractions(connection: Connection, upgrade: Callable[[], None]) -> list[Found]:
    """Run a migration and list what it drops, renames or tightens of what stood before."""
    before = set(inspect(connection).get_table_names())
    seen: list[Any] = []
    as_ours = {"render_as_batch": connection.dialect.name == "sqlite"}
    with Operations.context(MigrationContext.configure(connection, opts=as_ours)) as op:
        _record(op, seen)
        upgrade()
    added = {(one.table_name, one.column.name) for one in seen if _may_stay_empty(one)}
    return [found for operation in seen for found in _taken(operation, before, added)]


def _record(op: Any, seen: list[Any]) -> None:
    """Alembic's `op` does everything as before, and writes down what."""
    really, in_batch = op.invoke, getattr(op, "batch_alter_table", None)

    def invoke(operation: Any) -> Any:
        seen.append(operation)
        return really(operation)

    @contextmanager
    def batch_alter_table(*given: Any, **named: Any) -> Iterator[Any]:
        with in_batch(*given, **named) as batch:
            _record(batch, seen)
            yield batch

    op.invoke = invoke
    if in_batch is not None:
        op.batch_alter_table = batch_alter_table


def _may_stay_empty(operation: Any) -> bool:
    return isinstance(operation, ops.AddColumnOp) and bool(operation.column.nullable)


def _taken(operation: Any, before: Collection[str], added: Collection[tuple[str, str]]) -> Iterator[Found]:
    if isinstance(operation, ops.ExecuteSQLOp):
        yield from _by_hand(str(operation.sqltext), before)
        return
    table = str(getattr(operation, "table_name", None) or getattr(operation, "source_table", ""))
    if table not in before:
        return
    if isinstance(operation, ops.AlterColumnOp):
        yield from _altered(operation, table)
        return
    columns = _columns(operation)
    if any((table, name) in added for name in columns):
        return  # rows that know nothing of the new column leave it empty, and what is empty breaks no rule
    for kind, what in _KINDS.items():
        if isinstance(operation, kind) and _matters(operation):
            yield ".".join([table, *columns]) if len(columns) == 1 else table, what


_KINDS: dict[Any, str] = {
    ops.DropTableOp: "is dropped",
    ops.RenameTableOp: "is renamed",
    ops.DropColumnOp: "is dropped",
    ops.AddColumnOp: "must be given with every new row, because it has no server_default",
    ops.DropConstraintOp: "loses a constraint, on which `ON CONFLICT` may rest",
    ops.CreateIndexOp: "gets a unique index, which rows of the old program may break",
    ops.CreateUniqueConstraintOp: "gets a unique constraint, which rows of the old program may break",
    ops.CreateCheckConstraintOp: "gets a check, which rows of the old program may break",
    ops.CreateForeignKeyOp: "gets a foreign key, which rows of the old program may break",
}


def _matters(operation: Any) -> bool:
    if isinstance(operation, ops.AddColumnOp):
        return not operation.column.nullable and operation.column.server_default is None
    if isinstance(operation, ops.DropConstraintOp):
        return operation.constraint_type != "foreignkey"
    return not isinstance(operation, ops.CreateIndexOp) or bool(operation.unique)


def _columns(operation: Any) -> Sequence[str]:
    if isinstance(operation, ops.AddColumnOp):
        return () if operation.column.nullable else (str(operation.column.name),)
    if isinstance(operation, ops.DropColumnOp):
        return (str(operation.column_name),)
    if isinstance(operation, ops.CreateForeignKeyOp):
        return tuple(operation.local_cols)
    return tuple(str(column) for column in getattr(operation, "columns", ()))


def _altered(operation: ops.AlterColumnOp, table: str) -> Iterator[Found]:
    about = f"{table}.{operation.column_name}"
    if operation.modify_name is not None:
        yield about, "is renamed"
    if operation.modify_nullable is False:
        yield about, "may no longer be empty"
    if operation.modify_type is not None:
        yield about, "changes its type"


def _by_hand(statement: str, before: Collection[str]) -> Iterator[Found]:
    found = _BY_HAND.search(statement)
    if found is None or found[2] not in before:
        return
    if found[1].lower().startswith("drop") or _TAKES.search(found[3]):
        yield found[2], f"is changed by hand: {' '.join(statement.split())[:80]}"
