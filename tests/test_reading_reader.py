"""The reader as a whole: offsets, determinism, hard text, and a model folder that is not what it says."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storyledger.errors import UsageError
from storyledger.reading import Reader, load_reader
from storyledger.reading.manifest import open_model_folder
from storyledger.reading.names import find_offices
from storyledger.reading.reader import SHIPPED
from storyledger.reading.sections import SECTION_WORDS
from storyledger.reading.trees import best_tree, find_cycle
from storyledger.types import Article, Block, Reading


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


def make_article(text: str, kind: str = "paragraph") -> Article:
    return Article("article:test", "p", None, "utf-8", "0", text, (), (Block(0, len(text), kind),) if text else ())


def check_reading(article: Article, reading: Reading) -> None:
    """Every position of ``reading`` is one of ``article``'s."""
    text, n = article.text, len(reading.tokens)
    last = 0
    for token in reading.tokens:
        assert last <= token.start < token.end <= len(text)
        assert token.lemma
        last = token.end
    covered = [i for s in reading.sentences for i in range(s.first, s.last)]
    assert covered == list(range(n))
    for s in reading.sentences:
        assert (s.start, s.end) == (reading.tokens[s.first].start, reading.tokens[s.last - 1].end)
        inside = reading.tokens[s.first : s.last]
        assert all(s.first <= t.head < s.last for t in inside)
        roots = [i for i, t in enumerate(inside, s.first) if t.head == i]
        assert len(roots) == 1
        assert all((t.deprel == "root") == (t.head == i) for i, t in enumerate(inside, s.first))
        assert not find_cycle([t.head - s.first for t in inside])
    for m in reading.mentions:
        assert (m.start, m.end) == (reading.tokens[m.first].start, reading.tokens[m.last - 1].end)
        assert m.first <= m.head < m.last
        assert 0 <= m.score <= 1
    names = [m for m in reading.mentions if m.kind == "name"]
    assert all(a.last <= b.first for a, b in pairwise(names))
    for p in reading.predicates:
        assert 0 <= p.token < n
        assert all(0 <= a.first <= a.head < a.last <= n for a in p.arguments)
    for a in reading.attributions:
        assert a.content
        assert all(0 <= x < y <= len(text) for x, y in (*a.content, *filter(None, (a.source, a.cue))))
        assert 0 <= a.score <= 1
    vectors = np.frombuffer(reading.vectors, "<f2").reshape(len(reading.sentences), -1) if reading.sentences else None
    if vectors is not None:
        assert np.allclose(np.linalg.norm(vectors.astype(np.float32), axis=1), 1, atol=0.01)


HARD = {
    "nothing": "",
    "white space": " \n\t \u00a0\n\n",
    "capitals": "THE PRIME MINISTER SAID ON FRIDAY THAT THE TALKS IN GENEVA HAD FAILED.",
    "no capitals": "the prime minister said on friday that the talks in geneva had failed.",
    "numbers": "\n".join("\t".join(str(i * j) for j in range(9)) for i in range(40)),
    "emoji": "Great news 🎉👩‍👩‍👧 he said 🚀🚀 “we won” 🇫🇷!",
    "invisible": "The\u200b min\u00adister\u202e said\u2066 no\u2069.\ufeff",
    "german": "Die Bundeskanzlerin sagte am Freitag, dass die Gespräche in Genf gescheitert seien.",
    "arabic": "قال رئيس الوزراء يوم الجمعة إن المحادثات في جنيف قد فشلت.",
    "chinese": "总理星期五说,日内瓦的会谈失败了。",
    "surrogate": "a lone \ud800 surrogate and a \x00 null",
    "one long word": "x" * 5000,
    "only signs": "?!?! ... --- *** ((( )))",
    "quotation marks": '""" \'\'\' “““ ” ’ ‘ "',
}


@pytest.mark.parametrize("kind", list(HARD))
def test_hard_text_never_fails_and_offsets_stay_right(reader: Reader, kind: str) -> None:
    article = make_article(HARD[kind])
    check_reading(article, reader.read(article))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_any_text_is_read_with_right_offsets(reader: Reader, text: str) -> None:
    article = make_article(text)
    check_reading(article, reader.read(article))


NEWS = (
    "Ministry rejects claim\n\nPrime Minister Anna Kowalska said on Tuesday that the government had not decided to "
    "close the port. “We will not be bullied,” she told reporters in Lisbon. “The talks continue.”\n\n"
    "According to the Daily Herald, two men were killed in the attack on the convoy near the Danube."
)


def test_news_is_read_as_a_person_would(reader: Reader) -> None:
    article = make_article(NEWS)
    reading = reader.read(article)
    check_reading(article, reading)
    names = {NEWS[m.start : m.end]: m.type for m in reading.mentions if m.kind == "name"}
    assert names["Anna Kowalska"] == "person"
    assert names["Lisbon"] == "place"
    assert names["Daily Herald"] == "outlet"
    lemmas = {NEWS[t.start : t.end]: t.lemma for t in reading.tokens}
    assert (lemmas["decided"], lemmas["men"], lemmas["were"]) == ("decide", "man", "be")
    decide = next(p for p in reading.predicates if p.lemma == "decide")
    assert decide.negated
    close = next(p for p in reading.predicates if p.lemma == "close")
    assert [a.role for a in close.arguments if NEWS[reading.tokens[a.head].start :].startswith("port")] == ["ARG1"]


def test_a_body_keeps_the_title_in_its_name_and_a_person_loses_hers(reader: Reader) -> None:
    text = "General Electric and the Premier League met General Anna Kowalska. Prime Minister Olu Sade was there."
    reading = reader.read(make_article(text))
    names = {text[m.start : m.end] for m in reading.mentions if m.kind == "name"}
    assert {"General Electric", "Premier League", "Anna Kowalska", "Olu Sade"} <= names
    assert "Prime" not in names


def test_an_office_with_its_portfolio_is_no_part_of_a_name(reader: Reader) -> None:
    text = "U.S. Secretary of State Olu Sade met the Minister for Foreign Affairs, Anna Kowalska, in Lisbon."
    reading = reader.read(make_article(text))
    assert {text[m.start : m.end] for m in reading.mentions if m.kind == "name"} == {
        "U.S.",
        "Olu Sade",
        "Anna Kowalska",
        "Lisbon",
    }
    words = ["the", "Secretary", "of", "State", "for", "Trade", "and", "Industry", ",", "Anna"]
    assert find_offices(words) == [(1, 8)]


def test_what_is_said_goes_to_who_said_it(reader: Reader) -> None:
    reading = reader.read(make_article(NEWS))
    told = {NEWS[a:b]: x.source and NEWS[slice(*x.source)] for x in reading.attributions for a, b in x.content}
    assert told["the government had not decided to close the port"] == "Prime Minister Anna Kowalska"
    assert told["We will not be bullied"] == "she"
    assert told["two men were killed in the attack on the convoy near the Danube"] == "the Daily Herald"


def test_the_same_text_gives_the_same_reading_alone_and_in_company(reader: Reader) -> None:
    sentences = NEWS.split(". ")
    rng = random.Random(5)
    articles = [make_article(". ".join(rng.sample(sentences, 2))) for _ in range(6)]
    alone = [load_reader().read(a) for a in articles[:2]]
    together = [reader.read(a) for a in [*reversed(articles), *articles]]
    assert together[-6:-4] == alone
    assert together[:6] == together[:5:-1]


def test_long_pages_are_read_in_sections_that_join(reader: Reader) -> None:
    text = "\n\n".join(["The minister said no."] * (SECTION_WORDS * 2 // 5))
    article = make_article(text)
    reading = reader.read(article)
    assert len(reading.tokens) > SECTION_WORDS * 3 // 2
    check_reading(article, reading)


@pytest.mark.parametrize(
    ("text", "openings"),
    [
        ("Many feared dead as Orlen ferry sinks The ferry went down off Harrow Bay on Monday.", ["Many", "The"]),
        ("Falkner denies the charge of theft A judge in Orlen has ordered that he stand trial.", ["Falkner", "A"]),
        ("The children were given vitamin A tablets and a group A test at school.", ["The"]),
    ],
)
def test_a_headline_that_runs_into_its_sentence_is_parted_from_it(
    reader: Reader, text: str, openings: list[str]
) -> None:
    found = [text[s.start : s.end].split(maxsplit=1)[0] for s in reader.read(make_article(text)).sentences]
    assert found[-len(openings) :] == openings


def test_a_title_is_one_sentence(reader: Reader) -> None:
    article = make_article("Talks fail. What now?", "title")
    assert len(reader.read(article).sentences) == 1


@pytest.mark.parametrize("n", [1, 2, 5, 12])
def test_the_best_tree_has_one_root_and_no_cycle(n: int) -> None:
    for seed in range(40):
        scores = np.random.default_rng(seed).normal(size=(n, n)).astype(np.float32)
        heads = best_tree(scores)
        assert sum(h == i for i, h in enumerate(heads)) == 1
        assert not find_cycle(heads)


def test_the_best_tree_is_the_best_of_all() -> None:
    for seed in range(25):
        scores = np.random.default_rng(seed).normal(size=(4, 4)).astype(np.float32)
        valid = [
            h for h in product(range(4), repeat=4) if sum(x == i for i, x in enumerate(h)) == 1 and not find_cycle(h)
        ]
        root = next(i for i, h in enumerate(best_tree(scores)) if h == i)
        best = max((h for h in valid if h[root] == root), key=lambda h: sum(scores[i, x] for i, x in enumerate(h)))
        assert best_tree(scores) == list(best)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "model"))


def test_the_shipped_model_is_what_its_manifest_says() -> None:
    model = open_model_folder(SHIPPED)
    sizes = [f.stat().st_size for f in SHIPPED.iterdir()]
    assert model.digest
    assert max(sizes) < 25_000_000
    assert sum(sizes) < 45_000_000


def test_a_changed_file_is_refused_before_anything_is_read(folder: Path) -> None:
    with (folder / "reader.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(UsageError) as caught:
        load_reader(folder)
    assert caught.value.code == "E-MODEL-DIGEST"


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_reader(tmp_path)
    assert caught.value.code == "E-MODEL-MISSING"


@pytest.mark.parametrize("change", ["list", "column", "schema"])
def test_a_missing_label_list_is_refused(folder: Path, change: str) -> None:
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if change == "list":
        labels.pop("role")
    elif change == "column":
        labels["upos"].append("NEW")
    else:
        manifest["schema"] = "other"
    (folder / "labels.json").write_text(json.dumps(labels), encoding="utf-8")
    manifest["files"]["labels.json"] = hashlib.sha256((folder / "labels.json").read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_reader(folder)
    assert caught.value.code in ("E-MODEL-LABELS", "E-MODEL-SCHEMA")
