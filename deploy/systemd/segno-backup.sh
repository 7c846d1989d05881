#!/usr/bin/env bash
# Copies Segno's store while the node works, and checks the copy: segno-backup.sh DATA_DIR BACKUP_DIR
# Seven copies are kept, one for each day of the week. Needs sqlite3.
set -euo pipefail

data="$1"
backups="$2"
day="$(date +%a)"
copy="$backups/$day.part"

mkdir -p "$copy"
rm -f "$copy/segno.db"
# One transaction that reads: the copy is the store as it was at one moment, and writers do not wait for it.
sqlite3 "$data/segno.db" "VACUUM INTO '$copy/segno.db'"
if [ "$(sqlite3 "$copy/segno.db" 'PRAGMA integrity_check')" != ok ]; then
  echo "segno-backup: the copy $copy/segno.db is damaged; the copy of a week ago is still there" >&2
  exit 1
fi
# Tokens of waits that were given away, and values under seal, are good only with the secret behind them.
for secret in signal.secret seal.secret; do
  rm -f "$copy/$secret"
  if [ -f "$data/$secret" ]; then
    cp -p "$data/$secret" "$copy/"
  fi
done
rm -rf "${backups:?}/$day"
mv "$copy" "$backups/$day"
echo "segno-backup: $backups/$day"
