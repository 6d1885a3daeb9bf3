# Sourced by the other scripts, in the project's folder: run a step quietly, show what fails; say how
# a script is used.
# shellcheck shell=bash

# usage: prints the comment at the beginning of the script.
usage() { sed --quiet '2,/^set /{/^#/s/^# \{0,1\}//p}' "scripts/${0##*/}"; }

# step NAME WHAT COMMAND...: prints "WHAT ... 12 s". The command's output goes to
# build/logs/NAME.log; when it fails, the end of the log is shown and the script ends. On a
# terminal the last line of the log is shown while the command runs.
step() {
  local what=$2 started=$SECONDS log=build/logs/$1.log watcher='' status=0
  shift 2
  mkdir -p build/logs
  printf '%s ... ' "$what"
  if [[ -t 1 ]]; then
    : >"$log"
    watch_log "$what" "$log" &
    watcher=$!
  fi
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [[ -n $watcher ]]; then
    kill "$watcher" 2>/dev/null
    wait "$watcher" 2>/dev/null || true
    printf '\r\033[K%s ... ' "$what"
  fi
  if ((status != 0)); then
    printf 'FAILED after %d s\n' $((SECONDS - started))
    tail --lines=60 "$log" >&2
    printf '%s failed (exit status %d). The whole log: %s\n' "$what" "$status" "$PWD/$log" >&2
    exit "$status"
  fi
  printf '%d s\n' $((SECONDS - started))
}

watch_log() {
  local what=$1 log=$2 line
  while sleep 1; do
    line=$(tail --bytes=400 "$log" | tr '\r' '\n' | tail --lines=1 | tr -cd '[:print:]')
    printf '\r\033[K%s ... %.70s' "$what" "$line"
  done
}
