#!/bin/sh
# Cut the two typefaces down to what the portal shows: Latin and Turkish, the weights in use.
# Needs fonttools and brotli (`pip install fonttools brotli`); run after `npm ci`.
set -eu
cd "$(dirname "$0")"
out=../static/vendor/fonts
mkdir -p "$out"
# The dotless i lies in the Latin source files; the other Turkish letters in the extended ones.
latin=U+0020-007E,U+00A0-00FF,U+0131,U+2010-2015,U+2018-201E,U+2022,U+2026,U+2030,U+2039,U+203A,U+20AC,U+2122,U+2190-2193,U+2212
turkish=U+011E-011F,U+0130,U+015E-015F,U+20BA
cut() { # face, axes
    for part in latin tr; do
        source=latin; codes=$latin
        [ $part = tr ] && source=latin-ext && codes=$turkish
        file=node_modules/@fontsource-variable/$1/files/$1-$source-opsz-normal.woff2
        # shellcheck disable=SC2086
        fonttools varLib.instancer -q "$file" $2 --output "/tmp/$1-$part.ttf"
        fonttools subset "/tmp/$1-$part.ttf" --unicodes="$codes" --flavor=woff2 \
            --layout-features=kern,liga,calt,tnum,ccmp,locl,mark,mkmk,case \
            --output-file="$out/$1-$part.woff2"
        rm "/tmp/$1-$part.ttf"
    done
    cp "node_modules/@fontsource-variable/$1/LICENSE" "$out/$1-LICENSE.txt"
}
cut inter "wght=400:700 opsz=14"
cut bricolage-grotesque "wght=600:700 opsz=14:40"
