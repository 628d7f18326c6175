package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.HostRows;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.engine.Sums;
import java.util.Arrays;

/** One thread's scratch memory for tiles of one dimension, and what it does with it. */
final class TileWorker {
  private static final int NOTHING = -1;
  private static final int MAX_ROWS = 256;
  private static final int MIN_ROWS = 32;

  /** A tile's coordinates leave half of a usual 2 MiB second-level cache to the centroids. */
  private static final int TILE_FLOATS = 1 << 18;

  private final int dimension;
  private final RowDecoder decoder;
  private final PairDistances distances;
  private final TileClock clock = new TileClock();
  private final Assigner assigner;

  /** What the tile's rows belonged to, or {@link #NOTHING}. */
  private final int[] previous;

  private final int stride;
  private final float[] rows;

  TileWorker(TileKernel kernel, int dimension) {
    int capacity = tileRows(dimension);
    this.dimension = dimension;
    this.decoder = new RowDecoder(dimension);
    this.distances = new PairDistances(dimension);
    this.assigner = new Assigner(kernel, distances, capacity, dimension, clock);
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

  TileClock clock() {
    return clock;
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

  /** There was no assignment before: every row moves. */
  void recallNothing(int count) {
    Arrays.fill(previous, 0, count, NOTHING);
  }

  /** Takes the assignments before from where they were kept. */
  void recall(int[] kept, int from, int count) {
    System.arraycopy(kept, from, previous, 0, count);
  }

  /** Finds the assignments before again, from the centroids before. */
  void recallFrom(HostRows chunk, int from, int count, PackedCentroids packed) {
    decoder.open(chunk);
    try {
      assigner.assign(decoder, from, count, packed, previous, 0);
    } finally {
      decoder.close();
    }
  }

  /**
   * Takes the distances of assigned rows, writes the outputs and adds the rows to the sums.
   *
   * @return how many have moved since the assignments recalled
   */
  long settle(ChunkWork work, int from, int count, PassPlan plan, RowSums sums) {
    long moved = 0;
    decoder.open(work.rows);
    try {
      for (int row = from; row < from + count; row += PairDistances.PAIRS) {
        int pairs = Math.min(PairDistances.PAIRS, from + count - row);
        double[] computed = distances(work.assignments, row, pairs, plan.centroids());
        for (int pair = 0; pair < pairs; pair++) {
          int before = previous[row + pair - from];
          moved += before != work.assignments[row + pair] ? 1 : 0;
          settle(work, row + pair, before, pair * stride, computed[pair], plan.sums(), sums);
        }
      }
    } finally {
      decoder.close();
    }
    return moved;
  }

  private double[] distances(int[] assignments, int row, int pairs, Centroids centroids) {
    for (int pair = 0; pair < pairs; pair++) {
      decoder.decode(row + pair, rows, pair * stride);
      int at = assignments[row + pair] * dimension;
      distances.set(pair, rows, pair * stride, centroids.values(), at);
    }
    return distances.compute();
  }

  private void settle(
      ChunkWork work, int row, int before, int at, double distance, Sums which, RowSums sums) {
    int cluster = work.assignments[row];
    RowOutputs outputs = work.outputs;
    if (outputs != null) {
      outputs.assignments().put(row, cluster);
      outputs.distances().put(row, distance);
    }
    long weight = work.rows.weight(row);
    sums.count(cluster, distance, weight);
    if (weight == 0) {
      return;
    }
    if (which == Sums.ALL) {
      sums.add(rows, at, cluster, weight);
    } else if (which == Sums.MOVED && before != cluster) {
      sums.add(rows, at, cluster, weight);
      sums.add(rows, at, before, -weight);
    }
  }
}
