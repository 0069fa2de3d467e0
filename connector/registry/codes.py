"""The code register: which paper has which digitization code."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

import psycopg

from connector.domain.code import DigitizationCode
from connector.domain.errors import CodeCollision, ObjectNotFound
from connector.domain.number_order import NumberedPaper
from connector.registry.connection import Transaction

_INSERT = """INSERT INTO code_register (paper_id, version, code, owner_id, procedure_code, type_code, document_number,
    issuing_authority, issue_date, distinction)
VALUES (%(paper_id)s, %(version)s, %(code)s, %(owner_id)s, %(procedure_code)s, %(type_code)s, %(document_number)s,
    %(authority)s, %(issue_date)s, %(distinction)s)
ON CONFLICT (paper_id, version) DO UPDATE SET code = EXCLUDED.code, owner_id = EXCLUDED.owner_id,
    procedure_code = EXCLUDED.procedure_code, type_code = EXCLUDED.type_code,
    document_number = EXCLUDED.document_number, issuing_authority = EXCLUDED.issuing_authority,
    issue_date = EXCLUDED.issue_date, distinction = EXCLUDED.distinction"""
_OWN = """SELECT version, code, issuing_authority, issue_date, EXISTS (SELECT 1 FROM published_paper
        WHERE published_paper.paper_id = code_register.paper_id AND digitization_code = code) AS is_published
    FROM code_register WHERE paper_id = %(paper_id)s ORDER BY version DESC"""
_OTHERS = """SELECT paper_id, distinction FROM code_register WHERE code = %(code)s
    AND issuing_authority = %(authority)s AND issue_date = %(issue_date)s AND paper_id <> %(paper_id)s
    ORDER BY distinction DESC"""


# the nearest few are enough: numbers grow from paper to paper
_BESIDE = """SELECT DISTINCT document_number, issue_date FROM (
    (SELECT * FROM same WHERE issue_date <= %(issue_date)s ORDER BY issue_date DESC, registered_at DESC LIMIT 8)
    UNION ALL
    (SELECT * FROM same WHERE issue_date > %(issue_date)s ORDER BY issue_date, registered_at DESC LIMIT 8)) AS near"""
_SAME = """WITH same AS (SELECT document_number, issue_date, registered_at FROM code_register
    WHERE issuing_authority = %(authority)s AND type_code = %(type_code)s AND left(issue_date, 4) = %(year)s
    AND length(issue_date) = 10 AND right(document_number, length(%(notation)s::text)) = %(notation)s
    AND paper_id <> %(without)s)"""


def numbers_beside(
    transaction: Transaction, authority: str, type_code: str, notation: str, issue_date: str, without: UUID
) -> list[NumberedPaper]:
    """The nearest registered papers of this office, type, notation and year before, on and after a date."""
    rows = transaction.execute(
        f"{_SAME} {_BESIDE}",
        {
            "authority": authority.casefold(),
            "type_code": type_code,
            "notation": notation,
            "issue_date": issue_date,
            "year": issue_date[:4],
            "without": without,
        },
    )
    return [NumberedPaper(document_number=row["document_number"], issue_date=row["issue_date"]) for row in rows]


def register_code(
    transaction: Transaction,
    paper_id: UUID,
    code: DigitizationCode,
    *,
    authority: str,
    issue_date: str,
    distinct: bool,
    siblings: Collection[UUID],
) -> str:
    """Register a paper's code, or find the one it has.

    Until the stage that asked is committed the code may still change with the confirmed values; afterwards it
    stands, and a correction of the stored paper gets a code beside it (a later id of its owner, for example).
    ``distinct``: a person has said that this is another paper than the one that holds the same code; ``siblings``
    are other files of the same dossier component, whose code it shares. Raises CodeCollision, which names that
    paper by its opaque id.
    """
    held = transaction.execute(
        "SELECT digitization_code FROM paper WHERE paper_id = %s FOR UPDATE", (paper_id,)
    ).fetchone()
    if held is None:
        raise ObjectNotFound("paper")
    if held["digitization_code"]:
        return str(held["digitization_code"])
    row = {
        "paper_id": paper_id,
        "code": str(code),
        "owner_id": code.owner_id,
        "procedure_code": code.procedure_code,
        "type_code": code.type_code,
        "document_number": code.document_number,
        "authority": authority.casefold(),  # capitals as on the stamp or as in a sentence: the same office
        "issue_date": issue_date,
    }
    own = transaction.execute(_OWN, row).fetchall()
    if any(_is_same(each, row) and each["is_published"] for each in own):
        return str(code)
    version = own[0]["version"] + own[0]["is_published"] if own else 1
    others = transaction.execute(_OTHERS, row).fetchall()
    foreign = [other["paper_id"] for other in others if other["paper_id"] not in siblings]
    if foreign and not distinct:
        raise CodeCollision(f"held by paper {foreign[0]}", sentence=_question(foreign[0]))
    distinction = others[0]["distinction"] + 1 if others else 0
    try:
        transaction.execute(_INSERT, {**row, "version": version, "distinction": distinction})
    except psycopg.errors.UniqueViolation as error:
        raise CodeCollision("another paper registered it at the same moment") from error
    return str(code)


def _is_same(own: Mapping[str, object], row: Mapping[str, object]) -> bool:
    known = (own["code"], own["issuing_authority"], own["issue_date"])
    return known == (row["code"], row["authority"], row["issue_date"])


def _question(other: UUID) -> str:
    return (
        f"Giấy tờ mã tài liệu {other} đã có mã số hóa này, cùng cơ quan và ngày cấp. Nếu nhập sai: sửa số ký hiệu, "
        "chủ giấy tờ hoặc loại giấy tờ rồi chọn XAC_NHAN. Nếu đúng là giấy tờ khác: chọn XAC_NHAN lần nữa. "
        "Nếu là cùng một giấy tờ: ghi canCu = 5.1 và chọn BO_QUA; bản quét tốt hơn thì nộp làm phiên bản mới của "
        "giấy tờ đã lưu và chọn THU_LAI ở đó."
    )


def release_code(transaction: Transaction, paper_id: UUID) -> None:
    """Free the code of a paper that is not published: another digitization of it may need it."""
    transaction.execute(
        "DELETE FROM code_register WHERE paper_id = %s AND NOT EXISTS (SELECT 1 FROM published_paper WHERE "
        "published_paper.paper_id = code_register.paper_id AND published_paper.digitization_code = code)",
        (paper_id,),
    )
