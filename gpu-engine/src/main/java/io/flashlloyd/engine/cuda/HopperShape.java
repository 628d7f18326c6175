package io.flashlloyd.engine.cuda;

/**
 * The Hopper screens that hold their rows in registers (screen_sm90.cuh), by dimension.
 *
 * @param kSteps of 16 columns, as the kernel's name has it
 * @param sharedBytes dynamic shared memory of a CTA
 */
record HopperShape(int kSteps, int sharedBytes) {
  /** Rows of a CTA. */
  static final int ROWS = 192;

  static final int THREADS = 512;

  /** Beyond this, rows do not fit the registers. */
  static final int MAX_DIMENSION = 256;

  private static final int NARROW = 128;

  /** Of a tile: half norms, or what the accumulators begin with. */
  private static final int NORM_BYTES = KernelShapes.TILE_CENTROIDS * 4;

  private static final int NARROW_STAGES = 4;
  private static final int STAGES = 3;

  static HopperShape of(int dimension) {
    int stageBytes = KernelShapes.slices(dimension) * KernelShapes.SLICE_BYTES + NORM_BYTES;
    return new HopperShape(
        kSteps(dimension), (dimension <= NARROW ? NARROW_STAGES : STAGES) * stageBytes);
  }

  /** Whether there is a screen that names each row's nearest centroid. */
  static boolean canName(int dimension) {
    return dimension <= NARROW;
  }

  private static int kSteps(int dimension) {
    if (dimension > NARROW) {
      return KernelShapes.slices(dimension) * (KernelShapes.SLICE_COLUMNS / 16);
    }
    // Of 32 columns, the first four are in the first k-step (image_column in layout.cuh); rows of
    // 100 are common.
    return dimension > 96 && dimension <= 100 ? 7 : KernelShapes.ceilDiv(dimension, 32) * 2;
  }
}
