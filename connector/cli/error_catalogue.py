"""docs/errors.md, written from the error tree: ``python -m connector.cli.error_catalogue > docs/errors.md``."""

from __future__ import annotations

from collections.abc import Iterator

from connector.domain import errors
from connector.domain.errors import SohoaError

_HEAD = """\
# Mã lỗi / Error codes

Tệp này được sinh ra từ `connector/domain/errors.py`; đừng sửa tay.
This file is written from `connector/domain/errors.py` by `python -m connector.cli.error_catalogue`; do not edit it.

`bhxh:loi` hiện mã trong ngoặc vuông và câu tiếng Việt; nhật ký có mã và câu tiếng Anh. Nhiều lỗi có câu riêng nêu rõ
trường hoặc trang. Lỗi "tự thử lại" được hàng đợi thực hiện lại: 5 giây, rồi gấp đôi, tối đa 15 phút một lần.
`bhxh:loi` shows the code in brackets and the Vietnamese sentence; logs hold code and English message. Many errors come
with a sentence of their own that names field or page. Transient errors are tried again by the queue: after 5 seconds,
then twice as long each time, at most 15 minutes.

| Code | Class | Transient | Exit code | English | Tiếng Việt |
| --- | --- | --- | --- | --- | --- |
"""


def error_catalogue() -> str:
    """One row for each error, in the order of the tree."""
    return _HEAD + "".join(_row(kind) for kind in _tree(SohoaError))


def _tree(kind: type[SohoaError]) -> Iterator[type[SohoaError]]:
    yield kind
    for each in kind.__subclasses__():
        if each.__module__ == errors.__name__:
            yield from _tree(each)


def _row(kind: type[SohoaError]) -> str:
    transient = "yes / tự thử lại" if kind.transient else "no"
    cells = (f"`{kind.code}`", f"`{kind.__name__}`", transient, str(int(kind.exit_code)), kind.message, kind.sentence)
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    print(error_catalogue(), end="")
