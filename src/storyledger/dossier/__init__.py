"""What a person collected from a story, with notes, as a text that can be filed: HTML, Markdown, DOCX."""

from storyledger.dossier.collect import DEFAULT, Dossier, Item, list_dossiers
from storyledger.dossier.word import write_docx
from storyledger.dossier.write import write_html, write_markdown

__all__ = ["DEFAULT", "Dossier", "Item", "list_dossiers", "write_docx", "write_html", "write_markdown"]
