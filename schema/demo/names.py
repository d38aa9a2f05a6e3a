"""What people are called, where they live, and phone numbers that ring nowhere."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from schema.demo.chance import Chance


@dataclass(frozen=True, slots=True)
class Tongue:
    """Names that go together."""

    given: tuple[str, ...]
    family: tuple[str, ...]


def _tongue(given: str, family: str) -> Tongue:
    return Tongue(tuple(given.split()), tuple(family.split()))


ENGLISH = _tongue(
    "Oliver Emma James Charlotte William Amelia Henry Grace Samuel Ruth Thomas Eleanor Joseph Nora Edward Alice Nathan "
    "Hazel Aaron Phoebe Gareth Rhiannon Callum Isla Ewan Morag Declan Niamh Keisha Darnell Tyler Brooke Curtis Monica",
    "Harris Bennett Foster Walsh Doyle Palmer Griffiths McAllister Reid Sutherland Whitaker Barlow Prescott Holloway "
    "Ashworth Carmichael O'Connell O'Malley D'Souza Brooks Jefferson Hayes Turner Ellis-Jones Marsh Pemberton Lowe "
    "Stratton Fairchild Winslow Thornton Kavanagh MacLeod Rowntree Hargreaves Beckett",
)
GERMAN = _tongue(
    "Anna Lukas Katharina Stefan Sabine Jürgen Birgit Matthias Heike Florian Ute Sebastian Greta Dirk Annika Holger "
    "Franziska Björn Silke Moritz Käthe Uwe Theresa Norbert Ingrid Fabian Jutta Tobias Marlene Rüdiger Hans-Peter",
    "Schmidt Müller Schneider Fischer Weber Wagner Becker Schulz Richter Klein Wolf Schröder Neumann Krüger Hofmann "
    "Hartmann Lange Schmitt Köhler Krause Lehmann Böhm Winkler Groß Vogt Jäger Seidel Pohl Thiel Sauer Kühn Arndt "
    "Meyer-Lindenberg Strauß Brandl Eichhorn Möller",
)
FRENCH = _tongue(
    "Camille Julien Margaux Étienne Chloé Benoît Élodie Mathieu Aurélie François Hélène Thibault Inès Guillaume "
    "Océane Jean-Baptiste Noémie Laurent Anne-Sophie Rémi Solène Pascal Cécile Damien",
    "Lefèvre Girard Mercier Fournier Chevalier Gauthier Rousseau Lemaire Barbier Perrin Béranger Delacroix Marchand "
    "Roche Vasseur Charpentier Besson Guérin Le-Goff Maréchal Tessier Aubert Blanchet Périer",
)
SPANISH = _tongue(
    "Carmen Alejandro Lucía Pablo Inés Sergio Beatriz Álvaro Nuria Iñaki Pilar Gonzalo Marta Hugo Rocío Andrés "
    "Begoña Raúl Ximena Óscar Elena Joaquín",
    "García Fernández Sánchez Romero Navarro Iglesias Ibáñez Muñoz Domínguez Vázquez Serrano Peña Núñez Cabrera "
    "Aguirre Echeverría Molina Prieto Castaño Salazar Ferrer Cañizares",
)
ITALIAN = _tongue(
    "Giulia Matteo Chiara Lorenzo Federica Davide Alessia Niccolò Elisa Riccardo Martina Gianluca Valentina Stefano",
    "Ferrari Esposito Bianchi Colombo Ricci Marino Greco Conti D'Angelo De-Luca Barbieri Fontana Santoro Caruso",
)
DUTCH = _tongue(
    "Sanne Daan Femke Bram Lotte Jeroen Anouk Thijs Marieke Ruben Renée Sjoerd Noor Wouter",
    "de-Vries Jansen Bakker Visser Smit Mulder Bos Vermeulen Dekker Hoekstra Kuipers Postma Willems Schouten",
)
POLISH = _tongue(
    "Agnieszka Paweł Małgorzata Michał Joanna Grzegorz Zofia Krzysztof Ewa Bartłomiej Kinga Stanisław",
    "Nowak Kowalska Wiśniewski Dąbrowska Kamiński Lewandowska Zając Szymański Woźniak Król Jabłoński Pawłowska",
)
NORDIC = _tongue(
    "Astrid Lars Ingrid Bjørn Freja Mikkel Åsa Henrik Sigrid Anders Linnéa Jørgen Maja Eskil Kirsten Þóra",
    "Lindqvist Bergström Sørensen Nygård Åkesson Johansen Østergaard Hedlund Vestergaard Ekström Solberg Kjær "
    "Haugen Sandström Møller",
)
ASIAN = _tongue(
    "Wei Mei Yuki Haruto Sakura Ji-woo Min-jun Thảo Đức Linh Priyanka Arjun Ananya Rohan Kavya Vikram Farah Omar "
    "Leila Emre Ayşe Çağla Deniz Yusuf",
    "Chen Tanaka Watanabe Kim Park Trần Phạm Lê Nair Iyer Banerjee Kulkarni Haddad Yılmaz Demir Öztürk Liu Zhao "
    "Nakamura Reddy",
)

TONGUES: Mapping[str, Mapping[Tongue, float]] = {
    "Germany": {GERMAN: 85, ASIAN: 8, POLISH: 4, ITALIAN: 3},
    "Austria": {GERMAN: 95, ITALIAN: 5},
    "Switzerland": {GERMAN: 60, FRENCH: 28, ITALIAN: 12},
    "France": {FRENCH: 92, SPANISH: 4, ASIAN: 4},
    "Spain": {SPANISH: 96, FRENCH: 4},
    "Italy": {ITALIAN: 96, GERMAN: 4},
    "Netherlands": {DUTCH: 90, ENGLISH: 5, ASIAN: 5},
    "Poland": {POLISH: 100},
    "Sweden": {NORDIC: 95, ENGLISH: 5},
    "Denmark": {NORDIC: 96, GERMAN: 4},
    "Norway": {NORDIC: 96, ENGLISH: 4},
    "United Kingdom": {ENGLISH: 82, ASIAN: 14, POLISH: 4},
    "Ireland": {ENGLISH: 94, POLISH: 6},
    "United States": {ENGLISH: 62, SPANISH: 16, ASIAN: 18, ITALIAN: 4},
}
ANYWHERE: Mapping[Tongue, float] = {ENGLISH: 1, ASIAN: 1}

FICTION_RANGES: Mapping[str, tuple[tuple[str, int], ...]] = {
    "Germany": (("+493023125", 3), ("+496990009", 3), ("+494066969", 3), ("+492214710", 3), ("+498999998", 3)),
    "United Kingdom": (("+442079460", 3), ("+441134960", 3), ("+441614960", 3), ("+441314960", 3), ("+441174960", 3)),
    "United States": tuple(
        (f"+1{area}55501", 2)
        for area in (212, 312, 415, 512, 617, 206, 303, 404, 702, 713, 215, 216, 305, 503, 602, 612, 704, 813, 858, 919)
    ),
    "France": (("+3319900", 4), ("+3326191", 4), ("+3335301", 4), ("+3346571", 4), ("+3353649", 4)),
    "Sweden": (("+468465004", 2), ("+46701740", 3)),
}
"""Prefixes and free digits that the numbering authorities keep for films and books; other countries keep none."""


def person_name(chance: Chance, country: str) -> tuple[str, str]:
    """Given and family name of somebody who lives there."""
    tongue = chance.weighted(TONGUES.get(country, ANYWHERE))
    family = chance.pick(tongue.family)
    return chance.pick(tongue.given), family.replace("de-", "de ").replace("Le-", "Le ").replace("De-", "De ")


def phone_number(chance: Chance, country: str) -> str | None:
    """A number in E.164 form from a range kept for fiction; None where the country keeps none."""
    ranges = FICTION_RANGES.get(country)
    if ranges is None:
        return None
    prefix, digits = chance.pick(ranges)
    return f"{prefix}{chance.number(0, 10**digits - 1):0{digits}}"


SPELLED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "þ": "th", "æ": "ae", "ı": "i"}
)


def ascii_name(text: str) -> str:
    """The name as it stands in addresses: lower case letters and digits alone, other runs as one hyphen."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(SPELLED)).replace("'", "")
    kept = "".join(
        letter if letter.isascii() and letter.isalnum() else " "
        for letter in plain
        if letter.isprintable() and not unicodedata.combining(letter)
    )
    return "-".join(kept.split())
