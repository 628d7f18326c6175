package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.RowOutputs;

/** One thread's scratch memory for tiles of one dimension, and what it does with it. */
final class TileWorker {
  private static final int MAX_ROWS = 256;
  private static final int MIN_ROWS = 32;

  /** A tile's coordinates leave half of a usual 2 MiB second-level cache to the centroids. */
  private static final int TILE_FLOATS = 1 << 18;

  private final int dimension;
  private final RowDecoder decoder;
  private final PairDistances distances;
  private final Assigner assigner;
  private final int[] previous;
  private final int stride;
  private final float[] rows;

  TileWorker(TileKernel kernel, int dimension) {
    int capacity = tileRows(dimension);
    this.dimension = dimension;
    this.decoder = new RowDecoder(dimension);
    this.distances = new PairDistances(dimension);
    this.assigner = new Assigner(kernel, distances, capacity, dimension);
    this.previous = new int[capacity];
    this.stride = RowDecoder.padded(dimension);
    this.rows = new float[(PairDistances.PAIRS + 1) * stride];
  }

  /** Rows in a tile. */
  static int tileRows(int dimension) {
    return Math.max(MIN_ROWS, Math.min(MAX_ROWS, TILE_FLOATS / dimension)) & -PointTile.QUAD;
  }

  int dimension() {
    return dimension;
  }

  /** Assigns rows [from, from + count) of the chunk to {@code assignments[from ..]}. */
  void assign(HostRows chunk, int from, int count, PackedCentroids packed, int[] assignments) {
    decoder.open(chunk);
    try {
      assigner.assign(decoder, from, count, packed, assignments, from);
    } finally {
      decoder.close();
    }
  }

  /** Of these rows, how many are nearest to another centroid in {@code packed}. */
  long countMoved(HostRows chunk, int from, int count, PackedCentroids packed, int[] assignments) {
    decoder.open(chunk);
    try {
      assigner.assign(decoder, from, count, packed, previous, 0);
    } finally {
      decoder.close();
    }
    long moved = 0;
    for (int i = 0; i < count; i++) {
      moved += previous[i] != assignments[from + i] ? 1 : 0;
    }
    return moved;
  }

  /** Takes the distances of assigned rows, writes the outputs and adds the rows to the sums. */
  void settle(
      HostRows chunk,
      int from,
      int count,
      Centroids centroids,
      int[] assignments,
      RowOutputs outputs,
      RowSums sums) {
    decoder.open(chunk);
    try {
      for (int row = from; row < from + count; row += PairDistances.PAIRS) {
        int pairs = Math.min(PairDistances.PAIRS, from + count - row);
        settleFew(chunk, row, pairs, centroids, assignments, outputs, sums);
      }
    } finally {
      decoder.close();
    }
  }

  private void settleFew(
      HostRows chunk,
      int row,
      int pairs,
      Centroids centroids,
      int[] assignments,
      RowOutputs outputs,
      RowSums sums) {
    for (int pair = 0; pair < pairs; pair++) {
      decoder.decode(row + pair, rows, pair * stride);
      int at = assignments[row + pair] * dimension;
      distances.set(pair, rows, pair * stride, centroids.values(), at);
    }
    double[] computed = distances.compute();
    for (int pair = 0; pair < pairs; pair++) {
      int cluster = assignments[row + pair];
      if (outputs != null) {
        outputs.assignments().put(row + pair, cluster);
        outputs.distances().put(row + pair, computed[pair]);
      }
      sums.add(rows, pair * stride, cluster, computed[pair], chunk.weight(row + pair));
    }
  }
}
