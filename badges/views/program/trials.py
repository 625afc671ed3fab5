"""What a rule on trial would have paid."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from badges.models import ProgramVersion, Refusal
from badges.program.details import rule_in_full
from badges.program.sentences import rule_name
from badges.services.labels import amount_text
from badges.services.trials import trial_of
from badges.views.program.pages import manages_program, page
from portal.activity.registry import verb_label

MOST_DAYS = 14


@require_GET
@manages_program
def rule_trial(request: HttpRequest, code: str) -> HttpResponse:
    trial = trial_of(code)
    if trial is None:
        raise Http404
    _pk, program = ProgramVersion.objects.current()
    report = trial.report
    reasons = dict(Refusal.Reason.choices)
    days = sorted(report.by_day.items(), reverse=True)[:MOST_DAYS]
    return page(
        request,
        "rule_trial.html",
        title=_("On trial: %(name)s") % {"name": rule_name(trial.rule, verb_label)},
        trail=[(_("Rules"), "programme:rule_list")],
        icon="view",
        trial=trial,
        sentence=rule_in_full(trial.rule, program, verb_label),
        amounts=[amount_text(n, currency, program) for currency, n in report.amounts.items()],
        times=report.times[code],
        members=len(report.members),
        refused=[(reasons[why], n) for (_code, why), n in sorted(report.refused.items())],
        days=[(day, amount_text(n, currency, program)) for (day, currency), n in days],
        budget_end=report.budget_ends.get(code),
    )
