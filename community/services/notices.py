"""What the community's notices say, in the language in force when they are shown."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.models import Comment, Idea, ModerationAction, StatusChange
from community.services import telling
from portal.notifications.models import Notice
from portal.notifications.registry import Kind, NoticeText, register_category, register_kind
from portal.ui.markdown import plain_text
from portal.ui.text import excerpt

CONVERSATION = "community"
IDEAS = "ideas"
MODERATION = "moderation"
LINE = 140


def register_notices() -> None:
    """Make the community's kinds of notice known, with the groups that members switch off."""
    register_category(CONVERSATION, gettext_lazy("Comments and mentions"))
    register_category(IDEAS, gettext_lazy("What becomes of ideas"))
    register_category(MODERATION, gettext_lazy("Decisions of the moderators"))
    for code in (telling.COMMENTED, telling.ANSWERED, telling.MENTIONED):
        register_kind(Kind(code, CONVERSATION, _conversation))
    register_kind(Kind(telling.IDEA_STATUS, IDEAS, _status, email="idea_status"))
    register_kind(Kind(telling.HIDDEN, MODERATION, _hidden))
    register_kind(Kind(telling.RESTORED, MODERATION, _restored))


def _conversation(notice: "Notice") -> NoticeText:
    if "idea" in notice.payload:
        return _mentioned_in_idea(notice)
    comments = Comment.objects.standing().filter(idea__withdrawn_at=None, idea__hidden_at=None)
    comments = comments.select_related("author", "idea")
    comment = comments.filter(pk=notice.payload["comment"]).first()
    if comment is None:
        return NoticeText(_("A comment that is no longer there"), icon="message-circle")
    words = {"name": comment.author.display_name, "title": comment.idea.title}
    title = {
        telling.COMMENTED: _("%(name)s commented on your idea “%(title)s”"),
        telling.ANSWERED: _("%(name)s answered your comment on “%(title)s”"),
        telling.MENTIONED: _("%(name)s mentioned you in a comment on “%(title)s”"),
    }[notice.kind]
    return NoticeText(
        title % words,
        body=excerpt(plain_text(comment.body_html), LINE),
        url=comment.get_absolute_url(),
        icon="at" if notice.kind == telling.MENTIONED else "message-circle",
    )


def _mentioned_in_idea(notice: "Notice") -> NoticeText:
    ideas = Idea.objects.listed().select_related("author")
    idea = ideas.filter(pk=notice.payload["idea"]).first()
    if idea is None:
        return NoticeText(_("An idea that is no longer there"), icon="bulb")
    title = _("%(name)s mentioned you in the idea “%(title)s”")
    words = {"name": idea.byline, "title": idea.title}
    return NoticeText(title % words, body=idea.excerpt, url=idea.get_absolute_url(), icon="at")


def _status(notice: "Notice") -> NoticeText:
    change = _newest_of(notice)
    if change is None or not change.idea.is_open:
        return NoticeText(_("An idea that is no longer there"), icon="bulb")
    is_own = change.idea.author_id == notice.recipient_id
    words = {"title": change.idea.title, "status": change.get_to_status_display()}
    title = _("Your idea “%(title)s” is now: %(status)s")
    if not is_own:
        title = _("“%(title)s”, which you voted for, is now: %(status)s")
    return NoticeText(
        title % words,
        body=excerpt(plain_text(change.response_html), LINE),
        url=change.idea.get_absolute_url(),
        icon="bulb",
        action=_("See the idea"),
        context={
            "idea": change.idea,
            "change": change,
            "is_own": is_own,
            "answer": plain_text(change.response_html),
        },
    )


def _newest_of(notice: "Notice") -> StatusChange | None:
    """What a notice tells: the last change of the hour that it stands for."""
    changes = StatusChange.objects.select_related("idea", "by")
    change = changes.filter(pk=notice.payload["change"]).first()
    if change is None:
        return None
    until = change.changed_at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    later = changes.filter(idea=change.idea_id, pk__gt=change.pk, changed_at__lt=until)
    return later.order_by("-pk").first() or change


def _hidden(notice: "Notice") -> NoticeText:
    action = _action(notice)
    if action is None:
        return NoticeText(_("A decision about something that is no longer there"), icon="eye-off")
    hint = _("Reason: %(reason)s You can object on its page.") % {
        "reason": _sentence(action.reason)
    }
    words = {"title": _idea_of(action).title}
    title = _("A moderator hid your idea “%(title)s”")
    if action.comment:
        title = _("A moderator hid your comment on “%(title)s”")
    url = action.thing.get_absolute_url()
    return NoticeText(title % words, body=hint, url=url, icon="eye-off")


def _restored(notice: "Notice") -> NoticeText:
    action = _action(notice)
    if action is None:
        return NoticeText(_("A decision about something that is no longer there"), icon="eye")
    words = {"title": _idea_of(action).title}
    title = _("Your idea “%(title)s” is shown again")
    if action.comment:
        title = _("Your comment on “%(title)s” is shown again")
    return NoticeText(title % words, url=action.thing.get_absolute_url(), icon="eye")


def _action(notice: "Notice") -> ModerationAction | None:
    actions = ModerationAction.objects.select_related("idea", "comment__idea")
    return actions.filter(pk=notice.payload["action"]).first()


def _idea_of(action: ModerationAction) -> Idea:
    thing = action.thing
    return thing if isinstance(thing, Idea) else thing.idea


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
