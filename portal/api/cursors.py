"""Where a list goes on: a page's last row, written so that nobody takes it apart."""

import base64
import binascii

from django.utils.translation import gettext as _

from portal.api.problems import Mistake, ProblemError


def to_cursor(value: object) -> str:
    return base64.urlsafe_b64encode(str(value).encode()).decode().rstrip("=")


def from_cursor(cursor: str) -> str:
    """Raises ProblemError for what is no cursor of ours."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        if text.isprintable():
            return text
    except (ValueError, binascii.Error):
        pass
    raise wrong_cursor()


def wrong_cursor() -> ProblemError:
    mistake = Mistake(field="cursor", pointer="?cursor", detail=_("is not as it should be"))
    return ProblemError(422, errors=[mistake])
