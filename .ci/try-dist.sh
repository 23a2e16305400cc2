#!/bin/bash
# Tries the archive of `make dist` in a bare Debian, which has neither Swift nor a compiler nor the libraries: every step
# must give the bytes of the normal build, or the sentence that says what to install. Needs root, debootstrap and a
# network; says so otherwise. SUITE names another Debian than that of the archive, MIRROR another server than usual.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C

suite=${SUITE:-bookworm}
normal=$PWD/.build/release/augment-cli
archive=$(ls -t dist/augment-cli-*.tar.gz 2>/dev/null | head -1 || true)
test -n "$archive" || { echo "There is no archive: run make dist." >&2; exit 1; }

not_tried() {
  echo "Not tried: $1"
  exit 0
}
test "$(id -u)" = 0 || not_tried "a chroot needs root."
command -v debootstrap >/dev/null || not_tried "install debootstrap."
unshare --mount --pid --fork true 2>/dev/null || not_tried "this machine permits no namespaces."

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
root=$work/root
echo "Making a bare Debian ($suite)"
debootstrap --variant=minbase "$suite" "$root" ${MIRROR:+"$MIRROR"} >"$work/log" 2>&1 ||
  not_tried "no Debian can be had: $(tail -1 "$work/log")"

tar -C "$root/opt" -xzf "$archive"
ln -s "/opt/$(basename "$archive" .tar.gz)/bin/augment-cli" "$root/usr/local/bin/augment-cli"
mkdir "$work/normal" "$root/try"

# Its processes and its /proc end with the command.
inside() {
  unshare --mount --pid --fork --mount-proc="$root/proc" chroot "$root" /usr/bin/env -i PATH=/usr/local/bin:/usr/bin:/bin \
    sh -c "cd /try && $1"
}

failures=0
pass() { echo "ok      $1"; }
fail() {
  echo "FAILED  $1"
  failures=$((failures + 1))
}

# step WORDS...: the archive and the normal build write the same files. The record of a run has times and is left out.
step() {
  if ! inside "augment-cli $*" >"$work/log" 2>&1; then
    fail "$*: $(tail -1 "$work/log")"
  elif ! (cd "$work/normal" && "$normal" "$@") >"$work/log" 2>&1; then
    fail "$*, with the normal build: $(tail -1 "$work/log")"
  elif ! diff -r --exclude=.augment "$root/try" "$work/normal" >"$work/log"; then
    fail "$*: other bytes: $(head -1 "$work/log")"
  else
    pass "$*"
  fi
}

# refusal SENTENCE COMMAND: it fails with the sentence.
refusal() {
  if inside "$2" >"$work/log" 2>&1; then
    fail "$2: succeeded"
  elif grep -q "$1" "$work/log"; then
    pass "$2: $(tail -1 "$work/log")"
  else
    fail "$2: $(tail -1 "$work/log")"
  fi
}

for missing in swift cc gcc clang python3; do
  ! inside "command -v $missing" >/dev/null || fail "the bare Debian has $missing"
done
if inside 'augment-cli --version' >"$work/log"; then pass "$(cat "$work/log")"; else fail "--version"; fi

cat >"$work/holes.yaml" <<'YAML'
transform:
  __class_fullname__: Compose
  transforms:
    - {__class_fullname__: CoarseDropout, fill: inpaint_telea, p: 1}
    - {__class_fullname__: Perspective, p: 1}
YAML
cp "$work/holes.yaml" "$root/try/"
cp "$work/holes.yaml" "$work/normal/"

step generate images --images 6 --pattern thermal --labels voc
step generate scenes --images 4
step augment images augmented --copies 4
step augment scenes tiff --copies 1 --format tiff
step augment tiff from-tiff --copies 2 --format png
step augment scenes webp --format webp --ranks 2
step augment images holes --pipeline holes.yaml
step anonymize images hidden --regions images --method pixelate
step prepare scenes prepared --size 320x320 --fit contain
step quantize scenes colors --colors 16
step augment scenes augmented-scenes
step contact-sheet scenes augmented-scenes sheet.png
step plan augment scenes packed --tar --shards 2
step augment scenes packed --tar --shard 0-1/2
step finalize packed
tar="augment-cli augment packed/000/00000.tar again.tar --tar"
download="augment-cli ingest file:///try/scenes/scene_{n:04}.jpg downloaded --allow-file-urls"
watermark="augment-cli prepare scenes marked --watermark Text"
refusal libpangocairo-1.0-0 "$watermark"
refusal libcurl4 "$download"
refusal libarchive13 "$tar"

# The driver of a cluster, by a Python that only says where it would look for modules.
modules=/opt/$(basename "$archive" .tar.gz)/share/augment-cluster
if [ -d "$root$modules" ]; then
  printf '#!/bin/sh\necho "$PYTHONPATH"\n' >"$root/try/python"
  chmod +x "$root/try/python"
  inside "AUGMENT_CLUSTER_PYTHON=/try/python augment-cli augment scenes shards --shards 2 --cluster local" >"$work/log" 2>&1 || true
  if grep -qx "$modules" "$work/log"; then pass "--cluster: $modules"; else fail "--cluster: $(tail -1 "$work/log")"; fi
fi

echo "Installing libcurl, libarchive, Pango and a font there"
packages="libcurl4 libarchive13 libpangocairo-1.0-0 fonts-dejavu-core"
if inside "apt-get update && apt-get install -y --no-install-recommends $packages" </dev/null >"$work/log" 2>&1; then
  # With the system's libraries beside those of the archive. Their pixels are not compared: they follow from the fonts.
  for command in "$watermark" "$download" "$tar"; do
    if inside "$command" >"$work/log" 2>&1; then pass "$command"; else fail "$command: $(tail -1 "$work/log")"; fi
  done
else
  echo "Not tried with them: $(tail -1 "$work/log")"
fi

test "$failures" = 0 || { echo "$failures failed"; exit 1; }
