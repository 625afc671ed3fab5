"""Points that wait for the member's verified address, and their release."""

from badges.models import Account, Transfer
from badges.services.books import Book
from portal.activity.models import Activity


def release_held(*, activity: Activity) -> bool:
    """Move what waited for the member's verified address into their wallet; False for nothing."""
    waiting = Account.objects.of(activity.member).filter(kind=Account.Kind.HELD, balance__gt=0)
    book = Book([activity.member_id], set(waiting.values_list("currency", flat=True)))
    for currency in book.currencies:
        purse = book.purse(activity.member_id, currency)
        amount = purse.held.balance
        transfer = Transfer(
            owner_id=activity.member_id,
            currency=currency,
            kind=Transfer.Kind.RELEASE,
            amount=amount,
            activity=activity,
            counted_at=activity.occurred_at,
        )
        book.post(transfer, [(purse.held, -amount), (purse.wallet, amount)])
    book.write()
    return bool(book.currencies)
