package io.flashlloyd.engine.cuda;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How decide_and_sum splits its work, by the cost model: as many rows in flight on a multiprocessor
 * as shared memory allows. A tile's stages wait for each other, so three or four CTAs that fill
 * each other's gaps are worth more than one or two with as many rows.
 *
 * @param tileRows rows that one CTA holds in shared memory
 * @param rowStride bytes from row to row there, an odd number of 16-byte pieces
 * @param sharedBytes dynamic shared memory of a CTA
 */
record DecideShape(int tileRows, int rowStride, int sharedBytes) {
  static final int THREADS = 128;

  /** Centroids as float64 stay in shared memory up to this dimension. */
  static final int MAX_FAST_DIMENSION = 1024;

  /** Static shared memory of a CTA and what the driver adds. */
  private static final int FIXED_BYTES = 7 << 10;

  /** A multiprocessor has this much more than one CTA may take. */
  private static final int SPARE_BYTES = 1 << 10;

  /** More do not fit the registers. */
  private static final int MOST_CTAS = 4;

  private static final int ENOUGH_CTAS = 3;
  private static final double OVERLAP = 1.4;

  /** For rows of this many padded bytes on a card with this much shared memory a CTA. */
  static DecideShape of(int rowBytes, int dimension, boolean fast, int sharedMemory) {
    return all(rowBytes, dimension, fast, sharedMemory).stream()
        .max(Comparator.comparingDouble(shape -> shape.speed(sharedMemory)))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    ("Rows of %d bytes do not fit the %d bytes of shared memory of this device"
                            + " (use the CPU engine)")
                        .formatted(rowBytes, sharedMemory)));
  }

  /** Every shape that fits, the most rows first. */
  static List<DecideShape> all(int rowBytes, int dimension, boolean fast, int sharedMemory) {
    int stride = (rowBytes / KernelShapes.ROW_ALIGNMENT | 1) * KernelShapes.ROW_ALIGNMENT;
    int screenBytes =
        KernelShapes.OCTET
            * (KernelShapes.slices(dimension) * KernelShapes.SLICE_COLUMNS * 2
                + KernelShapes.ROW_ALIGNMENT);
    int doubles = fast ? KernelShapes.OCTET * (KernelShapes.paddedDimension(dimension) + 2) * 8 : 0;
    List<DecideShape> shapes = new ArrayList<>();
    for (int rows = THREADS; rows >= 1; rows /= 2) {
      long bytes = (long) rows * stride + screenBytes + doubles;
      if (bytes + FIXED_BYTES <= sharedMemory) {
        shapes.add(new DecideShape(rows, stride, (int) bytes));
      }
    }
    return shapes;
  }

  /** What the cost model says: rows in flight. */
  private double speed(int sharedMemory) {
    int ctas = Math.min(MOST_CTAS, (sharedMemory + SPARE_BYTES) / (sharedBytes + FIXED_BYTES));
    return tileRows * ctas * (ctas >= ENOUGH_CTAS ? OVERLAP : 1);
  }
}
