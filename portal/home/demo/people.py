"""Members and staff of the demo community."""

import random
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.accounts.models import Interest, Member
from portal.accounts.services.members import create_member, set_role
from portal.accounts.services.profiles import save_profile, set_picture
from portal.home.demo.content import FOLDER, ago, read

PASSWORD = "meydan-demo"  # noqa: S105 (printed for everybody who tries the demo)


@dataclass(frozen=True)
class StaffAccount:
    """One of the accounts that `make run` prints."""

    name: str
    handle: str
    role: str
    joined_days_ago: int

    @property
    def email(self) -> str:
        word = "manager" if self.role == "brand_manager" else self.role
        return f"{'admin' if word == 'administrator' else word}@example.com"


ACCOUNTS = [
    StaffAccount("Işıl Deniz", "isil-deniz", "member", 21),
    StaffAccount("Ece Korkmaz", "ece-korkmaz", "moderator", 280),
    StaffAccount("Onur Tan", "onur-tan", "editor", 290),
    StaffAccount("Selin Kıyı", "selin-kiyi", "brand_manager", 299),
    StaffAccount("Yönetim", "yonetim", "administrator", 300),
]


def load_interests() -> None:
    for row in read("interests")["interests"]:
        Interest.objects.get_or_create(
            code=row["code"], defaults={"name_en": row["name"]["en"], "name_tr": row["name"]["tr"]}
        )


def join(row: dict, *, days_ago: float) -> Member:
    """A member of the file joins, shows a face and completes the profile, all in the past."""
    at = ago(days_ago)
    member = create_member(
        name=row["name"],
        handle=row["handle"],
        email=f"{row['handle']}@members.example.com",
        language=row["language"],
        time_zone=row["time_zone"],
        at=at,
    )
    _verify(member)
    if row.get("face"):
        face = (FOLDER / "media" / "faces" / row["face"]).read_bytes()
        set_picture(member=member, upload=SimpleUploadedFile(row["face"], face, "image/webp"))
    profile = {name: row[name] for name in ("name", "bio", "city", "language", "time_zone")}
    return save_profile(
        member=member,
        handle=member.handle,
        interests=row["interests"],
        at=ago(days_ago, hours=-2),
        **profile,
    )


def join_account(account: StaffAccount) -> Member:
    member = create_member(
        name=account.name,
        handle=account.handle,
        email=account.email,
        password=PASSWORD,
        language=settings.LANGUAGE_CODE,
        at=ago(account.joined_days_ago),
    )
    _verify(member)
    set_role(member=member, role=account.role)
    return member


def _verify(member: Member) -> None:
    """The address is proven from the first day, as with members who stayed."""
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)


def invented_rows(count: int, dice: random.Random) -> list[dict]:
    """More members with plausible names and histories, for a community of any size."""
    known = read("members")["members"]
    firsts = [row["name"].split(" ")[0] for row in known]
    lasts = [row["name"].split(" ")[-1] for row in known]
    interests = [row["code"] for row in read("interests")["interests"]]
    rows = []
    for number in range(count):
        model = dice.choice(known)
        rows.append(
            {
                "name": f"{dice.choice(firsts)} {dice.choice(lasts)}",
                "handle": f"uye-{number + 1}",
                "language": model["language"],
                "time_zone": model["time_zone"],
                "city": model["city"],
                "bio": "",
                "persona": dice.choice(["newcomer", "regular", "regular", "fan"]),
                "joined_days_ago": dice.randint(3, 280),
                "interests": dice.sample(interests, 2),
                "face": "",
            }
        )
    return rows
