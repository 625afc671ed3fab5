"""What the programme costs a comment over HTTP: its rate with ten rules beside that with none."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from served import Browser, Process, free_port, wait_for
from stage import make_members, publish_rules

from community.models import Comment, Idea

CLIENTS, IDEAS = 4, 40
MATCHING = {"wrote": "community.comment_posted"}
OTHERS = {f"other-{n}": f"import.other_{n}" for n in range(9)}


def comment_rates(rounds: int, seconds: float) -> list[dict]:
    """Comments a second of four members, with no rule and with ten of which one matches."""
    author, *members = make_members(CLIENTS + 1, stem="commenter")
    ideas = [Idea(title=f"Idea {n}", author=author) for n in range(IDEAS)]
    keys = [idea.pk for idea in Idea.objects.bulk_create(ideas)]
    port = free_port()
    web = Process("serve", "--port", str(port))
    rates: dict[str, list[float]] = {"no rule": [], "ten rules, one matches": []}
    try:
        wait_for(port)
        browsers = [Browser(member, port) for member in members]
        posted(browsers, keys, seconds / 2)
        for _round in range(rounds):
            for name, found in rates.items():
                publish_rules(**({} if name == "no rule" else MATCHING | OTHERS))
                found.append(posted(browsers, keys, seconds))
    finally:
        web.kill()
    middle = {name: statistics.median(found) for name, found in rates.items()}
    rows: list[dict] = [
        {"what": f"comments over HTTP, {name}", "per second": rate, "lowest": min(rates[name])}
        for name, rate in middle.items()
    ]
    rows[1]["share"], rows[1]["of"] = (
        middle["ten rules, one matches"] / middle["no rule"],
        "no rule",
    )
    return rows


def posted(browsers: list[Browser], ideas: list[int], seconds: float) -> float:
    """How many comments a second were stored."""
    before, end = Comment.objects.count(), time.monotonic() + seconds
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda one: write_until(end, one, ideas), browsers))
    return (Comment.objects.count() - before) / seconds


def write_until(end: float, browser: Browser, ideas: list[int]) -> None:
    number = 0
    while time.monotonic() < end:
        number += 1
        body = urlencode({"body": f"Good for number {number}."})
        status = browser.post(f"/ideas/{ideas[number % len(ideas)]}/comment/", body)
        if status != 302:
            raise SystemExit(f"a comment was answered with {status}")
