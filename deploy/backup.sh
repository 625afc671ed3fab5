#!/usr/bin/env bash
# A backup of the database and the files into FOLDER/<moment>, and whether one is whole.
#
#   deploy/backup.sh FOLDER            make one, drop those older than KEEP_DAYS (14)
#   deploy/backup.sh --check BACKUP    exit with 1 unless it is whole and can be read
#
# The portal goes on serving. DATABASE_URL and VAR_DIR are those of the portal; without
# DATABASE_URL it is the SQLite file in VAR_DIR. How to restore: docs/operations.md.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
var=${VAR_DIR:-$here/var}
python=${PYTHON:-$here/.venv/bin/python}
[ -x "$python" ] || python=python3

sqlite() { # sqlite FILE COPY: copy a database that is in use; with one name, look it through
    "$python" - "$@" <<'END'
import sqlite3
import sys

source = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
if len(sys.argv) == 2:
    found = [row[0] for row in source.execute("PRAGMA integrity_check")]
    sys.exit(0 if found == ["ok"] else f"{sys.argv[1]}: {found[0]}")
target = sqlite3.connect(sys.argv[2])
source.backup(target, pages=4096, sleep=0)
target.execute("PRAGMA journal_mode=DELETE")
target.close()
END
}

check() {
    local backup=$1
    (cd "$backup" && sha256sum --check --quiet --strict SHA256SUMS)
    if [ -f "$backup/database.dump" ]; then pg_restore --file=/dev/null "$backup/database.dump"; fi
    if [ -f "$backup/portal.sqlite3" ]; then sqlite "$backup/portal.sqlite3"; fi
    if [ -f "$backup/media.tar" ]; then tar -tf "$backup/media.tar" >/dev/null; fi
}

make() {
    local target part
    target=$1/$(date -u +%Y%m%dT%H%M%SZ)
    part=$target.part
    umask 077
    rm -rf "$1"/*.part
    mkdir -p "$part"
    case ${DATABASE_URL:-} in
        postgres*) pg_dump --format=custom --file="$part/database.dump" "$DATABASE_URL" ;;
        sqlite*) sqlite "${DATABASE_URL#sqlite:///}" "$part/portal.sqlite3" ;;
        *) sqlite "$var/portal.sqlite3" "$part/portal.sqlite3" ;;
    esac
    if [ -d "$var/media" ]; then tar -C "$var" -cf "$part/media.tar" media; fi
    (cd "$part" && sha256sum -- * >SHA256SUMS)
    check "$part"
    sync
    mv "$part" "$target"
    find "$1" -mindepth 1 -maxdepth 1 -type d -name '20*Z' -mtime "+${KEEP_DAYS:-14}" -exec rm -rf {} +
    echo "$target"
}

case ${1:-} in
    --check) check "${2:?which backup?}" ;;
    "" | -*) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;;
    *) make "$1" ;;
esac
