"""What amounts of a currency cost in money: exact decimals, rounded only where they are shown."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.formats import number_format

from badges.program.schema import Program, Worth

SIGNS = {"TRY": "₺", "EUR": "€", "USD": "$", "GBP": "£"}
# Digits after the point where they are not two (ISO 4217).
DIGITS = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "VND": 0, "BHD": 3, "JOD": 3, "KWD": 3, "TND": 3}
Sums = dict[str, Decimal]


def cost_of(amounts: Iterable[tuple[str, int]], program: Program) -> Sums:
    """What (currency code, amount) pairs come to, by money; exact.

    Currencies without a worth cost nothing and are left out.
    """
    sums: Sums = {}
    for code, amount in amounts:
        currency = program.currencies.get(code)
        if currency and currency.worth:
            worth = currency.worth
            known = sums.get(worth.currency, Decimal(0))
            sums[worth.currency] = known + worth.exact * amount
    return sums


def rounded(amount: Decimal, code: str) -> Decimal:
    """To the money's smallest coin, halves to the even one."""
    coin = Decimal(1).scaleb(-DIGITS.get(code, 2))
    return amount.quantize(coin, rounding=ROUND_HALF_EVEN)


def money_text(amount: Decimal, code: str) -> str:
    """`1,240.50 ₺`, as the language in force writes numbers."""
    digits = DIGITS.get(code, 2)
    number = number_format(rounded(amount, code), decimal_pos=digits, force_grouping=True)
    return f"{number} {SIGNS.get(code, code)}"


def sums_text(sums: Sums) -> str:
    """Every money of a sum; empty where nothing has a worth."""
    return " + ".join(money_text(amount, code) for code, amount in sorted(sums.items()))


def worth_text(worth: Worth) -> str:
    """What one unit is worth, with every digit that was given: `0.005 ₺`."""
    given = -int(worth.exact.as_tuple().exponent)
    digits = max(DIGITS.get(worth.currency, 2), given)
    sign = SIGNS.get(worth.currency, worth.currency)
    return f"{number_format(worth.exact, decimal_pos=digits, force_grouping=True)} {sign}"
