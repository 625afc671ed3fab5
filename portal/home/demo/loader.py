"""Loading the whole demo community through the services that members use."""

import random
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from badges.program.loading import parse_yaml
from badges.services.programs import publish
from portal.accounts.models import Member
from portal.activity.services import dispatch_pending, dispatching_put_off
from portal.home.bootstrap import bootstrap_site
from portal.home.demo.content import ago, read, text_of
from portal.home.demo.gatherings import load_challenges, load_contests, load_events
from portal.home.demo.knowledge import load_articles, load_categories, load_surveys, load_videos
from portal.home.demo.people import ACCOUNTS, invented_rows, join, join_account, load_interests
from portal.home.demo.publishing import Pictures
from portal.home.demo.rewards import load_rewards, redeem_some
from portal.home.demo.site import load_brand, load_home, load_texts
from portal.home.demo.society import Society, load_boards
from portal.home.demo.timeline import Timeline, add_learning
from portal.notifications.models import Delivery, Notice

Tell = Callable[[str], None]
# So many deeds are worked out between two looks for more.
MANY = 2_000


def is_loaded() -> bool:
    return Member.objects.filter(email=ACCOUNTS[0].email).exists()


def load(*, members: int, seed: int, tell: Tell) -> None:
    """Load the demo community with so many members; `seed` makes two runs alike.

    One transaction holds it all, so that a run that is broken off leaves nothing behind; what the
    deeds earn is worked out when it is committed, and what was redeemed comes after that.
    """
    bootstrap_site()
    dice = random.Random(seed)
    with transaction.atomic(), dispatching_put_off():
        staff = _live_through(members, dice, tell)
    tell("Working out what everybody earned ...")
    while dispatch_pending(limit=MANY) == MANY:
        pass
    redeem_some(dice, staff["brand_manager"])
    _settle()


def _live_through(members: int, dice: random.Random, tell: Tell) -> dict[str, Member]:
    """Everything but redemptions; returns the staff by role."""
    tell("Publishing the programme and the pages ...")
    publish(document=parse_yaml(text_of("program.yaml")), note="Kıyı")
    load_interests()
    load_boards()
    load_brand()
    pictures = Pictures()
    load_texts(load_home(pictures))
    staff = {account.role: join_account(account) for account in ACCOUNTS}
    load_rewards(pictures, staff["brand_manager"])
    people = _join_everybody(members, dice, tell)
    pages = _load_pages(pictures)
    line = _plan(people, staff, pages, dice)
    tell(f"Living through {len(line.deeds)} deeds of {len(people)} members ...")
    line.run(lambda done, total: tell(f"  {done} of {total}"))
    return staff


def _join_everybody(count: int, dice: random.Random, tell: Tell) -> dict:
    rows = read("members")["members"]
    rows = sorted(
        [*rows[:count], *invented_rows(max(0, count - len(rows)), dice)],
        key=lambda row: -row["joined_days_ago"],
    )
    tell(f"Welcoming {len(rows)} members ...")
    return {row["handle"]: (join(row, days_ago=row["joined_days_ago"]), row) for row in rows}


def _load_pages(pictures: Pictures) -> dict:
    categories = load_categories()
    return {
        "articles": load_articles(categories, pictures),
        "videos": load_videos(categories, pictures),
        "surveys": load_surveys(),
        "events": load_events(pictures),
        "challenges": load_challenges(pictures),
        "contests": load_contests(pictures),
    }


def _plan(people: dict, staff: dict, pages: dict, dice: random.Random) -> Timeline:
    line = Timeline(dice)
    members = {handle: member for handle, (member, _row) in people.items()}
    for member, row in people.values():
        add_learning(line, member, row["persona"], member.date_joined, pages)
    demo = staff["member"]
    add_learning(line, demo, "newcomer", ago(14), pages | {"surveys": []})
    society = Society(line, members, staff)
    for row in read("ideas")["ideas"]:
        if row["author"] in members:
            society.plan_idea(row)
    for row, page in pages["events"]:
        society.plan_event(row, page)
    for row, page in pages["challenges"]:
        society.plan_challenge(row, page)
    for row, page in pages["contests"]:
        society.plan_contest(row, page)
    return line


def _settle() -> None:
    """What happened long ago is neither news nor mail."""
    now = timezone.now()
    Notice.objects.filter(shown_at=None).update(shown_at=now)
    Notice.objects.filter(read_at=None, activity__occurred_at__lt=ago(3)).update(read_at=now)
    Delivery.objects.filter(state=Delivery.State.WAITING).update(state=Delivery.State.SKIPPED)
