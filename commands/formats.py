"""Rows of a view as files: CSV for spreadsheets, JSON lines and one JSON document for programs, Parquet for analysis."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, BinaryIO

from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import write_parquet as write_arrow

from schema.views import Column, View
from tools.records.shown import as_json

Batches = Iterable[Sequence[Sequence[Any]]]
"""Rows in batches, each row's values in the order of the view's columns."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""What makes spreadsheets read a CSV file as UTF-8."""

_FORMULA = re.compile(r"[=@\t\r+-]")
_PHONE_OR_NUMBER = re.compile(r"[+-][\d ()./-]*")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = datetime.resolution


def write_csv(file: BinaryIO, view: View, batches: Batches) -> None:
    """RFC 4180, the values as in JSON: decimals in full, times RFC 3339 in UTC, null as nothing."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    lines = csv.writer(text)
    lines.writerow([column.name for column in view.columns])
    cells = [_CELLS.get(column.type, _as_it_is) for column in view.columns]
    for batch in batches:
        lines.writerows(
            ["" if value is None else cell(value) for cell, value in zip(cells, row, strict=True)] for row in batch
        )
    text.detach()


def harmless_cell(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run as a formula, as =, +, -, @ can.

    Texts come from other people's mails, and a formula in one can send the sheet's content away. Phones and numbers
    stay as they are: there is nothing in them to call.
    """
    if _FORMULA.match(text) and not _PHONE_OR_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def write_jsonl(file: BinaryIO, view: View, batches: Batches) -> None:
    """An object a line, keyed by column."""
    names = [column.name for column in view.columns]
    for batch in batches:
        objects = (dict(zip(names, map(as_json, row), strict=True)) for row in batch)
        file.write("".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in objects).encode())


def write_document(file: BinaryIO, view: View, batches: Batches) -> None:
    """One JSON document, its rows arrays in the order of the columns, as `sql --json` gives them."""
    columns = [{"name": column.name, "type": column.type} for column in view.columns]
    opening = json.dumps({"view": view.name, "columns": columns}, ensure_ascii=False)
    file.write(f'{opening[:-1]}, "rows": ['.encode())
    total = 0
    for batch in batches:
        lines = ", ".join(json.dumps(as_json(list(row)), ensure_ascii=False) for row in batch)
        file.write(f"{', ' if total else ''}{lines}".encode())
        total += len(batch)
    file.write(f'], "total": {total}}}\n'.encode())


def write_parquet(file: BinaryIO, view: View, batches: Batches) -> None:
    """Columns typed as in the view; ids and JSON as text, decimals with six places, times in UTC."""
    schema = Schema([Field(column.name, _PARQUET[column.type][1], nullable=True) for column in view.columns])

    def tables() -> Iterator[RecordBatch]:
        for batch in batches:
            arrays = [
                _array(column, values) for column, values in zip(view.columns, zip(*batch, strict=True), strict=True)
            ]
            yield RecordBatch.from_arrays(arrays, schema=schema)  # pyright: ignore[reportUnknownMemberType]

    write_arrow(RecordBatchReader.from_batches(schema, tables()), file, compression="snappy")


def _array(column: Column, values: Sequence[Any]) -> Array:
    told, kind, made = _PARQUET[column.type][0], _PARQUET[column.type][1], _PARQUET[column.type][2]
    return Array([None if value is None else told(value) for value in values], type=made).cast(kind)


def _as_it_is(value: Any) -> Any:
    return value


def _json_text(value: Any) -> str:
    return json.dumps(as_json(value), ensure_ascii=False)


def _days(value: date) -> int:
    return value.toordinal() - _EPOCH.toordinal()


def _microseconds(value: datetime) -> int:
    return (value - _EPOCH) // _MICROSECOND


_CELLS: Mapping[str, Callable[[Any], Any]] = {
    "text": harmless_cell,
    "boolean": lambda value: "true" if value else "false",
    "timestamptz": as_json,
    "date": as_json,
    "jsonb": _json_text,
}

_PARQUET: Mapping[str, tuple[Callable[[Any], Any], DataType, DataType]] = {
    "uuid": (str, DataType.utf8(), DataType.utf8()),
    "text": (_as_it_is, DataType.utf8(), DataType.utf8()),
    "jsonb": (_json_text, DataType.utf8(), DataType.utf8()),
    "integer": (_as_it_is, DataType.int64(), DataType.int64()),
    "boolean": (_as_it_is, DataType.bool(), DataType.bool()),
    "numeric": (str, DataType.decimal128(38, 6), DataType.utf8()),
    "date": (_days, DataType.date32(), DataType.int32()),
    "timestamptz": (_microseconds, DataType.timestamp("us", tz="UTC"), DataType.int64()),
}
"""View type → how a value is told to Arrow, the column's type, and the type that values are told in."""

FORMATS: Mapping[str, Callable[[BinaryIO, View, Batches], None]] = {
    "csv": write_csv,
    "jsonl": write_jsonl,
    "parquet": write_parquet,
}
