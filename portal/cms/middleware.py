from csp.middleware import CSPMiddleware
from django.conf import settings

from portal.cms.visibility import begin_reading, end_reading


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy everywhere, and a looser one on the Wagtail admin, which needs it."""

    def process_response(self, request, response):
        if request.path.startswith("/cms/"):
            response._csp_replace = settings.CMS_CONTENT_SECURITY_POLICY
        return super().process_response(request, response)


class PageReadingMiddleware:
    """What a request asks about pages it asks once, for the reader whose session it carries."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        begin_reading(request)
        try:
            return self.get_response(request)
        finally:
            end_reading()
