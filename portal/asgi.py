"""HTTP and WebSocket in one application."""

import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")
http = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.db import connections  # noqa: E402
from django.urls import path, re_path  # noqa: E402

from portal.accounts.sockets import SecondFactorMiddleware  # noqa: E402
from portal.bodies import BodyGuard  # noqa: E402
from portal.notifications.consumers import NoticesConsumer, NowhereConsumer  # noqa: E402
from portal.serving import Lifespan  # noqa: E402
from portal.ui.proxies import TrustedProxies  # noqa: E402

# Requests come on threads of their own, which end with them: a connection that one of them kept
# would stay open, used by nobody, until garbage is collected.
connections.settings["default"]["CONN_MAX_AGE"] = 0
# Who serves finds a database, and begins none.
connections.settings["default"]["MUST_EXIST"] = str(connections.settings["default"]["NAME"])
# Static files and videos are read by plain iterators; under ASGI Django collects them in a thread.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")

sockets = URLRouter(
    [
        path("ws/", NoticesConsumer.as_asgi()),
        re_path("", NowhereConsumer.as_asgi()),
    ]
)
application = ProtocolTypeRouter(
    {
        "http": BodyGuard(http),
        "websocket": TrustedProxies(
            AllowedHostsOriginValidator(AuthMiddlewareStack(SecondFactorMiddleware(sockets)))
        ),
        "lifespan": Lifespan(),
    }
)
