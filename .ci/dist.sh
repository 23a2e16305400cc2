#!/bin/bash
# Packs what `make dist` has built as dist/augment-cli-VERSION-MACHINE-linux.tar.gz, with the libraries it needs. The same
# program and libraries give the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C

program=.build/dist/release/augment-cli
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
version=$("$program" --version | cut -d' ' -f2)
name=augment-cli-$version-$(uname -m)-linux
stage=.build/dist/pack/$name
libraries=/usr/lib/$(uname -m)-linux-gnu

# Loaded by `dlopen`, for some images only: on a node of a cluster that lacked them, images would fail that others read.
# libcurl, Pango and libarchive stay the system's. The first two bring 33 and 40 others, certificates and fonts, and want
# its security updates; the last brings ICU, which is larger than the program. Without them a run ends before it begins,
# with a sentence.
loaded=("$libraries/libtiff.so.6" "$libraries"/libopencv_photo.so.[0-9][0-9][0-9])

rm -rf .build/dist/pack
mkdir -p "$stage"/{bin,lib,share/doc} dist
strip -o "$stage/bin/augment-cli" "$program"

# "NAME PATH" of each shared library, of all levels. Of the linear algebra libraries that a system may have, the plain
# ones: OpenBLAS is five times as large and starts a thread per core. OpenCV calls them for matrices of 25 rows and more.
found=$(LD_LIBRARY_PATH=$libraries/lapack:$libraries/blas ldd "$program" "${loaded[@]}")
if grep 'not found' <<<"$found" >&2; then exit 1; fi
list=$(awk '$2 == "=>" && $3 ~ "^/" { print $1, $3 }' <<<"$found"; printf '%s\n' "${loaded[@]}" | sed 's,.*/\(.*\),\1 &,')

# The Debian package of each file, which may be listed by its path before /lib became a link to /usr/lib.
declare -A package_of
collect_packages() {
  local path package
  while IFS=' ' read -r package path; do package_of[/usr${path#/usr}]=${package%%:*}; done < <(
    for path in "$@"; do printf '%s\n%s\n' "/usr${path#/usr}" "${path#/usr}"; done | xargs dpkg-query -S 2>/dev/null)
}

# The licence of a package, as Debian tells it.
licence() {
  mkdir -p "$stage/share/doc/$1"
  cp -L "/usr/share/doc/$1/copyright" "$stage/share/doc/$1/copyright"
  dpkg-query -W -f '${Package} ${Version} of source ${source:Package} ${source:Version}\n' "$1" >>"$stage/share/doc/PACKAGES"
}

mapfile -t paths < <(cut -d' ' -f2 <<<"$list" | xargs readlink -f)
collect_packages "${paths[@]}"
while read -r soname path; do
  path=$(readlink -f "$path")
  package=${package_of[/usr${path#/usr}]:-}
  test -n "$package" || { echo "$path belongs to no package" >&2; exit 1; }
  # glibc and its loader must fit each other, so both are the system's.
  test "$package" != libc6 || continue
  install -m 644 "$path" "$stage/lib/$soname"
  test -d "$stage/share/doc/$package" || licence "$package"
done < <(sort -u <<<"$list")
# Headers whose code is in the program.
for package in rapidjson-dev libxxhash-dev libhwy-dev; do licence "$package"; done
sort -o "$stage/share/doc/PACKAGES" "$stage/share/doc/PACKAGES"

# The texts that those copyright files only name.
mkdir "$stage/share/doc/common-licenses"
grep -rhoE '/usr/share/common-licenses/[A-Za-z]+(-[0-9.]*[0-9])?' "$stage/share/doc" | sort -u |
  while read -r text; do test ! -f "$text" || cp -L "$text" "$stage/share/doc/common-licenses/"; done

# The Swift runtime and packages, which are in the program.
swift=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
install -D -m 644 "$swift/share/swift/LICENSE.txt" "$stage/share/doc/swift/LICENSE.txt"
for package in .build/dist/checkouts/*; do
  install -D -m 644 "$package/LICENSE.txt" "$stage/share/doc/$(basename "$package")/LICENSE.txt"
done

install -m 644 LICENSE "$stage/LICENSE"
if [ -d Cluster ]; then
  cp -r Cluster "$stage/share/augment-cluster"
  rm -rf "$stage/share/augment-cluster/tests"
  find "$stage/share/augment-cluster" -name __pycache__ -prune -exec rm -rf {} +
fi

glibc=$(objdump -T "$stage"/bin/* "$stage"/lib/* 2>/dev/null | grep -o 'GLIBC_2\.[0-9]*' | sort -Vu | tail -1 | cut -d_ -f2)
sed -e "s/@VERSION@/$version/" -e "s/@GLIBC@/$glibc/" .ci/dist-readme.txt >"$stage/README"

# What the packed program loads must be in the archive or in glibc.
outside=$(ldd "$stage/bin/augment-cli" | awk '$2 == "=>" && $3 ~ "^/" { print $3 }' | grep -v "/pack/$name/" || true)
for path in $outside; do
  path=$(readlink -f "$path")
  test "${package_of[/usr${path#/usr}]:-}" = libc6 || { echo "not in the archive: $path" >&2; exit 1; }
done

tar -C .build/dist/pack --format=ustar --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner \
  --mode='u+rw,go=rX' -cf - "$name" | gzip -9n >"dist/$name.tar.gz.part"
mv "dist/$name.tar.gz.part" "dist/$name.tar.gz"
echo "dist/$name.tar.gz: $(du -h "dist/$name.tar.gz" | cut -f1), unpacked $(du -sh "$stage" | cut -f1), glibc $glibc or newer"
