// The icons in use, by their Tabler names; `{% icon "heart" %}` and `{% icon "heart-filled" %}`.
export const outline = `
  adjustments alert-triangle anchor archive arrow-back-up arrow-big-up arrow-down arrow-left arrow-right arrow-up at award
  backpack badge ban beach bell bell-off bike blockquote bolt book book-2 bookmark bulb
  binoculars coin coins calendar calendar-check calendar-event calendar-plus camera campfire chart-bar chart-line check checklist checks
  chevron-down chevron-left chevron-right chevron-up circle circle-check circle-dashed circle-x clipboard-list clock cloud compass
  confetti copy crown device-laptop device-mobile dots download droplet edit external-link eye eye-off
  file-text filter fingerprint fish flag flame gift hash heart heart-handshake help-circle history home hourglass
  id info-circle key kayak language layout-columns leaf lifebuoy link list list-check loader-2 lock lock-open login-2 logout
  mail map map-2 map-pin medal menu-2 message message-2 message-circle messages minus moon mountain news number
  mood-happy mood-smile pennant pencil photo pin player-play player-pause playlist-add plus podium progress puzzle qrcode question-mark
  refresh ripple road rocket route run sailboat search send settings share shield shield-check shield-half shirt shoe sitemap
  snowflake sparkles speakerphone stairs-up star sun sunrise sunset-2 sword swords
  needle-thread target target-arrow tag tent thumb-down thumb-up ticket tool tree trees trash trending-up trophy
  umbrella upload user user-check user-circle user-plus users users-group video walk wave-sine wind world x zoom-question
`.trim().split(/\s+/);

export const filled = "bell bookmark bolt circle-check flame heart player-play star thumb-up trophy".split(" ");
