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
  private final TileRows rows;
  private final PairDistances distances;
  private final TileClock clock = new TileClock();
  private final Assigner assigner;

  /** What the tile's rows belonged to, or {@link #NOTHING}. */
  private final int[] previous;

  TileWorker(TileKernel kernel, int dimension) {
    int capacity = tileRows(dimension);
    this.dimension = dimension;
    this.rows = new TileRows(capacity, dimension);
    this.distances = new PairDistances(dimension);
    this.assigner = new Assigner(kernel, distances, capacity, dimension, clock);
    this.previous = new int[capacity];
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

  /** Takes rows [from, from + count) of the chunk in, which the other methods are about. */
  void load(HostRows chunk, int from, int count) {
    rows.load(chunk, from, count);
  }

  /** Assigns the rows to {@code assignments[to ..]}. */
  void assign(PackedCentroids packed, int[] assignments, int to) {
    assigner.assign(rows, packed, assignments, to);
  }

  /** There was no assignment before: every row moves. */
  void recallNothing() {
    Arrays.fill(previous, NOTHING);
  }

  /** Takes the assignments before from where they were kept. */
  void recall(int[] kept, int from) {
    System.arraycopy(kept, from, previous, 0, rows.count());
  }

  /** Finds the assignments before again, from the centroids before. */
  void recallFrom(PackedCentroids packed) {
    assigner.assign(rows, packed, previous, 0);
  }

  /**
   * Takes the distances of the rows, which are assigned and are those of the chunk from {@code
   * from}, writes the outputs and adds the rows to the sums.
   *
   * @return how many have moved since the assignments recalled
   */
  long settle(ChunkWork work, int from, PassPlan plan, RowSums sums) {
    long moved = 0;
    for (int first = 0; first < rows.count(); first += PairDistances.PAIRS) {
      int pairs = Math.min(PairDistances.PAIRS, rows.count() - first);
      double[] computed = distances(work.assignments, from, first, pairs, plan.centroids());
      for (int pair = 0; pair < pairs; pair++) {
        int point = first + pair;
        moved += previous[point] != work.assignments[from + point] ? 1 : 0;
        settle(work, from + point, point, computed[pair], plan.sums(), sums);
      }
    }
    return moved;
  }

  private double[] distances(
      int[] assignments, int from, int first, int pairs, Centroids centroids) {
    for (int pair = 0; pair < pairs; pair++) {
      int at = assignments[from + first + pair] * dimension;
      distances.set(pair, rows.values(), rows.at(first + pair), centroids.values(), at);
    }
    return distances.compute();
  }

  private void settle(
      ChunkWork work, int row, int point, double distance, Sums which, RowSums sums) {
    int cluster = work.assignments[row];
    int before = previous[point];
    int at = rows.at(point);
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
      sums.add(rows.values(), at, cluster, weight);
    } else if (which == Sums.MOVED && before != cluster) {
      sums.add(rows.values(), at, cluster, weight);
      sums.add(rows.values(), at, before, -weight);
    }
  }
}
