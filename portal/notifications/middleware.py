class LiveNoticesMiddleware:
    """Adds the notices that a request caused to its own htmx answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)
