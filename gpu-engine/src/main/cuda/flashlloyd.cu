// The one translation unit: every kernel, so that the module is one fatbin.
#include "prepare_centroids.cu"
#include "screen_rows.cu"
#include "screen_portable.cu"
#include "screen_sm90.cu"
#include "screen_wide_sm90.cu"
#include "group_sort.cu"
#include "decide_and_sum.cu"
#include "resolve.cu"
