"""Views of companies and people: organizations, accounts, individuals, contacts."""

from schema.models import Account, Contact, Individual, Organization
from schema.views.definition import STAMPS, Column, View, key, of, zoned

FULL_NAME = Column("full_name", "btrim(i.given_name || ' ' || i.family_name)", "text", "Given and family name together")

ORGANIZATIONS = View(
    "organizations",
    "Companies that exist",
    [
        key(Organization, "o", "organization_id", "organization"),
        *of(
            Organization,
            "o",
            "name",
            "domain",
            "industry",
            "employee_count",
            "annual_revenue",
            "currency",
            "city",
            "country",
            "description",
            *STAMPS,
        ),
    ],
    "FROM crm.organizations o\nWHERE o.deleted_at IS NULL",
    "organization",
)
ACCOUNTS = View(
    "accounts",
    "Our commercial relationships with organizations",
    [
        key(Account, "a", "account_id", "account"),
        *of(Account, "a", "organization_id", "name", "tier", "status"),
        *of(Organization, "o", "industry", "country"),
        *of(Account, "a", "owner_id"),
        Column("owner_name", "u.name", "text", "Name of the owner"),
        Column(
            "last_interaction_at",
            "(SELECT max(x.occurred_at) FROM crm.interactions x WHERE x.tenant_id = a.tenant_id"
            " AND x.account_id = a.id AND x.deleted_at IS NULL)",
            "timestamptz",
            "When we last had an interaction with it",
        ),
        *of(Account, "a", *STAMPS),
    ],
    "FROM crm.accounts a\n"
    "LEFT JOIN crm.organizations o ON o.tenant_id = a.tenant_id AND o.id = a.organization_id AND o.deleted_at IS NULL\n"
    "LEFT JOIN crm.users u ON u.tenant_id = a.tenant_id AND u.id = a.owner_id\n"
    "WHERE a.deleted_at IS NULL",
    "account",
)
INDIVIDUALS = View(
    "individuals",
    "People who exist",
    [
        key(Individual, "i", "individual_id", "individual"),
        *of(Individual, "i", "given_name", "family_name"),
        FULL_NAME,
        *zoned(of(Individual, "i", "email", "phone"), email="email", phone="phone"),
        *of(Individual, "i", "city", "country", *STAMPS),
    ],
    "FROM crm.individuals i\nWHERE i.deleted_at IS NULL",
    "individual",
)
CONTACTS = View(
    "contacts",
    "People in a role at an account",
    [
        key(Contact, "c", "contact_id", "contact"),
        *of(Contact, "c", "individual_id"),
        FULL_NAME,
        *of(Contact, "c", "title", "department"),
        *zoned(of(Individual, "i", "email", "phone"), email="email", phone="phone"),
        *of(Contact, "c", "account_id"),
        Column("account_name", "a.name", "text", "Name of the account"),
        *of(Contact, "c", "is_primary", *STAMPS),
    ],
    "FROM crm.contacts c\n"
    "JOIN crm.individuals i ON i.tenant_id = c.tenant_id AND i.id = c.individual_id AND i.deleted_at IS NULL\n"
    "LEFT JOIN crm.accounts a ON a.tenant_id = c.tenant_id AND a.id = c.account_id AND a.deleted_at IS NULL\n"
    "WHERE c.deleted_at IS NULL",
    "contact",
)
VIEWS = (ORGANIZATIONS, ACCOUNTS, INDIVIDUALS, CONTACTS)
