from portal.notifications.models import Delivery
from portal.notifications.services import notify
from tests.factories.members import MemberFactory
from tests.factories.staff import staff_with

State = Delivery.State
PAGE = "/cms/mails/failed/"


def test_failed_mail_is_shown_with_its_reason_and_sent_again(commits, client, register, mailoutbox):
    register("sample.mailed", email="notice")
    notify(recipient=MemberFactory(name="Işıl"), kind="sample.mailed")
    Delivery.objects.update(state=State.FAILED, error="nobody answers")
    client.force_login(staff_with("notifications.resend_delivery"))

    shown = client.get(PAGE).content.decode()
    client.post(f"{PAGE}{Delivery.objects.get().pk}/")
    again = client.post(f"{PAGE}{Delivery.objects.get().pk}/", follow=True)

    assert ["Işıl" in shown, "nobody answers" in shown] == [True, True]
    assert Delivery.objects.get().state == State.SENT
    assert len(mailoutbox) == 2
    assert "taken care of already" in again.content.decode()
    assert "No mail has failed." in again.content.decode()


def test_other_staff_neither_see_nor_resend(commits, client):
    client.force_login(staff_with())

    assert client.get(PAGE).status_code in (302, 403)
    assert client.post(f"{PAGE}1/").status_code in (302, 403)
    assert PAGE not in client.get("/cms/").content.decode()
