"""Signatures under a whole ledger: who made it what it is, so that whoever gets it sees that it is what was sent.

Ed25519, by ``cryptography`` (the extra ``sign``); keys as OpenSSH and OpenSSL write them. Invariant: what is signed is
one digest of everything in the ledger but the signatures themselves. This module must not know the ledger file.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyledger.errors import UsageError
from storyledger.types import Signature

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_TAG = b"storyledger signature 1\0"  # so that a signature under a ledger is one under nothing else
_SSH_HEAD = b"\0\0\0\x0bssh-ed25519\0\0\0\x20"  # the wire form of an OpenSSH key, whose hash `ssh-keygen -l` prints


def can_sign() -> bool:
    """Tell whether the library for signatures is installed."""
    return find_spec("cryptography") is not None


def sign_digest(digest: str, key: bytes, password: bytes | None, made_on: str) -> Signature:
    """Return the signature of ``digest`` by the private key in the file content ``key``.

    Raises:
        UsageError: it is no Ed25519 key, its password is wrong, or the library is not installed.
    """
    private = _load_private(key, password)
    public = private.public_key().public_bytes_raw()
    made = private.sign(_TAG + f"{digest} {made_on}".encode())
    return Signature(base64.b64encode(public).decode(), digest, base64.b64encode(made).decode(), made_on)


def is_valid(signature: Signature, digest: str) -> bool:
    """Tell whether ``signature`` is one of ``digest`` by the key that it names."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - an extra
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signature.public_key, validate=True))
        made = base64.b64decode(signature.signature, validate=True)
        key.verify(made, _TAG + f"{digest} {signature.made_on}".encode())
    except (InvalidSignature, ValueError):
        return False
    return signature.digest == digest


def print_key(public_key: str) -> str:
    """Return the fingerprint of a key as `ssh-keygen -l` prints it."""
    raw = base64.b64decode(public_key)
    return "SHA256:" + base64.b64encode(hashlib.sha256(_SSH_HEAD + raw).digest()).decode().rstrip("=")


def read_public(path: Path) -> str:
    """Return the public key in a file ("ssh-ed25519 ..." or PEM), in base64.

    Raises:
        UsageError: there is none.
    """
    _need_library()
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    data = path.read_bytes()
    load: Any = serialization.load_ssh_public_key if data.startswith(b"ssh-") else serialization.load_pem_public_key
    try:
        key = load(data)
    except Exception as error:  # the library raises errors of many kinds for a file that is no key
        raise UsageError("E-SEAL-KEY", f"{path} holds no public key", "give the file ending in .pub") from error
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError("E-SEAL-KEY", f"{path} holds no Ed25519 key", "make one with `ssh-keygen -t ed25519`")
    return base64.b64encode(key.public_bytes_raw()).decode()


def _load_private(data: bytes, password: bytes | None) -> Ed25519PrivateKey:
    _need_library()
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    is_ssh = b"OPENSSH PRIVATE KEY" in data[:100]
    load: Any = serialization.load_ssh_private_key if is_ssh else serialization.load_pem_private_key
    try:
        key = load(data, password)
    except Exception as error:  # as above
        raise UsageError("E-SEAL-KEY", f"the key cannot be read: {error}", "see file and password") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError("E-SEAL-KEY", "no Ed25519 private key", "make one with `ssh-keygen -t ed25519`")
    return key


def _need_library() -> None:
    if not can_sign():
        raise UsageError("E-SEAL-LIBRARY", "signatures need `cryptography`", "pip install 'storyledger[sign]'")
