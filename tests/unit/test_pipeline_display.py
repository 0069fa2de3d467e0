"""What the ECM is shown fits into its properties."""

from __future__ import annotations

from connector.domain.labels import value_length
from connector.pipeline.display import differs, fitted


def test_a_sentence_that_is_too_long_is_cut_where_people_read_it() -> None:
    shown = fitted({"error": "x" * 5000, "proposals": ("y" * 5000, "z"), "abstract": "w" * 5000})

    assert len(str(shown["error"])) == value_length("error")
    assert str(shown["error"]).endswith("…")
    assert [len(line) for line in shown["proposals"]] == [value_length("proposals"), 1]  # type: ignore[union-attr]
    assert shown["abstract"] == "w" * 5000  # a value is never cut


def test_nothing_an_empty_text_and_an_empty_list_are_the_same() -> None:
    assert not differs((), None)
    assert not differs(None, "")
    assert not differs(["a"], ("a",))
    assert differs(None, False)
    assert differs("", "a")
