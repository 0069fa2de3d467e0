"""Users files: people, roles and identities, with findings that name the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.domain.errors import ConfigurationError
from connector.domain.roles import Role, Staff, User
from connector.domain.states import Action
from connector.mapping.people import load_staff, refuse_service_accounts

PEOPLE = """\
users:
  ha:
    full_name: Trần Thị Hà
    roles: [tiep_nhan, giai_quyet]
    identity: ha-key
  lan:
    full_name: Phạm Lan
    roles: [van_thu]
"""


def users_file(folder: Path, text: str) -> Path:
    file = folder / "users.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_people_are_known_by_their_login(tmp_path: Path) -> None:
    staff = load_staff(users_file(tmp_path, PEOPLE))

    assert staff.users["ha"].roles == {Role.TIEP_NHAN, Role.GIAI_QUYET}
    assert (staff.users["ha"].identity, staff.users["lan"].identity) == ("ha-key", None)
    assert (staff.may("ha", Action.XAC_NHAN), staff.may("lan", Action.XAC_NHAN)) == (True, False)
    assert (staff.full_name("lan"), staff.full_name("unknown")) == ("Phạm Lan", "unknown")


@pytest.mark.parametrize(
    ("wrong", "line"),
    [("roles: [vanthu]", 8), ("rolls: [van_thu]", 8), ("roles: []", 8)],
    ids=["unknown role", "unknown key", "no role"],
)
def test_a_mistake_names_its_line(tmp_path: Path, wrong: str, line: int) -> None:
    file = users_file(tmp_path, PEOPLE.replace("roles: [van_thu]", wrong))

    with pytest.raises(ConfigurationError, match=rf"users.yaml:{line}: users\.lan"):
        load_staff(file)


@pytest.mark.parametrize("service", ["ha", "phan.mem"])
def test_the_products_own_account_is_nobody_elses(service: str) -> None:
    staff = Staff({"ha": User(login="ha", full_name="Thu Hà", roles=frozenset({Role.VAN_THU}))})

    refuse_service_accounts(staff, {"phan.mem"}, {"sohoa"})
    with pytest.raises(ConfigurationError, match=service):
        refuse_service_accounts(staff, {"phan.mem"}, {"sohoa", service})
