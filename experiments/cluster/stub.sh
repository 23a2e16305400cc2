#!/bin/bash
# Stands in for augment-cli in trials of cluster scripts: it keeps the contract of shards, makes an empty file for each,
# and notes in OUTPUT/.augment/runs what it has done. TRIAL says what shall happen:
#   again     each range ends with 75 at first      full     with 75 always
#   outcast   with 78 on the node TRIAL_NODE        usage    with 64
#   bad       with 1, made                          slow     makes a shard in TRIAL_SECONDS, stops at SIGTERM
set -u

note() { echo "$*" >> "$output/.augment/runs"; }

plan() { # JOB INPUT OUTPUT --shards N
  output=$3
  mkdir -p "$output/.augment/shards" && echo "$5" > "$output/.augment/count"
}

finalize() { # OUTPUT
  output=$1
  local missing=()
  for ((i = 0; i < $(< "$output/.augment/count"); i++)); do
    [ -e "$output/.augment/shards/$i" ] || missing+=("$i")
  done
  note "finalize ${#missing[@]}"
  [ ${#missing[@]} -eq 0 ] || { echo "missing: ${missing[*]}" >&2; exit 75; }
}

shards() { # JOB INPUT OUTPUT … --shard A-B/N
  output=$3
  local range=${*: -1} node=${SLURMD_NODENAME:-$(hostname)}
  local first=${range%%[-/]*} last=${range%/*}
  [ "${*: -2:1}" = --shard ] && [ "${range#*/}" = "$(< "$output/.augment/count")" ] || exit 64
  note "run $range $node"
  case ${TRIAL:-} in
    again) mkdir "$output/.augment/again-$first" 2> /dev/null && exit 75 ;;
    full) exit 75 ;;
    outcast) [ "$node" != "$TRIAL_NODE" ] || exit 78 ;;
    usage) exit 64 ;;
  esac
  for ((i = first; i <= ${last##*-}; i++)); do
    [ ! -e "$output/.augment/shards/$i" ] || continue
    [ "${TRIAL:-}" != slow ] || { sleep "$TRIAL_SECONDS" & wait $!; }
    : > "$output/.augment/shards/$i"
    note "made $i $node"
  done
  [ "${TRIAL:-}" != bad ] || exit 1
}

trap 'kill $(jobs -p) 2> /dev/null; note "stopped $$"; exit 143' TERM
case $1 in
  plan | finalize) "$@" ;;
  *) shards "$@" ;;
esac
