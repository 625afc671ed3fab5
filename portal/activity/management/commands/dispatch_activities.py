from typing import Any

from django.core.management.base import BaseCommand

from portal.activity.models import Activity
from portal.activity.services import dispatch_pending


class Command(BaseCommand):
    help = "Send on activities that a crash or a failing consumer left unsent."

    def handle(self, *args: Any, **options: Any) -> None:
        tried = 0
        while (pending := Activity.objects.undispatched().count()) and dispatch_pending():
            tried += pending
            if Activity.objects.undispatched().count() >= pending:
                break
        left = Activity.objects.undispatched().count()
        self.stdout.write(f"{tried - left} sent, {left} left")
        if left:
            raise SystemExit(1)
