"""The office's lists: imported from spreadsheets with every mistake named, valid for some time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from connector.domain.errors import ConfigurationError
from connector.domain.lists import ListedType, TypeList
from connector.mapping.lists import import_list, load_organisations, load_procedures, load_types
from connector.mapping.people import load_staff
from connector.mapping.profiles import load_profile

MAPPINGS = Path(__file__).parents[2] / "mappings"
HEADS = ["Mã", "Tên giấy tờ", "Đọc như", "Là kết quả", "Số năm lưu trữ", "Hiệu lực từ", "Hiệu lực đến"]


def xlsx(folder: Path, *rows: list[object]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (HEADS, *rows):
        book.active.append(row)
    book.save(folder / "list.xlsx")
    return folder / "list.xlsx"


def csv(folder: Path, *lines: str) -> Path:
    file = folder / "list.csv"
    file.write_text("\n".join(lines), encoding="utf-8-sig")
    return file


def test_a_workbook_becomes_a_list(tmp_path: Path) -> None:
    source = xlsx(
        tmp_path,
        ["KQ.G24.000001", "Quyết định hưởng", "MAU-QD", "x", 70, dt.datetime(2024, 1, 1), None],
        [12, "Tờ khai", None, "không", None, "01/07/2025", "31/12/2026"],
    )

    assert import_list(source, tmp_path / "types.yaml", "types") == 2

    first, second = load_types(tmp_path / "types.yaml").entries
    assert first == ListedType(
        code="KQ.G24.000001",
        name="Quyết định hưởng",
        reads_as="MAU-QD",
        is_result=True,
        retention_years=70,
        valid_from=dt.date(2024, 1, 1),
    )
    assert (second.code, second.is_result) == ("12", False)
    assert (second.valid_from, second.valid_until) == (dt.date(2025, 7, 1), dt.date(2026, 12, 31))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_file_becomes_a_list_whatever_separates_its_cells(tmp_path: Path, separator: str) -> None:
    source = csv(
        tmp_path, separator.join(["Mã TTHC", "Tên thủ tục"]), "", separator.join(["1.001939", "Hưởng lương hưu"])
    )

    assert import_list(source, tmp_path / "out.yaml", "procedures") == 1

    [entry] = load_procedures(tmp_path / "out.yaml").entries
    assert (entry.code, entry.name) == ("1.001939", "Hưởng lương hưu")


def test_required_components_are_separated_by_semicolons(tmp_path: Path) -> None:
    import_list(csv(tmp_path, "code,name,components", "1.0,x,A; B"), tmp_path / "out.yaml", "procedures")

    assert load_procedures(tmp_path / "out.yaml").entries[0].components == ("A", "B")


@pytest.mark.parametrize(
    ("lines", "finding"),
    [
        (["Tên,Mã hiệu", "a,b"], ":1: the first row needs"),
        (["Mã,Tên", ",không mã"], ":2: code"),
        (["Mã,Tên", "A 1,có dấu cách"], ":2: code"),
        (["Mã,Tên", "A1,"], ":2: name"),
        (["Mã,Tên,Màu", "A1,x,đỏ"], ":2: màu"),
        (["Mã,Tên", "A1,x", "A1,y"], ":3: code A1 is valid on the same days as in line 2"),
        (["Mã,Tên,Hiệu lực từ", "A1,x,31/02/2025"], ":2: valid_from: 31/02/2025 is no date"),
        (["Mã,Tên,Từ ngày,Đến ngày", "A1,x,2026-01-02,2026-01-01"], "valid_from is after valid_until"),
        (["Mã,Tên,Số năm lưu trữ", "A1,x,0"], ":2: retention_years"),
        (["Mã,Tên,Là kết quả", "A1,x,chưa rõ"], ":2: is_result"),
        (["Mã,Tên"], "no entries"),
        ([""], "not a CSV file"),
    ],
)
def test_every_mistake_names_its_row_and_nothing_is_written(tmp_path: Path, lines: list[str], finding: str) -> None:
    with pytest.raises(ConfigurationError, match=finding):
        import_list(csv(tmp_path, *lines), tmp_path / "out.yaml", "types")

    assert not (tmp_path / "out.yaml").exists()


def test_what_only_calls_itself_a_workbook_is_refused(tmp_path: Path) -> None:
    fake = tmp_path / "list.xlsx"
    fake.write_bytes(b"no zip")

    with pytest.raises(ConfigurationError, match="not an XLSX file"):
        import_list(fake, tmp_path / "out.yaml", "types")


def test_a_mistake_in_the_yaml_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "types.yaml"
    file.write_text("entries:\n  - code: A\n    name: x\n  - code: B\n", encoding="utf-8")

    with pytest.raises(ConfigurationError, match=r"types.yaml:4: name: Field required"):
        load_types(file)


def test_a_code_may_mean_one_thing_after_another(tmp_path: Path) -> None:
    lines = ["code,name,valid_from,valid_until,reads_as", "A,cũ,,2025-06-30,MAU-QD", "A,mới,2025-07-01,,MAU-QD"]
    import_list(csv(tmp_path, *lines), tmp_path / "out.yaml", "types")

    types = load_types(tmp_path / "out.yaml")

    names = [types.named("A", day).name for day in (dt.date(2025, 6, 30), dt.date(2025, 7, 1))]  # type: ignore[union-attr]
    assert names == ["cũ", "mới"]


def test_an_expired_code_is_refused_and_not_proposed() -> None:
    types = TypeList([ListedType(code="A", name="x", reads_as="MAU-QD", valid_until=dt.date(2025, 12, 31))])

    assert types.official("MAU-QD", dt.date(2025, 12, 31)) == "A"
    assert types.official("MAU-QD", dt.date(2026, 1, 1)) == "MAU-QD"
    assert types.refuses("A", dt.date(2026, 1, 1))
    assert types.refuses("B", dt.date(2025, 1, 1))
    assert not TypeList().refuses("B", dt.date(2025, 1, 1))


def test_keeping_counts_whole_years_after_the_year_of_storing() -> None:
    types = TypeList([ListedType(code="A", name="x", retention_years=5), ListedType(code="B", name="y")])

    assert types.retention_until("A", dt.date(2026, 1, 2)) == dt.date(2031, 12, 31)
    assert types.retention_until("B", dt.date(2026, 1, 2)) is None


def test_the_shipped_samples_are_marked_and_load() -> None:
    procedures = load_procedures(MAPPINGS / "procedures.yaml").entries
    assert all(entry.code.startswith("MAU-") for entry in procedures)
    assert load_staff(MAPPINGS / "users.yaml").users
    for name in ("procedures.yaml", "users.yaml"):
        assert "MẪU" in (MAPPINGS / name).read_text(encoding="utf-8").splitlines()[0]


def test_profiles_differ_by_what_later_circulars_changed() -> None:
    assert load_profile("qd1333-2023").digitize_verification_replies
    assert not load_profile("2025").digitize_verification_replies
    assert load_profile("2025").name == "2025"


def test_an_unknown_profile_names_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="shipped are 2025, qd1333-2023"):
        load_profile("2024")
    wrong = tmp_path / "own.yaml"
    wrong.write_text("valid_from: 2025-07-01\nbasis: x\nscan_all: true\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"own.yaml:3: scan_all"):
        load_profile(str(wrong))


def test_organisations_come_in_both_orders_of_their_codes(tmp_path: Path) -> None:
    source = csv(tmp_path, "Mã,Tên cơ quan,Mã cũ", "G24.45,BHXH tỉnh thử,000.00.45.G24", "000.00.12.H37,Sở thử,")

    assert import_list(source, tmp_path / "organisations.yaml", "organisations") == 2

    listed, day = load_organisations(tmp_path / "organisations.yaml"), dt.date(2026, 1, 1)
    assert [(each.code, each.former_code) for each in listed.entries] == [
        ("G24.45", "000.00.45.G24"), ("H37.12", "000.00.12.H37"),
    ]  # fmt: skip
    assert listed.newer("000.00.12.H37", day) == "H37.12"
    assert (listed.refuses("G24.45", day), listed.refuses("G24.46", day)) == (False, True)


@pytest.mark.parametrize("row", ["không mã,Sở thử,", "G24.45,BHXH,G24.45", "12345,Sở thử,"])
def test_what_is_no_organisation_code_is_named_by_its_row(tmp_path: Path, row: str) -> None:
    with pytest.raises(ConfigurationError, match=r"list\.csv:2: "):
        import_list(csv(tmp_path, "Mã,Tên cơ quan,Mã cũ", row), tmp_path / "organisations.yaml", "organisations")


def test_a_type_names_the_sector_data_it_needs_and_who_may_read_it(tmp_path: Path) -> None:
    source = csv(tmp_path, "Mã;Tên giấy tờ;Dữ liệu chuyên ngành;Người được đọc",
                 'C65;Giấy chứng nhận;"Số ngày nghỉ; Chẩn đoán";"nhom_giam_dinh"')  # fmt: skip

    import_list(source, tmp_path / "types.yaml", "types")

    listed, day = load_types(tmp_path / "types.yaml"), dt.date(2026, 1, 1)
    assert listed.missing_sector_fields("C65", {"Chẩn đoán": "J00"}, day) == ("Số ngày nghỉ",)
    assert listed.missing_sector_fields("khác", {}, day) == ()
    assert listed.entries[0].readers == ("nhom_giam_dinh",)
