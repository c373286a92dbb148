"""Places: found by their whole name or not at all, those of the story's countries first, unsure ones marked, a map of them."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import geojson
import pytest

from storyledger.events import gdelt_rows
from storyledger.export import WRITERS, read_story, write_gdelt
from storyledger.geography import find_spots, list_outlines, locate_story
from storyledger.report.atlas import WIDTH, draw_atlas
from storyledger.types import Actor, ActorMention, Alias, Event, EventWhen, Evidence, Participant, Story


def make_actor(name: str, kind: str, *places: tuple[str, int]) -> Actor:
    mentions = tuple(ActorMention(d, s, s + len(name), name, "name", 1.0) for d, s in places)
    return Actor(f"actor:{name}", name, kind, (), (), mentions)


def make_event(number: int, document: str, place: str | None, start: int = 0, end: int = 60, who: str = "") -> Event:
    parties = (Participant("actor", f"actor:{who}"),) if who else ()
    told = Evidence(document, start, end, "x" * (end - start))
    when = EventWhen("2021-03-09", "2021-03-09", None)
    where = f"actor:{place}" if place else None
    return Event(
        f"event:{number}", "ASSAULT", f"It happened {number}", parties, where, when, "reported", 0.6, (told,), 0.9
    )


def test_a_name_is_found_whole_or_not_at_all() -> None:
    assert find_spots("Anbar") == ()
    assert find_spots("Bunb") == ()
    assert [s.country for s in find_spots("bunbury")][:1] == ["AU"]
    assert {s.number for s in find_spots("Malmo")} == {s.number for s in find_spots("Malmö")}
    assert find_spots("") == ()


def test_of_several_the_one_in_the_countries_of_its_pages_is_meant() -> None:
    town = make_actor("Tripoli", "place", ("d1", 0))
    there = locate_story(Story(actors=(town, make_actor("Lebanon", "country", ("d1", 20), ("d1", 40)))))
    assert [(p.spot.country, p.sure) for p in there.places if p.kind == "place"] == [("LB", True)]
    elsewhere = locate_story(Story(actors=(town, make_actor("Libya", "country", ("d1", 20)))))
    assert [p.spot.country for p in elsewhere.places if p.kind == "place"] == ["LY"]


def test_what_would_be_a_guess_is_not_shown() -> None:
    many = locate_story(Story(actors=(make_actor("Springfield", "place", ("d1", 0)),)))
    assert many.places == ()
    assert many.unknown == ("Springfield",)
    village = locate_story(Story(actors=(make_actor("Middle East", "place", ("d1", 0)),)))
    assert village.places == ()
    region = (make_actor("England", "place", ("d1", 0)), make_actor("United States", "country", ("d1", 9)))
    assert [p.name for p in locate_story(Story(actors=region)).places] == ["United States"]


def test_what_is_described_is_no_place_of_that_name_and_a_small_capital_alone_is_unsure() -> None:
    for described in ("the valley", "The valley", "a victoria"):
        assert locate_story(Story(actors=(make_actor(described, "place", ("d1", 10)),))).places == ()
    (small,) = locate_story(Story(actors=(make_actor("The Valley", "place", ("d1", 10)),))).places
    assert (small.spot.country, small.sure) == ("AI", False)
    (large,) = locate_story(Story(actors=(make_actor("Baghdad", "place", ("d1", 10)),))).places
    assert (large.spot.country, large.sure) == ("IQ", True)


def test_an_event_stands_where_it_says_or_where_its_words_name_one_place() -> None:
    actors = (make_actor("Mosul", "place", ("d1", 10)), make_actor("Baghdad", "place", ("d1", 200), ("d2", 5)))
    events = (make_event(1, "d1", "Mosul"), make_event(2, "d2", None), make_event(3, "d1", None, 100, 150))
    found = {p.name: p for p in locate_story(Story(actors=actors, events=events)).places}
    assert found["Mosul"].events == ("event:1",)
    assert found["Mosul"].named == frozenset()
    assert found["Baghdad"].events == ("event:2",)
    assert found["Baghdad"].named == {"event:2"}


@pytest.mark.parametrize(
    "names", [("Mosul",), ("Mosul", "Baghdad", "Erbil"), ("Suva", "Apia"), ("London", "Sydney", "Lima", "Cairo")]
)
def test_every_dot_is_on_the_map_and_labels_do_not_cover_each_other(names: tuple[str, ...]) -> None:
    actors = tuple(make_actor(n, "place", ("d1", 20 * k)) for k, n in enumerate(names))
    nations = tuple(
        make_actor(n, "country", ("d1", 500), ("d1", 520)) for n in ("Iraq", "Fiji", "Samoa") if len(names) < 4
    )
    events = tuple(make_event(k, "d1", n) for k, n in enumerate(names))
    atlas = draw_atlas(locate_story(Story(actors=(*actors, *nations), events=events)))
    assert atlas is not None
    assert len([d for d in atlas.dots if not d.whole]) + len(atlas.outside) == len(names)
    assert all(0 <= d.x <= WIDTH and 0 <= d.y <= atlas.height for d in atlas.dots)
    assert atlas.land
    for _, size, labels in atlas.labels:
        boxes = []
        for label in labels:
            left = label.x - len(label.text) * size * 0.5 * {"start": 0, "middle": 0.5, "end": 1}[label.align]
            boxes.append((left, label.y - size * 0.7, left + len(label.text) * size * 0.5, label.y))
        assert all(
            a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1] for n, a in enumerate(boxes) for b in boxes[:n]
        )


def test_a_place_far_off_does_not_make_the_rest_one_blot() -> None:
    names = ("Mosul", "Baghdad", "Erbil", "Kirkuk", "Basrah")
    actors = tuple(make_actor(n, "place", ("d1", 20 * k)) for k, n in enumerate((*names, "Sydney")))
    events = (*tuple(make_event(k, "d1", names[k % 5]) for k in range(20)), make_event(99, "d1", "Sydney"))
    atlas = draw_atlas(locate_story(Story(actors=actors, events=events)))
    assert atlas is not None
    assert atlas.outside == ("Sydney",)
    xs = [d.x for d in atlas.dots]
    assert max(xs) - min(xs) > WIDTH / 5


def test_outlines_are_closed_and_on_the_earth() -> None:
    outlines = list_outlines()
    assert {"IQ", "US", "FR", "XK"} <= {o.code for o in outlines}
    for outline in outlines:
        for ring in outline.rings:
            assert abs(ring[:, 0]).max() <= 180
            assert abs(ring[:, 1]).max() <= 90


@pytest.fixture
def placed() -> Story:
    actors = (make_actor("Mosul", "place", ("d1", 10)), make_actor("Iraq", "country", ("d1", 30)))
    events = (
        make_event(1, "d1", "Mosul", who="Iraq"),
        make_event(2, "d1", "Iraq"),
        make_event(3, "d1", None, 300, 340),
    )
    return Story(actors=actors, events=events)


def test_geojson_is_valid_and_has_every_event_with_a_place(placed: Story, tmp_path: Path) -> None:
    (path,) = WRITERS["geojson"](placed, tmp_path)
    collection = geojson.loads(path.read_text("utf-8"))
    assert collection.is_valid
    points = {f["id"]: f["geometry"]["coordinates"] for f in collection["features"]}
    assert points["event:1"] == points["actor:Mosul"]
    assert 42 < points["event:1"][0] < 44  # east comes first
    assert "event:3" not in points
    assert "GeoNames" in json.loads(path.read_text("utf-8"))["attribution"]


def test_followthemoney_is_told_where_and_when_in_words_and_no_code_that_two_countries_share(tmp_path: Path) -> None:
    long = make_actor("Congo", "country", ("d1", 60))
    long = replace(long, id="actor:long", aliases=(Alias("Democratic Republic of the Congo", "name"),))
    actors = (make_actor("Mosul", "place", ("d1", 10)), make_actor("Congo", "country", ("d1", 30)), long)
    event = make_event(1, "d1", "Mosul")
    event = replace(event, when=EventWhen("2021-03-08", "2021-03-14", "the second week of March"))
    (path,) = WRITERS["followthemoney"](Story(actors=actors, events=(event,)), tmp_path)
    entities = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    told = next(e["properties"] for e in entities if e["schema"] == "Event")
    assert told["location"] == ["Mosul"]
    assert told["notes"] == ["when, in words: the second week of March"]
    assert (told["startDate"], told["endDate"]) == (["2021-03-08"], ["2021-03-14"])
    countries = [e["properties"] for e in entities if e["schema"] == "PublicBody"]
    assert [c.get("country") for c in countries] == [None, ["cd"]]


def test_gdelts_columns_are_all_there_and_filled_as_its_codebook_says(placed: Story, tmp_path: Path) -> None:
    (path,) = write_gdelt(gdelt_rows(placed), tmp_path)
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == 3
    assert all(len(r) == 61 and None not in r for r in rows)
    first = rows[0]
    assert (first["SQLDATE"], first["MonthYear"], first["Year"]) == ("20210309", "202103", "2021")
    assert (first["EventRootCode"], first["QuadClass"], first["Actor1CountryCode"]) == ("18", "4", "IRQ")
    assert (first["ActionGeo_FullName"], first["ActionGeo_Type"]) == ("Mosul", "4")
    assert re.fullmatch(r"2021\.\d{4}", first["FractionDate"])
    assert rows[2]["ActionGeo_Lat"] == ""


def test_docbin_read_by_spacy_has_the_pages_texts_and_our_spans(ferry: Path, tmp_path: Path) -> None:
    spacy = pytest.importorskip("spacy")
    from spacy.tokens import DocBin  # noqa: PLC0415

    story = read_story(ferry / "gold_story.json")
    (path,) = WRITERS["docbin"](story, tmp_path)
    docs = list(DocBin().from_disk(path).get_docs(spacy.blank("en").vocab))
    articles = {a.id: a for a in story.documents if a.text}
    assert {d.user_data["id"]: d.text for d in docs} == {k: a.text for k, a in articles.items()}
    spans = {(d.user_data["id"], s.start_char, s.end_char, s.id_) for d in docs for s in d.spans["statements"]}
    assert spans == {(s.content.document, s.content.start, s.content.end, s.id) for s in story.statements}
    told = {(d.user_data["id"], s.start_char, s.end_char, s.id_) for d in docs for s in d.spans["events"]}
    assert told == {(m.document, m.start, m.end, e.id) for e in story.events for m in e.mentions}
    assert {"PERSON"} <= {e.label_ for d in docs for e in d.ents}


def test_without_spacy_docbin_says_what_it_needs(
    placed: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storyledger.errors import UsageError  # noqa: PLC0415
    from storyledger.export import language  # noqa: PLC0415

    monkeypatch.setattr(language, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match="DocBin needs spaCy"):
        WRITERS["docbin"](placed, tmp_path)
