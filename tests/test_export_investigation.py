"""Exports for tools of investigation, read by those tools: what they are given arrives unchanged."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest
from datasette.app import Datasette
from followthemoney import model

from storyledger.api import write_datasette
from storyledger.export import WRITERS, read_story
from storyledger.types import Story


@pytest.fixture(scope="module")
def story(ferry: Path) -> Story:
    return read_story(ferry / "gold_story.json")


def test_followthemoney_takes_every_entity_and_changes_no_value(story: Story, tmp_path: Path) -> None:
    (path,) = WRITERS["followthemoney"](story, tmp_path)
    entities = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert len({e["id"] for e in entities}) == len(entities)
    ids = {e["id"] for e in entities}
    for entity in entities:
        proxy = model.get_proxy(entity, cleaned=False)  # cleans each value as an import does
        proxy.schema.validate(entity)
        assert {k: sorted(proxy.get(k)) for k in proxy.properties} == {
            k: sorted(v) for k, v in entity["properties"].items()
        }
        assert all(v in ids for p, v in proxy.itervalues() if p.type.name == "entity")
    schemata = {e["schema"] for e in entities}
    assert {"Article", "Person", "Organization", "Event", "Mention"} <= schemata
    assert sum(e["schema"] == "Event" for e in entities) == len(story.events)


def test_datasette_serves_tables_search_and_our_questions(story: Story, tmp_path: Path) -> None:
    base, metadata = write_datasette(story, tmp_path)
    described = json.loads(metadata.read_text("utf-8"))
    site = Datasette([str(base)], metadata=described)

    async def ask(path: str) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = (await site.client.get(path)).json()
        return rows

    async def visit() -> None:
        await site.invoke_startup()
        assert len(await ask("/story/statements.json?_shape=array&_size=1000")) == len(story.statements)
        first = story.statements[0].content.text
        found = await ask(f"/story/statements.json?_shape=array&_search={first.split()[0]}")
        assert first in {row["text"] for row in found}
        for name in described["databases"]["story"]["queries"]:
            assert await ask(f"/story/{name}.json?_shape=array"), name

    asyncio.run(visit())


def test_the_datasette_copy_is_whole_and_is_written_anew(story: Story, tmp_path: Path) -> None:
    for _ in range(2):
        base, _metadata = write_datasette(story, tmp_path)
    rows = sqlite3.connect(base).execute("SELECT count(*) FROM documents").fetchone()[0]
    assert rows == len(story.documents)


def test_drafts_of_reviews_have_the_claim_its_source_and_what_stands_against_it(story: Story, tmp_path: Path) -> None:
    (path,) = WRITERS["claimreview"](story, tmp_path)
    drafts = json.loads(path.read_text("utf-8"))
    texts = {s.content.text for s in story.statements}
    assert drafts
    for draft in drafts:
        assert draft["@type"] == "ClaimReview"
        assert draft["claimReviewed"] in texts
        assert "ratingValue" not in draft["reviewRating"]
        assert "“" in draft["reviewBody"]
