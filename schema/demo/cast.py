"""The companies, people and opportunities that every demo company has under the same names, whatever the seed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CastContact:
    given_name: str
    family_name: str
    title: str
    department: str | None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class CastOpportunity:
    name: str
    stage: str
    amount: str | None
    opened_days_ago: int
    closes_in_days: int
    """Days from now to the expected close; for one won or lost, to the day it was (then negative)."""
    owner: str = "admin"
    """Local part of a user's e-mail address."""
    contact: int = 0
    """Which of the account's people."""
    loss_reason: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class CastAccount:
    name: str
    domain: str
    industry: str
    country: str
    city: str
    currency: str
    tier: str
    employee_count: int
    owner: str
    description: str
    contacts: tuple[CastContact, ...]
    opportunities: tuple[CastOpportunity, ...] = ()
    revenue_millions: int | None = None
    sister: str | None = None
    """Name of a second account with the same organization."""


P = CastContact
O = CastOpportunity  # noqa: E741

BRIGHTWATER_CAST = (
    CastAccount(
        "Acme Corp", "acme.example", "Manufacturing", "United States", "Chicago", "USD", "enterprise", 4200, "admin",
        "Makes conveyor systems and everything that moves on them; seven plants in three countries.",
        (P("Robert", "Chen", "VP Operations", "Operations", "+13125550142"),
         P("Dana", "Whitfield", "Head of Procurement", "Procurement", "+13125550117"),
         P("Luis", "Ortega", "IT Director", "IT", "+13125550163"),
         P("Karen", "O'Neill", "Accounts Payable Lead", "Finance", None)),
        (O("Acme renewal", "negotiation", "180000", 96, 26, contact=1,
           description="Three-year renewal for all seven plants; procurement wants the price held for two years."),
         O("Acme supplier portal", "qualified", "74000", 33, 88, contact=2,
           description="A portal where forty suppliers see their own delivery plan."),
         O("Acme Sensor Hub rollout", "won", "240000", 400, -236, contact=0,
           description="Sensor Hub in the Chicago and Toledo plants.")),
        revenue_millions=910,
    ),
    CastAccount(
        "Globex", "globex.example", "Chemicals", "Germany", "Frankfurt am Main", "EUR", "enterprise", 2600, "manager",
        "Specialty polymers for cable makers.",
        (P("Hannah", "Meyer", "CFO", "Finance", "+496990009214"),
         P("Viktor", "Hansen", "Head of Digital", "IT", "+496990009377"),
         P("Claire", "Fontaine", "Plant Manager", "Operations")),
        (O("Globex expansion", "proposal", "96000", 64, 41, "manager", 1,
           description="Planning Suite for the two plants that still plan in spreadsheets."),
         O("Globex pilot", "won", "38000", 520, -430, "member", 1)),
        revenue_millions=640,
    ),
    CastAccount(
        "Initech", "initech.example", "Software", "United States", "Austin", "USD", "mid_market", 340, "daniel.okafor",
        "Payroll and expense software.",
        (P("Michelle", "Tran", "COO", "Operations", "+15125550128"),
         P("Bill", "Harlow", "Engineering Manager", "Engineering", "+15125550171")),
        (O("Initech analytics pilot", "lost", "42000", 330, -214, "daniel.okafor", 1, "Chose a competitor"),
         O("Initech planning upgrade", "new", "51000", 12, 104, "daniel.okafor", 0)),
        revenue_millions=58,
    ),
    CastAccount(
        "Solvento Energy", "solvento.example", "Energy", "Spain", "Madrid", "EUR", "enterprise", 1900, "admin",
        "Runs solar parks and the grid connections they need.",
        (P("Maria", "Lopez", "Head of Procurement", "Procurement"),
         P("Javier", "Ruiz", "Grid Operations Manager", "Operations")),
        (O("Solvento grid analytics", "proposal", "135000", 58, 34, contact=0,
           description="Insight for 1,400 inverters; forecasts by park and hour, two languages."),),
        revenue_millions=720,
    ),
    CastAccount(
        "Nordwind Logistik GmbH", "nordwind-logistik.example", "Logistics", "Germany", "Hamburg", "EUR", "mid_market",
        610, "member", "Container haulage from the port of Hamburg.",
        (P("Anna", "Schmidt", "Head of Purchasing", "Procurement", "+494066969105"),
         P("Jürgen", "Petersen", "Managing Director", "Management", "+494066969108")),
        (O("Nordwind fleet planning", "negotiation", "58000", 84, 17, "member", 0),),
        revenue_millions=120,
    ),
    CastAccount(
        "Nordwind Logistics Ltd", "nordwind-logistics.example", "Logistics", "United Kingdom", "Hull", "GBP", "smb", 85,
        "priya.nair", "Groupage between Hull and Rotterdam; no relation to the Hamburg carrier.",
        (P("Patrick", "O'Brien", "Operations Director", "Operations", "+441134960208"),),
        (O("Nordwind depot scheduling", "qualified", "14500", 27, 69, "priya.nair", 0),),
        revenue_millions=11,
    ),
    CastAccount(
        "Bergmann Maschinenbau AG", "bergmann.example", "Manufacturing", "Germany", "Stuttgart", "EUR", "enterprise",
        3100, "lena.hoffmann", "Presses and forming machines for car makers.",
        (P("Renate", "Groß-Hartmann", "COO", "Operations", "+498999998231"),
         P("Anna", "Schmidt", "Head of IT", "IT", "+498999998240"),
         P("Łukasz", "Wójcik", "Production Planner", "Operations")),
        (O("Bergmann Planning Suite rollout", "qualified", "210000", 47, 120, "lena.hoffmann", 0),
         O("Bergmann training package", "won", "18500", 160, -92, "lena.hoffmann", 2)),
        revenue_millions=870,
    ),
    CastAccount(
        "Larkfield Health", "larkfield.example", "Healthcare", "United States", "Boston", "USD", "mid_market", 780,
        "grace.kim", "Nine clinics and a laboratory.",
        (P("Zoë", "van der Berg", "Director of Supply", "Operations", "+16175550119"),
         P("Anna", "Schmidt", "Project Manager", "Projects", "+16175550186")),
        (O("Larkfield lab scheduling", "proposal", "67000", 51, 55, "grace.kim", 0),),
        revenue_millions=140,
    ),
    CastAccount(
        "Matterhorn Precision AG", "matterhorn.example", "Manufacturing", "Switzerland", "Winterthur", "CHF",
        "enterprise", 1250, "tomasz.zielinski", "Gears and spindles, accurate to a micrometre.",
        (P("Jean-Luc", "Moreau", "Head of Production", "Operations"),
         P("Ursina", "Caduff", "Quality Manager", "Quality")),
        (O("Matterhorn Insight licence", "negotiation", "128000", 101, 9, "tomasz.zielinski", 0),),
        revenue_millions=310,
    ),
    CastAccount(
        "Mekong Textiles", "mekong-textiles.example", "Manufacturing", "Vietnam", "Hồ Chí Minh", "USD", "mid_market", 920,
        "marcus.lee", "Weaves technical fabric for awnings and sails.",
        (P("Thị Mai", "Nguyễn", "Export Manager", "Sales"),),
        (O("Mekong loom monitoring", "new", None, 9, 97, "marcus.lee", 0),),
    ),
    CastAccount(
        "Yamada Robotics", "yamada.example", "Manufacturing", "Japan", "大阪", "USD", "mid_market", 430, "emily.carter",
        "Small robots for kitchens and laboratories.",
        (P("太郎", "山田", "President", "Management"), P("Keiko", "Inoue", "International Relations", None)),
        (O("Yamada Robotics API access", "qualified", "36000", 38, 76, "emily.carter", 1),),
        revenue_millions=75,
    ),
    CastAccount(
        "Meridian Retail Group", "meridian-retail.example", "Retail", "United Kingdom", "London", "GBP", "enterprise",
        5400, "emily.carter", "Homeware in a hundred and ten stores.",
        (P("Siobhán", "O'Connor", "Supply Chain Director", "Operations", "+442079460144"),
         P("Imran", "Qureshi", "Head of Security", "IT", "+442079460190")),
        (O("Meridian store replenishment", "negotiation", "165000", 118, 48, "emily.carter", 0),
         O("Meridian pilot stores", "won", "47000", 380, -290, "emily.carter", 0)),
        revenue_millions=690, sister="Meridian Retail Nordics",
    ),
    CastAccount(
        "Zielony Foods", "zielony.example", "Food and drink", "Poland", "Kraków", "EUR", "smb", 140, "oliver.weiss",
        "Pickles, soups and juices.",
        (P("Małgorzata", "Żółć", "Owner", "Management"),),
        (O("Zielony cold store sensors", "lost", "9800", 260, -150, "oliver.weiss", 0, "No budget"),),
        revenue_millions=16,
    ),
)  # fmt: skip

KESTREL_CAST = (
    CastAccount(
        "Acme Corp", "acme-boats.example", "Manufacturing", "United States", "Boston", "USD", "mid_market", 300, "admin",
        "Winches and davits; has nothing to do with conveyors.",
        (P("Maria", "Lopez", "Buyer", "Procurement", "+16175550133"), P("Robert", "Chen", "Dock Master", "Operations")),
        (O("Acme regatta sponsorship", "negotiation", "92000", 70, 20, contact=0,
           description="Fittings for every boat in the spring regatta."),),
    ),
    CastAccount(
        "Solvento Yachts", "solvento-yachts.example", "Manufacturing", "Spain", "Valencia", "EUR", "enterprise", 1100,
        "manager", "Builds racing yachts.",
        (P("Anna", "Schmidt", "Rigging Engineer", "Engineering"),),
        (O("Solvento regatta fittings", "proposal", "61000", 44, 30, "manager", 0),),
    ),
    CastAccount(
        "Nordwind Sails", "nordwind-sails.example", "Manufacturing", "Germany", "Kiel", "EUR", "smb", 40, "member",
        "Sail loft on the Kiel fjord.",
        (P("Patrick", "O'Brien", "Sailmaker", "Production"),),
    ),
)  # fmt: skip
