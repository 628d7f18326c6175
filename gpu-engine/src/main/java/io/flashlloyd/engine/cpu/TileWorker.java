package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.engine.RowOutputs;
import io.flashlloyd.engine.Sums;
import java.util.Arrays;

/** One thread's scratch memory for tiles of one dimension, and what it does with it. */
final class TileWorker {
  private static final int MAX_ROWS = 256;
  private static final int MIN_ROWS = 32;

  /**
   * A tile's coordinates, as decoded and as screened, leave a quarter of a second-level cache of 1
   * MiB to the centroids.
   */
  private static final int TILE_FLOATS = 3 << 15;

  private final int dimension;
  private final PairDistances distances;
  private final int[] measured = new int[PairDistances.PAIRS];
  private final TileClock clock = new TileClock();
  private final Assigner assigner;
  private final Tile tile;

  /** Rows of several tiles that bounds leave open. */
  private final Tile open;

  /** Rows of a tile that the fastest centroids decide, and where they are there. */
  private final Tile middle;

  private final int[] places;

  private final float[] unused;

  TileWorker(TileKernel kernel, int dimension) {
    int capacity = tileRows(dimension);
    this.dimension = dimension;
    this.distances = new PairDistances(dimension);
    this.assigner = new Assigner(kernel, distances, capacity, dimension, clock);
    this.tile = new Tile(capacity, dimension);
    this.open = new Tile(capacity, dimension);
    this.middle = new Tile(capacity, dimension);
    this.places = new int[capacity];
    this.unused = new float[capacity];
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

  /** The tile of rows as they come. */
  Tile tile() {
    return tile;
  }

  /** The tile that {@link #collect} fills. */
  Tile open() {
    return open;
  }

  /** Finds the rows' centroids. */
  void assign(Tile rows, PackedCentroids packed) {
    assigner.assign(rows.rows, packed, rows.assigned, rows.bounds);
  }

  /** There was no assignment before: every row moves. */
  void recallNothing(Tile rows) {
    Arrays.fill(rows.previous, 0, rows.count(), Tile.NONE);
  }

  /** Takes the assignments before from where they were kept. */
  void recall(Tile rows, int[] kept) {
    for (int point = 0; point < rows.count(); point++) {
      rows.previous[point] = kept[rows.number[point]];
    }
  }

  /** Finds the assignments before again, from the centroids before. */
  void recallFrom(Tile rows, PackedCentroids packed) {
    assigner.assign(rows.rows, packed, rows.previous, unused);
  }

  /**
   * Carries the rows' bounds over to the moved centroids.
   *
   * @param rows that are assigned as before, and measured
   * @param kept the bounds of all rows of the chunk, to the centroids before
   */
  void carry(Tile rows, float[] kept, CentroidMoves moves) {
    middle.clear();
    boolean leavesOut = moves.fastest().length > 0;
    for (int point = 0; point < rows.count(); point++) {
      float before = kept[rows.number[point]];
      int cluster = rows.assigned[point];
      rows.bounds[point] = moves.carry(before, cluster);
      if (leavesOut && !moves.keeps(rows.bounds[point], rows.distances[point])) {
        float slow = moves.carryToSlow(before, cluster);
        if (moves.keeps(slow, rows.distances[point])) {
          places[middle.count()] = point;
          middle.copy(rows, point, slow);
        }
      }
    }
    if (middle.count() == 0) {
      return;
    }
    PackedCentroids packed = moves.fastestPacked();
    assigner.lower(middle.rows, packed, moves.fastest(), middle.assigned, middle.bounds);
    for (int i = 0; i < middle.count(); i++) {
      rows.bounds[places[i]] = middle.bounds[i];
    }
    clock.screened();
  }

  /**
   * Collects the rows that may have another centroid than before in {@link #open}.
   *
   * @param rows whose bounds are carried over
   * @param from the first row to look at
   * @return the first row not looked at: the number of rows, or less where {@link #open} is full
   */
  int collect(Tile rows, CentroidMoves moves, int from) {
    int point = from;
    for (; point < rows.count() && !open.full(); point++) {
      if (!moves.keeps(rows.bounds[point], rows.distances[point])) {
        open.take(rows, point);
      }
    }
    return point;
  }

  /** Takes the distances that are not known. */
  void measure(Tile rows, Centroids centroids) {
    int pairs = 0;
    for (int point = 0; point < rows.count(); point++) {
      if (rows.distances[point] == Tile.UNKNOWN) {
        int at = rows.assigned[point] * dimension;
        distances.set(pairs, rows.rows.values(), rows.rows.at(point), centroids.values(), at);
        measured[pairs++] = point;
        if (pairs == PairDistances.PAIRS) {
          measure(rows, pairs);
          pairs = 0;
        }
      }
    }
    measure(rows, pairs);
  }

  private void measure(Tile rows, int pairs) {
    double[] computed = distances.compute();
    for (int pair = 0; pair < pairs; pair++) {
      rows.distances[measured[pair]] = computed[pair];
    }
  }

  /**
   * Writes what is known of the rows that have a centroid, and its distance, and adds them to the
   * sums.
   *
   * @return how many have moved since the assignments recalled
   */
  long settle(Tile rows, ChunkWork work, Sums which, RowSums sums) {
    long moved = 0;
    for (int point = 0; point < rows.count(); point++) {
      if (rows.assigned[point] != Tile.NONE) {
        moved += rows.previous[point] != rows.assigned[point] ? 1 : 0;
        settle(rows, point, work, which, sums);
      }
    }
    return moved;
  }

  private static void settle(Tile rows, int point, ChunkWork work, Sums which, RowSums sums) {
    int row = rows.number[point];
    int cluster = rows.assigned[point];
    int before = rows.previous[point];
    double distance = rows.distances[point];
    work.assignments[row] = cluster;
    work.bounds[row] = rows.bounds[point];
    RowOutputs outputs = work.outputs;
    if (outputs != null) {
      outputs.assignments().put(row, cluster);
      if (outputs.distances() != null) {
        outputs.distances().put(row, distance);
      }
    }
    long weight = work.rows.weight(row);
    sums.count(cluster, distance, weight);
    if (weight == 0) {
      return;
    }
    int at = rows.rows.at(point);
    float[] values = rows.rows.values();
    if (which == Sums.ALL) {
      sums.add(values, at, cluster, weight);
    } else if (which == Sums.MOVED && before != cluster) {
      sums.add(values, at, cluster, weight);
      sums.add(values, at, before, -weight);
    }
  }
}
