"""Which language a text is taken to be in, and when nobody should say."""

import pytest

from retrieval.languages import UNKNOWN, language_of
from schema.database import Database

TEXTS = {
    "english": "We are frustrated with the invoice and want to speak to somebody.",
    "german": "Wir sind mit der Rechnung nicht zufrieden und möchten mit jemandem sprechen.",
    "french": "Bonjour, la facture ne correspond pas à ce que nous avions convenu.",
    "spanish": "Hola, necesitamos una nueva oferta antes del lunes.",
    "italian": "Buongiorno, abbiamo bisogno di una nuova offerta entro lunedì.",
    "portuguese": "Bom dia, precisamos de uma nova proposta até segunda-feira.",
    "dutch": "Goedemorgen, wij hebben voor maandag een nieuwe offerte nodig.",
    "swedish": "Hej, vi behöver en ny offert före måndag.",
    "turkish": "Merhaba, pazartesiye kadar yeni bir teklife ihtiyacımız var.",
    "russian": "Добрый день, пришлите, пожалуйста, новый счёт до понедельника.",
    "greek": "Καλημέρα, χρειαζόμαστε μια νέα προσφορά μέχρι τη Δευτέρα.",
    "arabic": "صباح الخير، نحتاج إلى عرض جديد قبل يوم الاثنين.",
}


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_a_sentence_is_known_by_its_language(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "😀😀😀 🎉🎉🎉🎉🎉🎉🎉🎉🎉",
        "4711-0815-2342 100.000,00",
        "mara.holm@quay.example https://quay.example/crane/4711",
        "請求書に不満があります。担当者と話したいです。",
        "Dzień dobry, proszę o nową ofertę do poniedziałku.",
        "Wei Zhang\nQuayside",
    ],
)
def test_what_is_short_or_unclear_or_has_no_rules_is_taken_as_it_is(text: str) -> None:
    assert language_of(text) == UNKNOWN


def test_postgres_knows_every_language_that_is_told(empty_database: Database) -> None:
    with empty_database.across_tenants() as session:
        known = {row["cfgname"] for row in session.rows("SELECT cfgname::text FROM pg_ts_config")}
    assert {*TEXTS, UNKNOWN} <= known
