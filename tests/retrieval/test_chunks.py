"""Records become chunks that fit an embedder, lose nothing and stay the same as long as the text does."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from retrieval.chunks import KINDS, Chunk, chunks_of, columns_of, estimated_tokens
from retrieval.embedders.local import installed_folder
from schema import kinds
from schema.views import VIEWS

ROWS: dict[str, dict[str, Any]] = {
    "organization": {"name": "Nordlicht", "industry": "Energy", "city": "Kiel", "description": "Builds wind parks."},
    "account": {"name": "Nordlicht", "tier": "mid_market", "industry": "Energy", "status": "customer"},
    "individual": {"full_name": "Ada King", "city": "London", "email": "ada@example.com", "phone": "+44207946095"},
    "contact": {"full_name": "Ada King", "title": "Head of IT", "department": None, "account_name": "Nordlicht"},
    "opportunity": {"name": "Renewal", "description": "Two more years.", "loss_reason": "Price", "amount": 5},
    "job": {"name": "Analyst 2", "position": "Analyst"},
    "partnership": {"name": "Resale", "partner_type": "reseller"},
    "task": {"title": "Call back", "body": "About the invoice."},
    "note": {"body": "Is angry about the invoice."},
    "interaction": {"subject": "Invoice", "body": "It is wrong again.", "kind": "email"},
}


def bodies(text: str, subject: str | None = None) -> list[Chunk]:
    return chunks_of("interaction", {"subject": subject, "body": text})


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("organization", "Nordlicht\nEnergy; Kiel\nBuilds wind parks."),
        ("account", "Nordlicht\nmid market; Energy"),
        ("individual", "Ada King\nLondon"),
        ("contact", "Ada King\nHead of IT; Nordlicht"),
        ("opportunity", "Renewal\nPrice\nTwo more years."),
        ("job", "Analyst 2\nAnalyst"),
        ("partnership", "Resale\nreseller"),
        ("task", "Call back\nAbout the invoice."),
        ("note", "Is angry about the invoice."),
        ("interaction", "Invoice\nIt is wrong again."),
    ],
)
def test_a_short_record_is_one_chunk(kind: str, text: str) -> None:
    chunks = chunks_of(kind, ROWS[kind])
    assert [(chunk.position, chunk.text) for chunk in chunks] == [(0, text)]


def test_every_kind_has_chunks_of_columns_that_its_view_has_and_that_are_not_private() -> None:
    views = {view.name: {column.name: column.zone for column in view.columns} for view in VIEWS.values()}
    assert set(KINDS) == set(kinds.KINDS)
    for kind in KINDS:
        columns = views[kinds.KINDS[kind].view]
        assert {column: columns[column] for column in columns_of(kind)} == dict.fromkeys(columns_of(kind))


@pytest.mark.parametrize("body", [None, "", " \n\t ", "\0", "\ud83d"])
def test_what_says_nothing_has_no_chunk(body: str | None) -> None:
    assert chunks_of("note", {"body": body}) == []
    assert [chunk.text for chunk in chunks_of("task", {"title": "Call", "body": body})] == ["Call"]


def test_a_long_text_is_cut_between_sentences_and_keeps_its_title() -> None:
    sentences = [f"On day {day} the customer wrote about invoice number {day * 37}." for day in range(60)]
    chunks = bodies(" ".join(sentences), "Invoices")
    assert len(chunks) > 5
    assert all(chunk.text.startswith("Invoices\nOn day ") and chunk.text.endswith(".") for chunk in chunks)
    assert all(any(sentence in chunk.text for chunk in chunks) for sentence in sentences)
    assert all(one.end > other.start for one, other in pairwise(chunks))


@pytest.mark.parametrize(
    "title", ["Invoice " * 10_000, "x" * 100_000, "청구서" * 1_000], ids=["words", "letter", "korean"]
)
def test_of_a_huge_title_the_beginning_is_embedded(title: str) -> None:
    facts = {"industry": title, "city": title}
    for row in ({"name": title}, {"name": title, **facts}, {"name": title, **facts, "description": title}):
        chunks = chunks_of("organization", row)
        assert chunks[0].text.startswith(title[:10])
        assert max(estimated_tokens(chunk.text) for chunk in chunks) <= 220


def test_a_change_leaves_the_hashes_of_other_chunks() -> None:
    sentences = [f"On day {day} the customer wrote about invoice number {day * 37}." for day in range(60)]
    before = bodies(" ".join(sentences))
    after = bodies(" ".join([*sentences[:-1], "At last the invoice was right."]))
    assert [chunk.content_hash for chunk in before[:-1]] == [chunk.content_hash for chunk in after[:-1]]
    assert before[-1].content_hash != after[-1].content_hash


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "word " * 50_000,
        "😡" * 20_000,
        "請求書に不満があります。" * 2_000,
        "A.\n" * 50_000,
        "\n" * 1_000_000,
        "." * 100_000,
        "Rechnung über 1.250,00 € für die Straßenbahn. " * 3_000,
    ],
    ids=["letter", "words", "emoji", "japanese", "lines", "blank", "dots", "german"],
)
def test_huge_texts_are_cut_without_loss(text: str) -> None:
    chunks = bodies(text)
    assert max((estimated_tokens(chunk.text) for chunk in chunks), default=0) <= 220
    covered = 0
    for chunk in chunks:
        assert not text[covered : chunk.start].strip()
        covered = max(covered, chunk.end)
    assert not text[covered:].strip()


def test_chunks_fit_the_local_model() -> None:
    tokenizer = Tokenizer.from_file(str(installed_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    texts = json.loads((Path(__file__).parent / "embedders" / "texts.json").read_text(encoding="utf-8"))
    for text in texts:
        chunks = bodies(" ".join([text] * (4_000 // (len(text) + 1) + 1)), "Rechnung " * 10)
        assert max((len(tokenizer.encode(chunk.text)) for chunk in chunks), default=0) <= 256, text


@settings(max_examples=100, deadline=None)
@given(st.text(), st.text(max_size=50))
def test_any_text_gives_the_same_chunks_again(body: str, subject: str) -> None:
    chunks = bodies(body, subject)
    assert chunks == bodies(body, subject)
    assert [chunk.position for chunk in chunks] == [*range(len(chunks))]
    assert all(chunk.text.strip() for chunk in chunks)
