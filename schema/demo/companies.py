"""What companies are called and what they are like."""

from collections.abc import Mapping
from dataclasses import dataclass

from schema.demo.chance import Chance


@dataclass(frozen=True, slots=True)
class Land:
    """Where a company may sit."""

    currency: str
    cities: tuple[str, ...]
    forms: tuple[str, ...]
    style: str
    """Which names are usual there."""


LANDS: Mapping[str, Land] = {
    "Germany": Land(
        "EUR",
        ("Berlin", "Hamburg", "München", "Köln", "Leipzig", "Stuttgart", "Düsseldorf", "Bremen", "Nürnberg", "Münster"),
        ("GmbH", "AG", "GmbH & Co. KG", "SE"),
        "german",
    ),
    "Austria": Land("EUR", ("Wien", "Graz", "Linz", "Salzburg"), ("GmbH", "AG"), "german"),
    "Switzerland": Land("CHF", ("Zürich", "Basel", "Bern", "Genève", "Winterthur"), ("AG", "SA", "GmbH"), "german"),
    "France": Land("EUR", ("Paris", "Lyon", "Nantes", "Toulouse", "Lille"), ("SA", "SAS", "SARL"), "french"),
    "Spain": Land("EUR", ("Madrid", "Barcelona", "Valencia", "Bilbao", "A Coruña"), ("SA", "SL"), "spanish"),
    "Italy": Land("EUR", ("Milano", "Torino", "Bologna", "Verona"), ("SpA", "Srl"), "spanish"),
    "Netherlands": Land("EUR", ("Amsterdam", "Rotterdam", "Utrecht", "Eindhoven"), ("BV", "NV"), "english"),
    "Poland": Land("EUR", ("Warszawa", "Kraków", "Gdańsk", "Łódź"), ("Sp. z o.o.", "SA"), "english"),
    "Sweden": Land("EUR", ("Stockholm", "Göteborg", "Malmö"), ("AB",), "nordic"),
    "Denmark": Land("EUR", ("København", "Aarhus", "Odense"), ("A/S", "ApS"), "nordic"),
    "United Kingdom": Land(
        "GBP", ("London", "Manchester", "Leeds", "Bristol", "Edinburgh", "Hull"), ("Ltd", "plc", "Group"), "english"
    ),
    "Ireland": Land("EUR", ("Dublin", "Cork", "Galway"), ("Ltd",), "english"),
    "United States": Land(
        "USD",
        (
            "New York",
            "Chicago",
            "Boston",
            "Austin",
            "Seattle",
            "Denver",
            "Atlanta",
            "San Francisco",
            "Minneapolis",
            "Charlotte",
        ),
        ("Inc.", "Corp", "LLC", "Group"),
        "english",
    ),
}

INDUSTRIES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Manufacturing": {
        "english": ("Manufacturing", "Machine Works", "Components", "Precision", "Tooling"),
        "german": ("Maschinenbau", "Werkzeugtechnik", "Antriebstechnik", "Metallbau"),
        "french": ("Industries", "Mécanique", "Fonderie"),
        "spanish": ("Industrial", "Meccanica", "Componentes"),
        "nordic": ("Industri", "Mekanik", "Verken"),
    },
    "Logistics": {
        "english": ("Freight", "Logistics", "Haulage", "Shipping"),
        "german": ("Logistik", "Spedition", "Transporte"),
        "french": ("Transports", "Logistique"),
        "spanish": ("Logística", "Trasporti"),
        "nordic": ("Frakt", "Logistik"),
    },
    "Energy": {
        "english": ("Energy", "Power", "Utilities", "Renewables"),
        "german": ("Energie", "Stadtwerke", "Netze"),
        "french": ("Énergies", "Électricité"),
        "spanish": ("Energía", "Renovables"),
        "nordic": ("Kraft", "Energi"),
    },
    "Healthcare": {
        "english": ("Health", "Clinics", "Diagnostics", "Medical"),
        "german": ("Kliniken", "Medizintechnik", "Diagnostik"),
        "french": ("Santé", "Laboratoires"),
        "spanish": ("Salud", "Clínicas"),
        "nordic": ("Vård", "Medicin"),
    },
    "Retail": {
        "english": ("Retail", "Stores", "Outfitters", "Homeware"),
        "german": ("Handel", "Kaufhäuser", "Einrichtungshaus"),
        "french": ("Distribution", "Magasins"),
        "spanish": ("Moda", "Tiendas"),
        "nordic": ("Butiker", "Handel"),
    },
    "Financial services": {
        "english": ("Capital", "Insurance", "Mutual", "Finance"),
        "german": ("Versicherung", "Privatbank", "Leasing"),
        "french": ("Assurances", "Patrimoine"),
        "spanish": ("Seguros", "Finanza"),
        "nordic": ("Försäkring", "Finans"),
    },
    "Food and drink": {
        "english": ("Foods", "Dairy", "Bakeries", "Brewing"),
        "german": ("Feinkost", "Brauerei", "Molkerei"),
        "french": ("Gourmet", "Vignobles"),
        "spanish": ("Alimentari", "Bodegas"),
        "nordic": ("Mejeri", "Bryggeri"),
    },
    "Software": {
        "english": ("Software", "Systems", "Data", "Labs"),
        "german": ("Software", "Systeme", "Datentechnik"),
        "french": ("Numérique", "Logiciels"),
        "spanish": ("Sistemas", "Digital"),
        "nordic": ("Data", "System"),
    },
    "Construction": {
        "english": ("Construction", "Homes", "Civil Engineering"),
        "german": ("Bau", "Hochbau", "Baustoffe"),
        "french": ("Bâtiment", "Travaux"),
        "spanish": ("Construcciones", "Costruzioni"),
        "nordic": ("Bygg", "Entreprenad"),
    },
    "Chemicals": {
        "english": ("Chemicals", "Coatings", "Polymers"),
        "german": ("Chemie", "Lacke", "Kunststoffe"),
        "french": ("Chimie", "Peintures"),
        "spanish": ("Química", "Plásticos"),
        "nordic": ("Kemi", "Färg"),
    },
    "Hospitality": {
        "english": ("Hotels", "Resorts", "Catering"),
        "german": ("Hotels", "Gastronomie"),
        "french": ("Hôtels", "Traiteur"),
        "spanish": ("Hoteles", "Ristorazione"),
        "nordic": ("Hotell", "Catering"),
    },
    "Public sector": {
        "english": ("Borough Services", "Regional Transit", "Water Board"),
        "german": ("Verkehrsbetriebe", "Wasserwerke"),
        "french": ("Régie des Eaux", "Métropole"),
        "spanish": ("Aguas", "Servizi Pubblici"),
        "nordic": ("Kommunservice", "Vatten"),
    },
}


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ROOTS: Mapping[str, tuple[str, ...]] = {
    "english": _words(
        "Ashford Beaconfield Cobalt Driftwood Everly Fairhaven Granite Harborview Ironbridge Juniper "
        "Kingsmere Larch Millbrook Northgate Oakhurst Pinecrest Quarry Redfern Stonebridge Thistle Umberley "
        "Vantage Westmoor Yarrow Alderney Brightside Copperfield Dunmore Elmswell Foxglove Greystone "
        "Hollowell Inverlea Longmead Marlowe Newbourne Orchard Pembridge Ravenhill Saltmarsh Tidewater "
        "Underhill Wexcombe"
    ),
    "german": _words(
        "Falkenried Lindner Rheinwerk Steinbach Hartwig Elbtal Havelland Seewald Brunnhof Kessler Birkenfeld "
        "Ostermann Grünau Hallertau Isarwinkel Jansen Königsberger Lauterbach Mühlhaus Oberland Pfeiffer "
        "Quellhof Rosenthal Silbermann Tannberg Uferwerk Vierlinden Weidmann Zollhof Ährenfeld"
    ),
    "french": _words(
        "Beauvallon Montclair Rivoire Valmont Clairefontaine Duvernay Hautecombe Lormont Marivaux Préfontaine "
        "Sauvigny Tournelle Aubrac Belcastel Corvières Écluse"
    ),
    "spanish": _words(
        "Miralta Castellmar Valdoro Monterrubio Albarena Costabrava Peñalba Ríoclaro Sierramar Torrealta "
        "Belforte Montecolle Valserena Roccabianca Fontechiara Lagomar"
    ),
    "nordic": _words(
        "Fjällbo Granvik Havsund Isbjerg Källström Lövdal Nordhavn Ørsund Rødby Skovlund Tistad Vindal Åvik Björkhult"
    ),
}

COUNTRY_WEIGHTS: Mapping[str, float] = {
    "Germany": 34, "Austria": 6, "Switzerland": 7, "France": 9, "Spain": 8, "Italy": 4, "Netherlands": 5, "Poland": 3,
    "Sweden": 3, "Denmark": 2, "United Kingdom": 9, "Ireland": 2, "United States": 22,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    """A company, before it is stored."""

    name: str
    industry: str
    country: str
    city: str


def company_profile(chance: Chance, weights: Mapping[str, float]) -> Profile:
    """A company by its country, city and industry; the name may be taken already."""
    country = chance.weighted(weights)
    land = LANDS[country]
    industry = chance.pick(tuple(INDUSTRIES))
    root, field = chance.pick(ROOTS[land.style]), chance.pick(INDUSTRIES[industry][land.style])
    name = f"{root} {field} {chance.pick(land.forms)}" if chance.odds(0.72) else f"{root} {field}"
    return Profile(name, industry, country, chance.pick(land.cities))


def spoken_name(name: str) -> str:
    """What people say: the name without its legal form."""
    words = name.split(" ")
    while len(words) > 1 and words[-1] in LEGAL_WORDS:
        words.pop()
    return " ".join(words)


LEGAL_WORDS = frozenset(word for land in LANDS.values() for form in land.forms for word in form.split()) | {
    "Corporation"
}


DOINGS: Mapping[str, tuple[str, ...]] = {
    "Manufacturing": ("Makes drive parts for farm machines.", "Builds packaging lines for the food industry.",
                      "Machines small series in steel and titanium.", "Supplies pumps and valves to plant builders."),
    "Logistics": ("Runs chilled transport across the Alps.", "Moves containers between port and rail.",
                  "Stores and ships spare parts overnight.", "Family carrier with its own fleet of lorries."),
    "Energy": ("Runs wind farms and sells their power.", "Regional grid operator.",
               "Plans and services rooftop solar plants.", "District heating for three towns."),
    "Healthcare": ("Group of clinics with its own laboratory.", "Makes devices for sleep diagnostics.",
                   "Runs rehabilitation centres.", "Tests samples for hospitals within a day."),
    "Retail": ("Sells furniture in its own stores and online.", "Outdoor clothing, mostly own brands.",
               "Department stores in mid-sized towns.", "Kitchen goods by mail order and in shops."),
    "Financial services": ("Insures small businesses.", "Leases machines to craftsmen.",
                           "Mutual society with two hundred branches.", "Private bank, founded by merchants."),
    "Food and drink": ("Bakes for supermarkets in three countries.", "Cheese and butter from mountain milk.",
                       "Brews beer and bottles mineral water.", "Sauces and spreads under private labels."),
    "Software": ("Makes warehouse software.", "Builds payroll tools for public employers.",
                 "Data services for newspapers.", "Control software for test benches."),
    "Construction": ("Builds schools and sports halls.", "Timber houses, made in its own hall.",
                     "Road and bridge works.", "Trades in insulation and dry building materials."),
    "Chemicals": ("Coatings for ships and steel bridges.", "Makes adhesives for wood.",
                  "Recycles technical plastics.", "Cleaning agents for the food industry."),
    "Hospitality": ("Hotels by the sea and in the mountains.", "Caters for fairs and company canteens.",
                    "Runs small city hotels.", "Conference centres with their own kitchens."),
    "Public sector": ("Runs buses and trams for the region.", "Drinking water for forty communities.",
                      "Shared services for seven boroughs.", "Waste collection and street cleaning."),
}  # fmt: skip
