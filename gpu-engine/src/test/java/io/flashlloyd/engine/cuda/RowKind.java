package io.flashlloyd.engine.cuda;

import java.util.Random;

/** Data that is hard on screens in different ways, as numbers in units of a deviation. */
enum RowKind {
  NOISE,
  /** Far from the origin: float16 rows lose most of their bits to the mean. */
  OFFSET,
  /** Tight clusters. */
  CLUSTERED,
  /** Few different rows, so that distances tie. */
  DUPLICATED,
  /** Small integers: distances tie without rows being equal. */
  TIED,
  /** A few coordinates of large magnitude: sums need two limbs, and those are enough. */
  OUTLIERS,
  TINY,
  HUGE,
  /** Two centroids that differ in one last bit. */
  NEAR_TIES,
  ZERO;

  /** Coordinate {@code t} of a row. */
  float value(Random random, int row, int t, int dimension) {
    return switch (this) {
      case NOISE, NEAR_TIES -> (float) random.nextGaussian();
      case OFFSET -> (float) (random.nextGaussian() + 300);
      case CLUSTERED -> (float) (random.nextGaussian() * 0.01 + (row * 31 + t * 7) % 13 - 6);
      case DUPLICATED -> new Random(row % 11 * 4099L + t).nextInt(100) / 16f;
      case TIED -> random.nextInt(3) - 1;
      case OUTLIERS ->
          row % 97 == 0 && t % 3 == 0
              ? (float) random.nextGaussian() * 3e7f
              : random.nextFloat() * 1e-3f;
      case TINY -> (float) random.nextGaussian() * 1e-36f;
      case HUGE -> (float) random.nextGaussian() * 3e37f;
      case ZERO -> 0;
    };
  }
}
