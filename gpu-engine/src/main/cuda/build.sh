#!/usr/bin/env bash
# Compiles the kernels into the module that the jar carries, with nvcc of CUDA 13:
#
#   build.sh RESOURCE_FOLDER [ARCHITECTURE...]      default: every architecture we ship
#
# Writes flashlloyd.fatbin, kernels.txt (architecture and symbol of each entry point) and
# sources.sha256 (of the sources it was built from; a test compares it with the sources).
# A spill in a screen kernel, or a wgmma that ptxas serializes (C7510, C7514), fails the build.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$1
shift
architectures=("$@")
[ ${#architectures[@]} -gt 0 ] || architectures=(75 80 86 89 90a 100 120)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
# What is compiled is what is hashed, even where someone edits meanwhile.
mkdir "$work/sources"
cp "$here"/*.cu "$here"/*.cuh "$work/sources/"

codes=()
for a in "${architectures[@]}"; do
  codes+=("-gencode=arch=compute_$a,code=sm_$a")
done
# PTX for what comes later.
[ $# -gt 0 ] || codes+=("-gencode=arch=compute_80,code=compute_80")

nvcc -std=c++17 -fatbin --compress-mode=size -Xptxas -v --keep --keep-dir "$work" "${codes[@]}" \
  -o "$work/flashlloyd.fatbin" "$work/sources/flashlloyd.cu" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
if grep -E 'C75(08|10|14)' "$work/log" >&2; then
  echo "ptxas serialized wgmma or ignored setmaxnreg: see above" >&2
  exit 1
fi
awk '/Function properties/ { name = $NF }
     /spill stores/ && name ~ /^(screen|decide_(and_sum_|many_|listed_)*(float|u?int))/ && !/ 0 bytes spill stores/ {
       print name ": " $0; bad = 1 }
     END { exit bad }' "$work/log" >&2 || { echo "a hot kernel spills registers" >&2; exit 1; }

for a in "${architectures[@]}"; do
  cubin=$(find "$work" -name "flashlloyd*$a.cubin" -o -name flashlloyd.cubin)
  readelf -Ws "$cubin" |
    # __cuda_...: the compiler's own, such as bulk copies on sm_120
    awk -v a="$a" '$4 == "FUNC" && $5 == "GLOBAL" && $NF !~ /^__/ { print "sm_" a, $NF }'
done | sort >"$out/kernels.txt"
# Only a module that passed the checks replaces the old one.
cp "$work/flashlloyd.fatbin" "$out/"
(cd "$work/sources" && cat $(ls ./*.cu ./*.cuh | LC_ALL=C sort)) | sha256sum | cut -d' ' -f1 >"$out/sources.sha256"
ls -l "$out/flashlloyd.fatbin"
