"""What a model folder must hold, checked before any page is read.

``manifest.json`` lists every file with its SHA-256, the columns of a row, the data, the training
settings and the measured scores; ``labels.json`` holds the label lists. A folder that differs from
its manifest is a ``UsageError``.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storyledger.errors import UsageError

SCHEMA = "storyledger/reader/1"
FILES = ("reader.onnx", "tags.onnx", "pairs.npz", "tokenizer.json", "labels.json", "lemmas.json")
LISTS = ("upos", "deprel", "lemma", "role", "path", "mention", "names", "attr")
HEADS = (
    "upos", "lemma", "mention", "names", "pred", "attr", "start",
    "arc_dep", "arc_head", "rel_dep", "rel_head", "role_word", "role_pred",
)  # fmt: skip
ADVICE = "name a folder made by train/ with --model, or leave the option out"


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A checked model folder."""

    folder: Path
    digest: str
    columns: dict[str, tuple[int, int]]
    labels: dict[str, list[str]]


def refuse(code: str, message: str, path: Path) -> UsageError:
    """Return the error for a folder that cannot be used."""
    return UsageError(code, message, ADVICE, path=str(path))


def open_model_folder(folder: Path) -> ModelFolder:
    """Return the folder's contract once every digest and label list has been checked.

    Raises:
        UsageError: the folder has no manifest (E-MODEL-MISSING), a file's digest differs
            (E-MODEL-DIGEST), or a label list or head is missing (E-MODEL-LABELS).
    """
    manifest = _read_json(folder / "manifest.json")
    if manifest.get("schema") != SCHEMA:
        raise refuse("E-MODEL-SCHEMA", f"{folder} is not a model of schema {SCHEMA}", folder)
    for name in FILES:
        _check_digest(folder / name, manifest.get("files", {}).get(name))
    labels = _read_json(folder / "labels.json")
    columns = {k: (int(v[0]), int(v[1])) for k, v in manifest.get("columns", {}).items()}
    for name in LISTS:
        if not isinstance(labels.get(name), list) or not labels[name]:
            raise refuse("E-MODEL-LABELS", f"{folder / 'labels.json'} lacks the label list {name!r}", folder)
    for name in HEADS:
        if name not in columns:
            raise refuse("E-MODEL-LABELS", f"{folder / 'manifest.json'} lacks the columns of {name!r}", folder)
        width = columns[name][1] - columns[name][0]
        if name in labels and width != len(labels[name]):
            raise refuse("E-MODEL-LABELS", f"{name!r} has {width} columns but {len(labels[name])} labels", folder)
    digest = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    return ModelFolder(folder, digest, columns, labels)


def _read_json(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file of the model folder."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise refuse("E-MODEL-MISSING", f"{path} cannot be read: {error}", path) from error
    if not isinstance(value, dict):
        raise refuse("E-MODEL-MISSING", f"{path} does not hold an object", path)
    return value


def _check_digest(path: Path, expected: str | None) -> None:
    """Check a file's SHA-256 against the manifest's."""
    try:
        with path.open("rb") as file:
            actual = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise refuse("E-MODEL-MISSING", f"{path} cannot be read: {error}", path) from error
    if actual != expected:
        raise refuse(
            "E-MODEL-DIGEST", f"{path} has digest {actual[:16]}…, the manifest says {str(expected)[:16]}…", path
        )
