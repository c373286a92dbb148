"""What a person collected comes out as files that Word, a browser and a wiki open, with every source."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import mammoth
import pytest

from storyledger.cli.root import main
from storyledger.dossier import Dossier, list_dossiers, write_docx, write_html, write_markdown
from storyledger.journal import find_source_span, make_judgement
from storyledger.store import Ledger
from storyledger.types import Judgement, Story

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "ferry"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dossier") / "story.db"
    main(["build", str(EXAMPLE), "-o", str(path), "--quiet", "--workers", "1"], standalone_mode=False)
    return path


@pytest.fixture(scope="module")
def story(ledger: Path) -> Story:
    with Ledger.open_readonly(ledger) as opened:
        return opened.load_story()


def collect(story: Story, note: str) -> tuple[Dossier, Judgement]:
    said = next(s for s in story.statements if s.speaker.actor)
    article = next(a for a in story.documents if a.id == said.content.document)
    span = find_source_span(article, said.content.start, said.content.end)
    assert span is not None
    value = json.dumps({"dossier": "Desk", "text": note})
    entry = make_judgement(1, "note", (article.sha256, *span, said.content.text), value=value)
    return list_dossiers([entry], story)[0], entry


def test_word_shows_the_note_the_words_and_the_source_as_a_footnote(story: Story, tmp_path: Path) -> None:
    dossier, entry = collect(story, "Ask \x0b again & <b>soon</b>")
    path = tmp_path / "desk.docx"
    path.write_bytes(write_docx(dossier))
    with path.open("rb") as file:
        shown = mammoth.convert_to_html(file)
    assert not [m for m in shown.messages if m.type == "error"]
    assert entry.a[3].replace("&", "&amp;").replace('"', "&quot;")[:40] in shown.value
    assert "again &amp; &lt;b&gt;soon&lt;/b&gt;" in shown.value
    assert "SHA-256" in shown.value.split("footnote-2")[-1]
    assert write_docx(dossier) == path.read_bytes()


def test_nothing_of_a_page_or_note_is_markup(story: Story) -> None:
    dossier, _ = collect(story, "<script>alert(1)</script> [x](javascript:y) *z*")
    assert "<script>" not in write_html(dossier)
    text = write_markdown(dossier)
    assert r"\[x\](javascript" in text
    assert r"\*z\*" in text
    assert r"\<script\>" in text


def test_a_note_of_a_page_that_left_stays_and_says_so(story: Story) -> None:
    _, entry = collect(story, "kept")
    (dossier,) = list_dossiers([entry], replace(story, documents=(), statements=()))
    assert dossier.items[0].words == entry.a[3]
    assert "no longer" in dossier.items[0].source


def test_the_commands_collect_list_and_write(
    ledger: Path, story: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["note", str(ledger), story.statements[0].id, "--text", "first"], standalone_mode=False)
    main(["note", str(ledger), story.events[0].id, "--dossier", "Second"], standalone_mode=False)
    main(["dossier", str(ledger)], standalone_mode=False)
    assert "Second: 1 note\n" in capsys.readouterr().out
    main(["dossier", str(ledger), "Second", "-o", str(tmp_path / "d.html")], standalone_mode=False)
    assert story.events[0].mentions[0].text[:20] in (tmp_path / "d.html").read_text("utf-8")
    with pytest.raises(SystemExit):
        main(["dossier", str(ledger), "Third"], standalone_mode=False)
    assert "there is no dossier 'Third'" in capsys.readouterr().err
    main(["verify", str(ledger)], standalone_mode=False)
