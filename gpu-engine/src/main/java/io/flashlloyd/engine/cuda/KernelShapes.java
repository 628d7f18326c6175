package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.ElementType;

/** Sizes that the kernels and Java agree on; the names are those of layout.cuh. */
final class KernelShapes {
  static final int TILE_CENTROIDS = 128;
  static final int OCTET = 8;
  static final int OCTETS_PER_TILE = TILE_CENTROIDS / OCTET;
  static final int SLICE_COLUMNS = 64;
  static final int SLICE_BYTES = TILE_CENTROIDS * SLICE_COLUMNS * 2;
  static final int COST_DIGITS = 44;

  /** Digits of a cost that decide_and_sum adds up in shared memory. */
  static final int COST_WINDOW = 12;

  /** Rows of an image tile; images end at a multiple of twice as many, which a cluster takes. */
  static final int IMAGE_ROWS = 128;

  /** Device rows begin at multiples of this many bytes. */
  static final int ROW_ALIGNMENT = 16;

  private KernelShapes() {}

  static int ceilDiv(long a, long b) {
    return Math.toIntExact((a + b - 1) / b);
  }

  /** float32 columns of a centroid on the device. */
  static int paddedDimension(int dimension) {
    return ceilDiv(dimension, 16) * 16;
  }

  /** Bytes of a row on the device. */
  static int rowBytes(int dimension, ElementType type) {
    return ceilDiv((long) dimension * type.bytes(), ROW_ALIGNMENT) * ROW_ALIGNMENT;
  }

  /** float16 columns of a row that the screen reads. */
  static int screenStride(int dimension) {
    return ceilDiv(dimension, 8) * 8;
  }

  /** Rows of a chunk's image, padded to whole clusters. */
  static int imagePaddedRows(int rows) {
    return ceilDiv(rows, 2 * IMAGE_ROWS) * 2 * IMAGE_ROWS;
  }

  static int tiles(int k) {
    return ceilDiv(k, TILE_CENTROIDS);
  }

  static int slices(int dimension) {
    return ceilDiv(dimension, SLICE_COLUMNS);
  }
}
