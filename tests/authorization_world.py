"""A small community in which every address has something behind it."""

import re
from dataclasses import dataclass, field
from urllib.parse import quote
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver

from badges.services.adjusting import adjust
from community.services.comments import post_comment
from community.services.ideas import post_idea
from community.services.moderation import hide_thing
from events.models import Entry
from events.services.contests import approve_entry, enter_contest
from events.services.registrations import register_for_event as register
from portal.accounts.services.members import set_role
from portal.activity.services import dispatch_pending
from portal.api.services.keys import create_key
from portal.home.bootstrap import bootstrap_site
from portal.notifications.models import Delivery
from tests.factories import events, knowledge
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, rule, share_award
from tests.factories.rewards import bought, give_points, make_reward

STAFF = ("moderator", "editor", "brand_manager", "administrator")
# The columns of the table.
ROLES = ("visitor", "member", "other", *STAFF)
# Roles without a column of their own, and whose answers they get: who has not verified an address
# may do what others may, who was shut out is a visitor, and a program's key opens the API alone.
LIKE = {"unverified": "other", "banned": "visitor", "program": "visitor"}
EVERYBODY = (*ROLES, *LIKE)
OUTSIDE = ("visitor", "member", "unverified", "banned", "program")
OURS = ("portal", "community", "events", "badges", "knowledgebase")
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass
class World:
    """Who is there, and what stands for the variable parts of addresses, by how they begin."""

    people: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    keys: dict = field(default_factory=dict)

    def address(self, route: str) -> str:
        """The address of a route, about things that belong to `member`."""
        if isinstance(self.values.get(route), str):
            return self.values[route]
        best = max((key for key in self.values if route.startswith(key)), key=len, default="")
        values = self.values.get(best, {})
        return "/" + PLACE.sub(lambda place: quote(str(values[place[1]])), route)


def build_world() -> World:
    bootstrap_site()
    world = World()
    world.people = {role: MemberFactory(handle=role.replace("_", "-")) for role in ROLES[1:]}
    world.people["unverified"] = MemberFactory(handle="unverified", verified=False)
    world.people["banned"] = MemberFactory(handle="banned")
    for role in STAFF:
        set_role(member=world.people[role], role=role)
        world.people[role] = type(world.people[role]).objects.get(pk=world.people[role].pk)
    for fill in (_community, _events, _knowledge, _rest):
        world.values |= fill(world.people)
    scopes = ["members:read", "activities:read"]
    world.keys = {"program": create_key(name="reader", scopes=scopes)[1]}
    return world


def _community(people: dict) -> dict:
    idea = post_idea(author=people["member"], title="Bike racks", body="By the gate.")
    comment = post_comment(idea=idea, author=people["member"], body="Near the pier.")
    hidden = post_idea(author=people["member"], title="Not a good one", body="Spam.")
    decision = hide_thing(thing=hidden, moderator=people["administrator"], reason="Spam.")
    return {
        "ideas/": {"pk": idea.pk, "slug": idea.slug},
        "comments/": {"pk": comment.pk},
        "decisions/": {"pk": decision.pk},
        "cms/ideas/": {"pk": idea.pk},
    }


def _events(people: dict) -> dict:
    occasion = events.make_event()
    registration = register(occasion=occasion, member=people["member"])
    contest = events.make_contest()
    entry = enter_contest(
        contest=contest, member=people["member"], title="Fog", picture=events.picture()
    )
    waiting = {"pk": entry.pk}
    approve_entry(entry=Entry.objects.get(pk=entry.pk), staff=people["administrator"])
    return {
        "events/": {"key": occasion.key},
        "challenges/": {"key": events.make_challenge().key},
        "contests/": {"key": contest.key, "pk": entry.pk},
        "cms/take-part/events/": {"key": occasion.key},
        "cms/take-part/registrations/": {"pk": registration.pk},
        "cms/take-part/entries/": waiting,
        "cms/take-part/contests/": {"key": contest.key},
    }


def _knowledge(people: dict) -> dict:
    video, survey = knowledge.video(), knowledge.survey()
    return {
        "knowledge/": {"key": knowledge.article().translation_key},
        "knowledge/<uuid:key>/watch/": f"/knowledge/{video.translation_key}/watch/",
        "surveys/": {"key": survey.translation_key},
        "cms/surveys/": {"key": survey.translation_key, "code": "q5"},
    }


def _rest(people: dict) -> dict:
    give_points(people["member"], 100)
    dispatch_pending()
    redemption = bought(make_reward(price=10), people["member"])
    adjustment = adjust(
        member=people["member"],
        currency="points",
        amount=10_000,
        reason="prize",
        notes={"en": "For the mural."},
        by=people["administrator"],
        key=uuid4(),
    )
    ridge = badge("ridge-walker", {"count": {"verb": "import.walked"}, "at_least": 1})
    publish_program(rules=[rule()], badges=[ridge])
    credential = share_award(member=people["member"], verb="import.walked")
    shared = {"token": credential.token, "code": "ridge-walker", "number": credential.status_list}
    return {
        "credentials/": shared,
        "badges/awards/": {"pk": credential.award_id},
        "rewards/": {"pk": redemption.reward_id},
        "redemptions/": {"pk": redemption.pk},
        "cms/programme/rewards/": {"pk": redemption.reward_id},
        "cms/programme/redemptions/": {"pk": redemption.pk},
        "cms/programme/adjustments/": {"pk": adjustment.pk},
        "members/": {"handle": people["member"].handle},
        "notifications/": {"sequence": 1, "token": "forged"},
        "badges/": {"code": "no-such-badge"},
        "media/": {"path": "nothing.webp"},
        "brand.": {"digest": "0"},
        "cms/programme/": {"code": "no-such-part", "number": 1, "pk": credential.award_id},
        "cms/": {"pk": 1},
        "cms/users/": {"pk": people["member"].pk},
        "cms/api-keys/": {"pk": create_key(name="shop", scopes=["members:read"])[0].pk},
        "api/": {"handle": people["member"].handle, "rest": "nothing"},
        "cms/mails/failed/": {"pk": Delivery.objects.order_by("pk").first().pk},
        "documents/": {"restriction_id": 1, "pk": 1, "filename": "nothing.pdf"},
        "_util/": {"page_view_restriction_id": 1, "page_id": 1},
        "accounts/2fa/": {"pk": 1},
        r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": "/accounts/confirm-email/forged/",
        r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": (
            "/accounts/password/reset/key/1-forged/"
        ),
        r"^((?:[\w\-]+/)*)$": "/knowledge/",
    }


def routes() -> list[tuple[str, bool]]:
    """Every route in the order of the resolver, and whether its view is the product's own."""
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list, before: str):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback.__module__.split(".")[0] in OURS
