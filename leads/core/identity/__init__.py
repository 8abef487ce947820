"""Who is who: the forms in which two systems' names for one person are one name."""

from leads.core.identity.domains import FREE_MAIL, company_domain, domain
from leads.core.identity.mail import LONGEST_MAIL, NO_MAIL, Mail, mail, mails
from leads.core.identity.phone import phone
from leads.core.identity.systems import external_id, external_ids, is_student

__all__ = [
    "FREE_MAIL",
    "LONGEST_MAIL",
    "NO_MAIL",
    "Mail",
    "company_domain",
    "domain",
    "external_id",
    "external_ids",
    "is_student",
    "mail",
    "mails",
    "phone",
]
