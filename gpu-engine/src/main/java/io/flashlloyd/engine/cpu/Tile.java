package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.HostRows;
import java.util.Arrays;

/** Rows of one chunk on their way through a pass, and what is known of each. One thread's. */
final class Tile {
  /** No centroid, yet or before. */
  static final int NONE = -1;

  /** No distance yet. */
  static final double UNKNOWN = -1;

  final TileRows rows;

  /** Each row's number in the chunk. */
  final int[] number;

  /** The centroid that it belonged to, or {@link #NONE}. */
  final int[] previous;

  /** The centroid that it belongs to, or {@link #NONE}. */
  final int[] assigned;

  /** At most its distance from every other centroid. */
  final float[] bounds;

  /** Its canonical distance from its centroid, or {@link #UNKNOWN}. */
  final double[] distances;

  Tile(int capacity, int dimension) {
    this.rows = new TileRows(capacity, dimension);
    this.number = new int[capacity];
    this.previous = new int[capacity];
    this.assigned = new int[capacity];
    this.bounds = new float[capacity];
    this.distances = new double[capacity];
  }

  int count() {
    return rows.count();
  }

  boolean full() {
    return rows.count() == number.length;
  }

  /** Takes rows [from, from + count) of the chunk in, of which nothing is known. */
  void load(HostRows chunk, int from, int count) {
    rows.load(chunk, from, count);
    for (int point = 0; point < count; point++) {
      number[point] = from + point;
    }
    Arrays.fill(assigned, 0, count, NONE);
    Arrays.fill(distances, 0, count, UNKNOWN);
  }

  /** Takes the row of another tile over: here it comes last, there it has no centroid. */
  void take(Tile other, int point) {
    int to = rows.count();
    rows.take(other.rows, point);
    number[to] = other.number[point];
    previous[to] = other.previous[point];
    distances[to] = other.distances[point];
    assigned[to] = NONE;
    other.assigned[point] = NONE;
  }

  /** Takes a copy of the row of another tile, which has a centroid, with another bound. */
  void copy(Tile other, int point, float bound) {
    int to = rows.count();
    rows.take(other.rows, point);
    assigned[to] = other.assigned[point];
    bounds[to] = bound;
  }

  void clear() {
    rows.clear();
  }
}
