"""A Redis of the tests' own is killed, frozen and brought back."""

import re
import time
from pathlib import Path

import pytest
from django.core.cache import cache, caches
from django.db import connection

from portal.accounts.models import Member
from portal.resilience import kept
from portal.resilience.redis import redis_client, redis_part
from portal.ui.limits import hit
from tests.factories.members import MemberFactory
from tests.races import needs_postgresql, race
from tests.servers import OwnRedis, has_redis, own_redis, wait_until

pytestmark = pytest.mark.skipif(not has_redis(), reason="redis-server is not installed")
ROOT = Path(__file__).resolve().parents[3]
BACKEND = "portal.resilience.cache.PatientRedisCache"


@pytest.fixture(scope="module")
def server():
    with own_redis() as one:
        yield one


@pytest.fixture
def redis(server, settings):
    """The server as the portal's Redis; whatever a test did to it, the next finds it well."""
    settings.REDIS_URL = server.url
    settings.CACHES = {"default": {"BACKEND": BACKEND, "LOCATION": server.url}}
    yield server
    server.thaw()
    if server.process.poll() is not None:
        server.start()
    wait_until(lambda: not redis_part(server.url).is_away)
    cache.clear()


def test_cache_keeps_and_counts_as_long_as_redis_is_there(redis):
    cache.set("word", {"a": 1}, 60)

    assert cache.get("word") == {"a": 1}
    assert (cache.add("count", 0, 60), cache.add("count", 0, 60)) == (True, False)
    assert cache.incr("count", 2) == 2
    assert cache.get_many(["word", "nothing"]) == {"word": {"a": 1}}
    assert (cache.touch("word", 90), cache.delete("word"), cache.has_key("word")) == (
        True,
        True,
        False,
    )


def everything(one) -> list:
    """What each method of a cache says."""
    one.set("word", 1, 60)
    one.set_many({"a": 1}, 60)
    one.delete_many(["a"])
    with pytest.raises(ValueError):
        one.incr("word")
    return [
        one.get("word", "none"),
        one.get_or_set("word", lambda: 7, 60),
        one.add("word", 1, 60),
        one.touch("word", 60),
        one.delete("word"),
        one.has_key("word"),
        one.get_many(["word"]),
    ]


@pytest.mark.parametrize("fault", [OwnRedis.kill, OwnRedis.freeze])
def test_cache_without_redis_knows_nothing_and_fails_never(redis, fault):
    fault(redis)

    assert everything(caches["default"]) == ["none", 7, True, False, False, False, {}]


def test_frozen_redis_costs_a_process_one_short_wait(redis):
    redis.freeze()
    begun = time.monotonic()
    for number in range(2_000):
        cache.get(f"page:{number}")

    assert time.monotonic() - begun < 2


def test_redis_that_is_back_is_used_again(redis):
    redis.freeze()
    cache.set("word", 1, 60)
    assert redis_part(redis.url).is_away

    redis.thaw()

    assert wait_until(lambda: not redis_part(redis.url).is_away) < 5
    cache.set("word", 2, 60)
    assert redis_client(redis.url).exists(cache.make_key("word"))


def test_cache_does_not_hide_what_the_caller_did_wrong(redis):
    cache.set("word", "text", 60)

    with pytest.raises(Exception, match="not an integer"):
        cache.incr("word")
    assert not redis_part(redis.url).is_away


def test_full_redis_is_away_for_what_is_written(redis):
    client = redis_client(redis.url)
    client.config_set("maxmemory", 1)
    client.config_set("maxmemory-policy", "noeviction")
    try:
        cache.set("word", "text", 60)
        assert redis_part(redis.url).is_away
    finally:
        client.config_set("maxmemory", 0)


@pytest.mark.django_db
def test_limits_are_counted_in_the_database_without_redis(redis, settings):
    settings.RATE_LIMITS = True
    redis.kill()

    assert [hit("vote", "a", 2, 3600) for _ in range(4)] == [True, True, False, False]
    assert hit("vote", "b", 2, 3600)


@pytest.mark.django_db
def test_what_was_kept_ends_and_is_pruned(redis):
    redis.kill()
    cache.add("limit:x", 0, 0.05)
    cache.set("limit:y", 1, 60)
    time.sleep(0.06)

    assert cache.get("limit:x") is None
    assert cache.add("limit:x", 5, 0.05)
    time.sleep(0.06)
    kept.prune()
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM resilience_kept")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db
def test_what_was_kept_can_be_touched_and_deleted(redis):
    redis.kill()
    cache.set("allauth:rl:x", [1.5, 2.5], 60)

    assert cache.get("allauth:rl:x") == [1.5, 2.5]
    assert (cache.touch("allauth:rl:x", 90), cache.has_key("allauth:rl:x")) == (True, True)
    assert (cache.delete("allauth:rl:x"), cache.get("allauth:rl:x")) == (True, None)
    with pytest.raises(ValueError):
        cache.incr("limit:none")


CROWD = 64


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_limit_holds_in_a_crowd_without_redis(redis, settings):
    settings.RATE_LIMITS = True
    redis.kill()
    cache.get("away")
    passed = []

    faults = race([lambda: passed.append(hit("race", "a", 10, 86_400))] * CROWD)

    assert faults == []
    assert (len(passed), sum(passed)) == (CROWD, 10)


@needs_postgresql
@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_limit_that_reads_before_it_writes_does_not_hold(redis, settings, monkeypatch):
    settings.RATE_LIMITS = True
    redis.kill()
    cache.get("away")
    passed = []

    def read_then_write(key, delta):
        count = kept.get(key, 0) + delta
        kept.set(key, count, 86_400)
        return count

    monkeypatch.setattr(kept, "incr", read_then_write)
    race([lambda: passed.append(hit("race", "a", 10, 86_400))] * CROWD)

    assert sum(passed) > 10


def log_in(client, password):
    return client.post("/accounts/login/", {"login": "bora@example.com", "password": password})


@pytest.mark.django_db(transaction=True)
def test_guesses_of_a_password_are_limited_without_redis(redis, settings, client):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/5m/key"}
    member = MemberFactory(email="bora@example.com")
    member.set_password("meydan-demo")
    member.save()
    redis.kill()

    guesses = [log_in(client, "wrong-word").status_code for _ in range(3)]
    answer = log_in(client, "meydan-demo")

    assert guesses == [200, 200, 200]
    assert "Too many failed login attempts" in answer.content.decode()
    assert not Member.objects.filter(last_login__isnull=False).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [OwnRedis.kill, OwnRedis.freeze])
def test_readiness_names_the_cache_that_is_down_and_goes_on(redis, client, fault):
    fault(redis)

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "degraded", "database": "ok", "cache": "down", "files": "ok"}


def test_everything_that_asks_redis_is_patient():
    """Who makes a client of their own waits for a Redis that does not answer."""
    packages = ("portal", "community", "events", "badges", "knowledgebase")
    sources = [path for one in packages for path in (ROOT / one).rglob("*.py")]
    makers = {
        str(path.relative_to(ROOT))
        for path in sources
        if re.search(r"\bfrom_url\(|RedisCache\"|\bRedis\(", path.read_text(encoding="utf-8"))
    }

    # The subscriber has a task of its own, in which nobody waits.
    assert makers == {
        "portal/notifications/wake.py",
        "portal/resilience/redis.py",
        "portal/settings/base.py",
    }
    assert "cache.backends.redis" not in (ROOT / "portal/settings/base.py").read_text()
