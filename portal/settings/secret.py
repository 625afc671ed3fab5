"""A secret for installations that were given none."""

import secrets
from pathlib import Path


def local_secret(path: Path) -> str:
    """Return the secret kept in `path`, making it on first use (readable by the owner only)."""
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")
