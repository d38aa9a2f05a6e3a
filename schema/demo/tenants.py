"""The two demo tenants: who they are, what they sell, who works there, and how much of everything they have."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from schema.demo.cast import BRIGHTWATER_CAST, KESTREL_CAST, CastAccount
from schema.demo.companies import COUNTRY_WEIGHTS


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many living records of each kind; deleted ones come on top."""

    organizations: int
    accounts: int
    contacts: int
    opportunities: int
    jobs: int
    partnerships: int
    interactions: int
    tasks: int
    notes: int

    def times(self, scale: int) -> "Sizes":
        return Sizes(*(getattr(self, name) * scale for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Hire:
    """A user of a demo tenant."""

    login: str
    name: str
    role: str
    team: str | None
    zone: str
    joined: int
    """Days after the tenant's first; one must have been there to own anything."""
    left_days_ago: int | None = None


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A tenant as it is built from chance."""

    slug: str
    name: str
    zone: str
    currency: str
    fiscal_year_start_month: int
    teams: tuple[str, ...]
    hires: tuple[Hire, ...]
    sizes: Sizes
    products: tuple[str, ...]
    cast: tuple[CastAccount, ...]
    countries: Mapping[str, float]
    flavours: tuple[str, ...] = ()
    """Sentences that only this tenant's people say."""

    def scaled(self, scale: int) -> "Blueprint":
        return replace(self, sizes=self.sizes.times(scale))


BERLIN, NEW_YORK, LONDON = "Europe/Berlin", "America/New_York", "Europe/London"

BRIGHTWATER = Blueprint(
    slug="brightwater",
    name="Brightwater",
    zone=BERLIN,
    currency="EUR",
    fiscal_year_start_month=1,
    teams=("Enterprise", "Mid-Market", "Alliances"),
    hires=(
        Hire("admin", "Amelie Brandt", "admin", "Enterprise", BERLIN, 0),
        Hire("manager", "Jonas Keller", "manager", "Enterprise", BERLIN, 1),
        Hire("member", "Sofia Rossi", "member", "Mid-Market", BERLIN, 2),
        Hire("viewer", "Tim Vogel", "viewer", None, BERLIN, 4),
        Hire("lena.hoffmann", "Lena Hoffmann", "member", "Enterprise", BERLIN, 5),
        Hire("grace.kim", "Grace Kim", "manager", "Mid-Market", NEW_YORK, 6),
        Hire("daniel.okafor", "Daniel Okafor", "member", "Mid-Market", NEW_YORK, 8),
        Hire("oliver.weiss", "Oliver Weiss", "member", "Alliances", BERLIN, 9, left_days_ago=118),
        Hire("emily.carter", "Emily Carter", "member", "Enterprise", NEW_YORK, 11),
        Hire("tomasz.zielinski", "Tomasz Zieliński", "member", "Alliances", BERLIN, 14),
        Hire("marcus.lee", "Marcus Lee", "member", "Mid-Market", NEW_YORK, 170),
        Hire("priya.nair", "Priya Nair", "member", "Alliances", BERLIN, 330),
    ),
    sizes=Sizes(150, 120, 400, 500, 25, 25, 4000, 600, 400),
    products=("Planning Suite", "Sensor Hub", "Insight", "Supplier Portal", "Shift Planner", "API access"),
    cast=BRIGHTWATER_CAST,
    countries=COUNTRY_WEIGHTS,
)

KESTREL = Blueprint(
    slug="kestrel",
    name="Kestrel Marine",
    zone=LONDON,
    currency="GBP",
    fiscal_year_start_month=4,
    teams=("Harbours",),
    hires=(
        Hire("admin", "Imogen Clarke", "admin", "Harbours", LONDON, 0),
        Hire("manager", "Rory Maclean", "manager", "Harbours", LONDON, 1),
        Hire("member", "Tamsin Doyle", "member", "Harbours", LONDON, 2),
        Hire("viewer", "Hugh Barker", "viewer", None, LONDON, 3),
    ),
    sizes=Sizes(12, 10, 30, 25, 3, 3, 120, 30, 20),
    products=("Mooring Planner", "Hull Monitor", "Regatta Desk", "Berth Booking"),
    cast=KESTREL_CAST,
    countries={"United Kingdom": 70, "France": 10, "Netherlands": 10, "Ireland": 10},
    flavours=(
        "All of it has to be in place before the regatta.",
        "The regatta office is asking every day.",
        "After the regatta season we can talk about more berths.",
        "Our harbour master compares everything with last year's regatta.",
        "The regatta brings in half of our guests, so nothing may go wrong that week.",
    ),
)

BLUEPRINTS = (BRIGHTWATER, KESTREL)
