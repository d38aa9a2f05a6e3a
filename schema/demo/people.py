"""Individuals and contacts: the people behind the accounts."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import accumulate

from schema.demo.cast import CastAccount, CastContact
from schema.demo.company import Client, Company, Person
from schema.demo.history import RecordHistory, Version
from schema.demo.names import ascii_name, person_name, phone_number
from schema.demo.staff import Staff

ROLES: tuple[tuple[str, str | None], ...] = (
    ("Managing Director", "Management"),
    ("CFO", "Finance"),
    ("COO", "Operations"),
    ("CTO", "IT"),
    ("Head of Procurement", "Procurement"),
    ("Purchasing Manager", "Procurement"),
    ("Strategic Buyer", "Procurement"),
    ("Head of IT", "IT"),
    ("IT Security Officer", "IT"),
    ("Systems Engineer", "IT"),
    ("Plant Manager", "Operations"),
    ("Production Planner", "Operations"),
    ("Head of Logistics", "Operations"),
    ("Quality Manager", "Quality"),
    ("Project Manager", "Projects"),
    ("Legal Counsel", "Legal"),
    ("Data Protection Officer", "Legal"),
    ("Controller", "Finance"),
    ("Accounts Payable", "Finance"),
    ("Office Manager", None),
    ("Assistant to the Board", "Management"),
    ("Maintenance Lead", "Operations"),
    ("Digital Transformation Lead", "IT"),
    ("Sales Director", "Sales"),
)
CONTACT_TAGS = ("champion", "decision-maker", "newsletter", "prefers-phone", "technical", "christmas-card")
MET = (
    "Introduced in the first call.",
    "Signature of their mail.",
    "Joined the kick-off.",
    "Business card from the fair.",
    "Named as the new buyer.",
    "Copied in on the offer.",
    "Answers for their side of the project.",
)
RESERVED = frozenset({("Anna", "Schmidt"), ("Maria", "Lopez")})
"""Names that the cast alone may carry, so that requests that name them mean what they say."""


class Directory:
    """Which names and addresses are taken."""

    def __init__(self, company: Company) -> None:
        self.names = {tuple(user.name.split(" ", 1)) for user in company.staff} | RESERVED
        self.names |= {(one.given_name, one.family_name) for cast in company.blueprint.cast for one in cast.contacts}
        self.addresses: set[str] = set()
        self._chance = company.chance

    def fresh_name(self, country: str) -> tuple[str, str]:
        """A name that nobody has yet, unless the pools are nearly used up; the cast's are never given twice."""
        name = person_name(self._chance, country)
        for _ in range(12):
            if name not in self.names:
                break
            name = person_name(self._chance, country)
        while name in RESERVED:
            name = person_name(self._chance, country)
        self.names.add(name)
        return name

    def address(self, given: str, family: str, domain: str) -> str:
        local = ".".join(part for part in (ascii_name(given), ascii_name(family)) if part) or "office"
        address, number = f"{local}@{domain}", 2
        while address in self.addresses:
            address, number = f"{local}{number}@{domain}", number + 1
        self.addresses.add(address)
        return address


def contacts(company: Company) -> Iterator[Version]:
    """Every person's life: the cast's, a first contact for each account, then the rest where there is room."""
    directory = Directory(company)
    cast: Mapping[str, CastAccount] = {one.name: one for one in company.blueprint.cast}
    for client in company.clients:
        yield from _first_people(company, directory, client, cast.get(client.name) if client.is_cast else None)
    count = sum(len(client.people) for client in company.clients)
    clients = [client for client in company.clients if not client.is_cast]
    ranks = list(accumulate(_room(client) for client in clients))
    wanted, movers = company.blueprint.sizes.contacts, max(1, company.blueprint.sizes.contacts // 50)
    for place in range(wanted - count):
        client = company.chance.at_rank(ranks, clients)
        if place < movers:
            yield from _second_role(company, client)
        else:
            yield from _joins(company, directory, client)
    if wanted >= 100:
        yield from _mistakes(company, directory, clients)


def _room(client: Client) -> float:
    return {"enterprise": 4.0, "mid_market": 2.0}.get(client.tier, 1.0)


def _first_people(
    company: Company, directory: Directory, client: Client, cast: CastAccount | None
) -> Iterator[Version]:
    if cast is None:
        yield from _joins(company, directory, client, primary=True)
        return
    for place, one in enumerate(cast.contacts):
        at = client.created_at + timedelta(minutes=20 + 7 * place)
        yield from _cast_person(company, directory, client, one, at, primary=place == 0)


def _cast_person(
    company: Company, directory: Directory, client: Client, one: CastContact, at: datetime, *, primary: bool
) -> Iterator[Version]:
    individual = company.history("individual")
    individual.create(
        at,
        client.owner,
        company.chance.pick(MET),
        {
            "given_name": one.given_name,
            "family_name": one.family_name,
            "email": directory.address(one.given_name, one.family_name, client.domain),
            "phone": one.phone,
            "country": client.country,
        },
    )
    yield from individual.versions
    yield from _contact(
        company,
        client,
        Person(individual.id, individual.id, one.given_name, one.family_name, one.title, at),
        (one.title, one.department),
        by=client.owner,
        primary=primary,
    )


def _joins(company: Company, directory: Directory, client: Client, *, primary: bool = False) -> Iterator[Version]:
    """Somebody new at an account."""
    chance = company.chance
    at = client.created_at + timedelta(minutes=chance.number(4, 90))
    if not primary and chance.odds(0.75):
        at = chance.at_work(chance.between(at, chance.now - timedelta(days=1)), client.owner.zone, after=at)
    by = company.still_there(client.owner, at)
    given, family = directory.fresh_name(client.country)
    individual = company.history("individual")
    fields = {
        "given_name": given,
        "family_name": family,
        "email": directory.address(given, family, client.domain) if chance.odds(0.92) else None,
        "phone": phone_number(chance, client.country) if chance.odds(0.68) else None,
        "city": None,
        "country": client.country if chance.odds(0.9) else None,
    }
    individual.create(at, by, chance.pick(MET), fields)
    if chance.odds(0.08):
        _new_number(company, individual.changed_at, client, individual)
    yield from individual.versions
    role = (None, None) if chance.odds(0.06) else chance.pick(ROLES)
    person = Person(individual.id, individual.id, given, family, role[0], at)
    yield from _contact(company, client, person, role, by=by, primary=primary)


def _new_number(company: Company, at: datetime, client: Client, individual: RecordHistory) -> None:
    chance = company.chance
    phone = phone_number(chance, client.country)
    if phone is None:
        return
    later = chance.at_work(chance.between(at, chance.now), client.owner.zone, after=at)
    name = f"{individual.value('given_name')} {individual.value('family_name')}"
    prompt = f"{name} has a new phone number: {phone}" if chance.odds(0.4) else None
    by = company.still_there(client.owner, later)
    individual.update(later, by, "New number in the signature.", {"phone": phone}, prompt=prompt)


def _contact(
    company: Company,
    client: Client,
    person: Person,
    role: tuple[str | None, str | None],
    *,
    by: Staff,
    primary: bool,
    because: str = "Our contact at the account.",
) -> Iterator[Version]:
    """The person's role at the account; `person` learns its contact_id."""
    chance = company.chance
    history = company.history("contact")
    fields = {
        "individual_id": person.individual_id,
        "account_id": client.account_id,
        "title": role[0],
        "department": role[1],
        "is_primary": primary,
    }
    tags = (chance.pick(CONTACT_TAGS),) if chance.odds(0.2) else ()
    at = person.created_at + timedelta(seconds=chance.number(1, 50))
    person.contact_id = history.create(at, by, because, fields, tags=tags)
    at = person.created_at = history.changed_at
    if not client.is_cast and role[0] and chance.odds(0.06):
        later = chance.at_work(chance.between(at, chance.now), by.zone, after=at)
        title, department = chance.pick(ROLES)
        by = company.still_there(client.owner, later)
        history.update(later, by, "Has a new role there.", {"title": title, "department": department})
        person.title = title
    client.people.append(person)
    yield from history.versions


def _second_role(company: Company, client: Client) -> Iterator[Version]:
    """Somebody known from one account also speaks for another one."""
    chance = company.chance
    others = [other for other in company.clients if other is not client and not other.is_cast and other.people]
    known = chance.pick(chance.pick(others).people)
    earliest = max(client.created_at, known.created_at) + timedelta(hours=3)
    at = chance.at_work(chance.between(earliest, chance.now), client.owner.zone, after=earliest)
    person = Person(known.individual_id, known.individual_id, known.given_name, known.family_name, "Advisor", at)
    yield from _contact(
        company, client, person, ("Advisor", "Management"), by=company.still_there(client.owner, at), primary=False,
        because="Advises them as well.",
    )  # fmt: skip


def _mistakes(company: Company, directory: Directory, clients: list[Client]) -> Iterator[Version]:
    """Contacts that were deleted again; nothing else refers to them."""
    chance = company.chance
    for client in chance.several(clients, 3):
        at = chance.at_work(
            chance.between(client.created_at, chance.now - timedelta(days=9)), company.zone, after=client.created_at
        )
        by = company.still_there(client.owner, at)
        given, family = directory.fresh_name(client.country)
        individual = company.history("individual")
        individual.create(at, by, chance.pick(MET), {"given_name": given, "family_name": family})
        contact = company.history("contact")
        contact.create(
            at,
            by,
            "Our contact at the account.",
            {"individual_id": individual.id, "account_id": client.account_id, "is_primary": False},
        )
        contact.delete(
            at + timedelta(days=2),
            by,
            "Does not work there.",
            prompt=f"Delete the contact {given} {family} at {client.name}.",
        )
        individual.delete(contact.changed_at, by, "Does not work there.")
        yield from (*individual.versions, *contact.versions)
