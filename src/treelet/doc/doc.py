"""Doc: one document."""

from __future__ import annotations

from typing import Any

from treelet._core import Doc as Columns


class Doc:
    def __init__(self) -> None:
        self.columns = Columns()
        self.user_data: dict[str, Any] = {}

    @classmethod
    def from_columns(cls, columns: Columns, user_data: dict[str, Any] | None = None) -> Doc:
        doc = cls()
        doc.columns = columns
        doc.user_data = user_data or {}
        return doc

    @property
    def text(self) -> str:
        return self.columns.text

    def __len__(self) -> int:
        return len(self.columns)
