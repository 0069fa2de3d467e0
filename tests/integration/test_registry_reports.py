"""The figures of a period, counted from what really happened."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from connector.domain.report import Period, StateCount
from connector.domain.states import Stage, State
from connector.registry.audit import AuditChain
from connector.registry.reports import ReportRegister
from connector.registry.views import ViewBook
from tests.fakes.reader import VALUES, read_as
from tests.fixtures.pipelines import PlayedOffice

pytestmark = pytest.mark.integration


@pytest.fixture
def confirmed(played: PlayedOffice) -> PlayedOffice:
    """An office with one paper stored: a flagged number kept, an unflagged abstract corrected."""
    played.reader.extraction = read_as(VALUES, flagged=frozenset({"document_number"}))
    document = played.deposit(is_result=True)
    played.work()
    played.press(document, "XAC_NHAN", document_number=VALUES["document_number"], abstract="Về việc thôi hưởng")
    played.work()
    return played


def test_papers_are_counted_by_office_type_and_state(confirmed: PlayedOffice) -> None:
    confirmed.deposit(confirmed.dossier("hồ sơ 2"), "chưa đọc.pdf", content=b"%PDF-1.7 another")

    counts = ReportRegister(confirmed.database).report(Period()).counts

    office = counts[0].office
    assert counts == [
        StateCount(office=office, type_code=None, state=State.TIEP_NHAN, papers=1),
        StateCount(office=office, type_code="MAU-QD", state=State.DA_XAC_NHAN, papers=1),
    ]


def test_a_correction_that_nobody_was_asked_for_is_told_from_one_that_was_flagged(confirmed: PlayedOffice) -> None:
    fields = {field.name: field for field in ReportRegister(confirmed.database).report(Period()).accuracy}

    number, abstract = fields["document_number"], fields["abstract"]
    assert (number.confirmed, number.offered, number.kept, number.flagged, number.corrected_unasked) == (1, 1, 1, 1, 0)
    assert (abstract.kept, abstract.flagged, abstract.corrected_unasked) == (0, 0, 1)


def test_each_step_that_a_paper_took_has_its_time(confirmed: PlayedOffice) -> None:
    steps = {step.stage: step for step in ReportRegister(confirmed.database).report(Period()).steps}

    assert {Stage.SCOPE, Stage.CAPTURE, Stage.EXTRACTION, Stage.CONFIRMATION} <= set(steps)
    assert all(0 <= step.median_seconds <= step.ninth_decile_seconds and step.times == 1 for step in steps.values())


def test_looking_at_a_paper_does_not_shorten_the_step_it_waits_for(played: PlayedOffice) -> None:
    document = played.deposit()
    played.work()
    waited = dt.timedelta(hours=2)
    with played.database.transaction() as transaction:
        transaction.execute("ALTER TABLE audit DISABLE TRIGGER audit_append_only")
        transaction.execute("UPDATE audit SET at = at - %s", (waited,))
    ViewBook(played.database, AuditChain(played.database, b"key")).note(played.paper(document).paper_id, "ai.do")
    played.press(document, "XAC_NHAN")
    played.work()

    steps = {step.stage: step for step in ReportRegister(played.database).report(Period()).steps}

    assert steps[Stage.CONFIRMATION].median_seconds >= waited.total_seconds()


def test_a_period_holds_both_its_days_in_vietnam_and_nothing_else(confirmed: PlayedOffice) -> None:
    claimed = dt.datetime(2025, 3, 4, 23, 59, tzinfo=dt.timezone(dt.timedelta(hours=7)))
    with confirmed.database.transaction() as transaction:
        transaction.execute("UPDATE paper SET claimed_at = %s", (claimed,))
    register, day = ReportRegister(confirmed.database), claimed.date()

    assert len(register.report(Period(first=day, last=day)).counts) == 1
    assert not register.report(Period(first=day + dt.timedelta(days=1))).counts
    assert not register.report(Period(last=day - dt.timedelta(days=1))).counts


def test_the_table_holds_one_figure_a_row_and_no_formula(confirmed: PlayedOffice) -> None:
    with confirmed.database.transaction() as transaction:
        transaction.execute("UPDATE paper SET metadata = jsonb_set(metadata, '{document_type_code}', '\"=1+1\"')")
    report = ReportRegister(confirmed.database).report(Period())
    written = io.StringIO()
    csv.writer(written).writerows(report.csv_rows())

    rows = list(csv.reader(io.StringIO(written.getvalue())))

    assert rows[0] == ["Bảng", "Đơn vị", "Loại giấy tờ", "Mục", "Chỉ tiêu", "Giá trị"]
    assert {len(row) for row in rows} == {6}
    assert [row[2] for row in rows if row[3] == "Đã xác nhận" and row[0] == "Số lượng"] == ["'=1+1"]
    assert ["Độ chính xác bóc tách", "", "", "Trích yếu nội dung", "Sửa dù không yêu cầu xem", "1"] in rows
