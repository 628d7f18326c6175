package io.flashlloyd.engine.cuda;

/**
 * How decide_and_sum splits its work, by the cost model: as many rows a tile as still let four CTAs
 * share a multiprocessor, because a tile's stages wait for each other and other CTAs fill the gaps.
 *
 * @param tileRows rows that one CTA holds in shared memory
 * @param rowStride bytes from row to row there, an odd number of 16-byte pieces
 * @param sharedBytes dynamic shared memory of a CTA
 */
record DecideShape(int tileRows, int rowStride, int sharedBytes) {
  static final int THREADS = 128;

  /** Centroids as float64 stay in shared memory up to this dimension. */
  static final int MAX_FAST_DIMENSION = 1024;

  private static final int FIXED_BYTES = 4 << 10;
  private static final int FOUR_CTAS = 56 << 10;
  private static final int TWO_CTAS = 112 << 10;
  private static final int FEWEST_ROWS = 32;

  /** For rows of this many padded bytes on a card with this much shared memory a CTA. */
  static DecideShape of(int rowBytes, int dimension, boolean fast, int sharedMemory) {
    int stride = (rowBytes / KernelShapes.ROW_ALIGNMENT | 1) * KernelShapes.ROW_ALIGNMENT;
    int screenBytes =
        KernelShapes.GROUP
            * (KernelShapes.slices(dimension) * KernelShapes.SLICE_COLUMNS * 2
                + KernelShapes.ROW_ALIGNMENT);
    int doubles = fast ? KernelShapes.GROUP * (KernelShapes.paddedDimension(dimension) + 2) * 8 : 0;
    int centroidBytes = screenBytes + doubles;
    for (int budget : new int[] {FOUR_CTAS, TWO_CTAS, sharedMemory}) {
      int usable = Math.min(budget, sharedMemory) - FIXED_BYTES - centroidBytes;
      int fewest = budget == sharedMemory ? 1 : FEWEST_ROWS;
      for (int rows = THREADS; rows >= fewest; rows /= 2) {
        if ((long) rows * stride <= usable) {
          return new DecideShape(rows, stride, rows * stride + centroidBytes);
        }
      }
    }
    throw new IllegalArgumentException(
        ("Rows of %d bytes do not fit the %d bytes of shared memory of this device"
                + " (use the CPU engine)")
            .formatted(rowBytes, sharedMemory));
  }
}
