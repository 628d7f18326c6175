package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.Centroids;

/**
 * Centroids as the screen reads them: in their {@link Frame}, a panel's coordinates side by side,
 * {@code [panels][dimension][panel size]}. Made once for a pass, read by all threads.
 */
final class PackedCentroids {
  /** The start of the score of what is no centroid or too far to be screened: never positive. */
  private static final float NEVER = -0x1p100f;

  /**
   * An array's elements begin 16 bytes behind its start, and large arrays start at a region of the
   * heap: 12 floats more, and whole vectors lie in whole cache lines.
   */
  private static final int ALIGNMENT = 12;

  private final Centroids centroids;
  private final Frame frame;
  private final int panels;
  private final int panelSize;
  private final float[] values;
  private final float[] starts;
  private final float[] norms;
  private final ScreenBound bound;

  PackedCentroids(Centroids centroids, TileKernel kernel) {
    int size = kernel.panelSize();
    this.centroids = centroids;
    this.frame = Frame.of(centroids);
    this.panels = (centroids.k() + size - 1) / size;
    this.panelSize = size;
    int packed = Math.multiplyExact(Math.multiplyExact(panels, centroids.dimension()), size);
    this.values = new float[Math.addExact(packed, ALIGNMENT)];
    this.starts = new float[panels * size];
    this.norms = new float[centroids.k()];
    float maxNorm = 0;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = NEVER;
    }
    for (int cluster = 0; cluster < centroids.k(); cluster++) {
      if (pack(cluster, size)) {
        maxNorm = Math.max(maxNorm, norms[cluster]);
      }
    }
    this.bound = new ScreenBound(centroids.dimension(), frame.bias(), maxNorm);
  }

  /** Whether the centroid is near enough to be screened. */
  private boolean pack(int cluster, int size) {
    int dimension = centroids.dimension();
    float[] centre = frame.centre();
    float scale = frame.scale();
    double square = 0;
    for (int t = 0; t < dimension; t++) {
      double value = (centroids.get(cluster, t) - centre[t]) * scale;
      square += value * value;
    }
    // Float64 rounding of d nonnegative terms is below this inflation for any dimension we can
    // hold.
    double norm = Math.sqrt(square) * (1 + 0x1p-20);
    if (!(norm <= ScreenBound.MAX_NORM)) {
      return false;
    }
    int panel = cluster / size;
    int to = offset(panel, 0) + cluster % size;
    for (int t = 0; t < dimension; t++) {
      values[to + t * size] = (centroids.get(cluster, t) - centre[t]) * scale;
    }
    starts[cluster] = (float) (frame.bias() - square / 2);
    norms[cluster] = Math.nextUp((float) norm);
    return true;
  }

  Centroids centroids() {
    return centroids;
  }

  Frame frame() {
    return frame;
  }

  int panels() {
    return panels;
  }

  /** Where coordinate t of a panel is in {@link #values}. */
  int offset(int panel, int t) {
    return ALIGNMENT + (panel * centroids.dimension() + t) * panelSize;
  }

  /** [panels x dimension x panel size] scaled coordinates relative to the centre. */
  float[] values() {
    return values;
  }

  /** [panels x panel size] where scores start: bias - |c|^2 / 2. */
  float[] starts() {
    return starts;
  }

  /** At least the scaled norm of a centroid that has a score. */
  float norm(int cluster) {
    return norms[cluster];
  }

  ScreenBound bound() {
    return bound;
  }
}
