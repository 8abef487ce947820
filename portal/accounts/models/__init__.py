from portal.accounts.models.absence import Absence
from portal.accounts.models.answer import KeptAnswer
from portal.accounts.models.department import Department
from portal.accounts.models.directory import (
    DirectoryGroup,
    DirectoryPerson,
    GrantedRole,
    GroupPlace,
)
from portal.accounts.models.invitation import Invitation
from portal.accounts.models.passkey import Challenge, Passkey
from portal.accounts.models.signed_in import SignedIn
from portal.accounts.models.team import Team
from portal.accounts.models.token import ApiToken, Scope
from portal.accounts.models.user import Role, User

__all__ = [
    "Absence",
    "ApiToken",
    "Challenge",
    "Department",
    "DirectoryGroup",
    "DirectoryPerson",
    "GrantedRole",
    "GroupPlace",
    "Invitation",
    "KeptAnswer",
    "Passkey",
    "Role",
    "Scope",
    "SignedIn",
    "Team",
    "User",
]
