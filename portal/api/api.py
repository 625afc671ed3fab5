"""The API's first version, put together."""

from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from portal.accounts.services.lines import parse_json
from portal.api.document import INTRODUCTION, Api
from portal.api.problems import ProblemError, from_error, from_http_error, from_validation
from portal.api.views import activities, members


class StrictParser(Parser):
    """JSON in UTF-8, with no NaN; a name given twice is told from one given once."""

    def parse_body(self, request):
        return parse_json(request.body.decode())


api = Api(
    title="Meydan",
    version="1",
    description=INTRODUCTION,
    docs_url=None,
    urls_namespace="api",
    parser=StrictParser(),
)
api.add_router("", activities.router)
api.add_router("", members.router)
api.add_exception_handler(ProblemError, from_error)
api.add_exception_handler(HttpError, from_http_error)
api.add_exception_handler(ValidationError, from_validation)
