"""What happens in the economy itself: causes of transfers that no rule pays."""

from django.utils.translation import gettext_lazy as _

POINTS_ADJUSTED = "badges.points_adjusted"
REWARD_REDEEMED = "badges.reward_redeemed"
LOT_EXPIRED = "badges.lot_expired"
HOLD_ENDED = "badges.hold_ended"
APPLICATION_UNDONE = "badges.application_undone"

VERBS = {
    POINTS_ADJUSTED: _("Points adjusted"),
    REWARD_REDEEMED: _("Reward redeemed"),
    LOT_EXPIRED: _("Points expired"),
    HOLD_ENDED: _("Held points released"),
    APPLICATION_UNDONE: _("Points for the past taken back"),
}
