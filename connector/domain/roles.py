"""Who may do what: the people of mappings/users.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from connector.domain.states import Action


class Role(StrEnum):
    """A task in the procedure (Art. 6, 13)."""

    TIEP_NHAN = "tiep_nhan"  # receives, scans and signs
    GIAI_QUYET = "giai_quyet"  # settles and confirms the data (Art. 9.3)
    VAN_THU = "van_thu"  # keeps the agency's key and approves its signature
    LANH_DAO = "lanh_dao"


@dataclass(frozen=True, kw_only=True)
class User:
    """A person known by their ECM login; ``identity`` names their signing key."""

    login: str
    full_name: str
    roles: frozenset[Role]
    identity: str | None = None


ACTION_ROLES: Mapping[Action, frozenset[Role]] = {
    Action.XAC_NHAN: frozenset({Role.GIAI_QUYET}),
    Action.THU_LAI: frozenset({Role.TIEP_NHAN, Role.GIAI_QUYET, Role.VAN_THU}),
    Action.NHAP_TAY: frozenset({Role.GIAI_QUYET}),
    Action.BO_QUA: frozenset({Role.GIAI_QUYET, Role.VAN_THU, Role.LANH_DAO}),
    Action.KY_CO_QUAN: frozenset({Role.VAN_THU}),
    Action.KIEM_TRA_KHO: frozenset({Role.TIEP_NHAN, Role.GIAI_QUYET}),
    Action.THU_HOI: frozenset({Role.VAN_THU, Role.LANH_DAO}),
    Action.THAY_THE: frozenset({Role.VAN_THU, Role.LANH_DAO}),
}
# What a secrecy stamp has stopped, only these release (Art. 5.4).
QUARANTINE_ROLES = frozenset({Role.VAN_THU, Role.LANH_DAO})


@dataclass(frozen=True)
class Staff:
    """All people, by login."""

    users: Mapping[str, User] = field(default_factory=dict)

    def may(self, login: str, action: Action) -> bool:
        """Whether this login has a role that allows the button."""
        return self.has_role(login, ACTION_ROLES[action])

    def has_role(self, login: str, roles: frozenset[Role]) -> bool:
        """Whether this login has one of the roles."""
        user = self.users.get(login)
        return user is not None and bool(user.roles & roles)

    def full_name(self, login: str) -> str:
        """The person's name; the login where they are not listed."""
        user = self.users.get(login)
        return user.full_name if user else login
