package io.flashlloyd.engine;

import io.flashlloyd.engine.exact.Int192;
import io.flashlloyd.engine.exact.SumScale;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;

/**
 * What a pass found, by cluster: counts, fixed-point coordinate sums, fixed-point cost. All are
 * integers, so merging in any order gives the same bits (design section 2.4). Not thread-safe.
 */
public final class PartialSums implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int k;
  private final int dimension;
  private transient long[] counts;
  private transient long[] low;
  private transient long[] high;
  private transient long[] cost;
  private Sums sums;
  private long rows;
  private long movedRows;

  private PartialSums(int k, int dimension, Sums sums, boolean wide) {
    this.k = k;
    this.dimension = dimension;
    this.sums = sums;
    this.counts = new long[k];
    this.low = sums.ofCoordinates() ? new long[Math.multiplyExact(k, dimension)] : null;
    this.high = low != null && wide ? new long[low.length] : null;
    this.cost = new long[Math.multiplyExact(k, Int192.LIMBS)];
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    ArrayBytes.write(counts, out);
    ArrayBytes.write(low, out);
    ArrayBytes.write(high, out);
    ArrayBytes.write(cost, out);
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    counts = ArrayBytes.readLongs(in);
    low = ArrayBytes.readLongs(in);
    high = ArrayBytes.readLongs(in);
    cost = ArrayBytes.readLongs(in);
  }

  /** Zeros of the shape that a pass with this plan fills. */
  public static PartialSums zeros(PassPlan plan) {
    SumScale scale = plan.scale();
    return new PartialSums(plan.centroids().k(), scale.dimension(), plan.sums(), scale.wide());
  }

  public int k() {
    return k;
  }

  public int dimension() {
    return dimension;
  }

  /** Which rows the coordinate sums are of. */
  public Sums sums() {
    return sums;
  }

  /** [k] total weight of the rows assigned to each cluster; live. */
  public long[] counts() {
    return counts;
  }

  /** [k x dimension] sums of quantized coordinates, their low 64 bits; live; null without sums. */
  public long[] low() {
    return low;
  }

  /** [k x dimension] high 64 bits of the sums where the scale is wide, else null; live. */
  public long[] high() {
    return high;
  }

  /** [k x 3] training cost of each cluster, {@link Int192}, least significant limb first; live. */
  public long[] cost() {
    return cost;
  }

  /** Rows fed, each once whatever its weight. */
  public long rows() {
    return rows;
  }

  /** Rows whose centroid is another than in the previous iteration. */
  public long movedRows() {
    return movedRows;
  }

  /** Counts rows. */
  public void addRows(long fed, long moved) {
    rows += fed;
    movedRows += moved;
  }

  /** Adds {@code other} into this and returns this. */
  public PartialSums merge(PartialSums other) {
    if (other.k != k) {
      throw new IllegalArgumentException(
          "Partial sums of shape %d x %d cannot be merged into %d x %d"
              .formatted(other.k, other.dimension, k, dimension));
    }
    return add(0, other);
  }

  /**
   * Adds sums of some clusters, which are the ones from {@code first} on here, and returns this.
   *
   * @param slice of a pass with the same plan
   */
  public PartialSums add(int first, PartialSums slice) {
    if (first < 0 || first + slice.k > k || slice.dimension != dimension) {
      throw new IllegalArgumentException(
          "Partial sums of shape %d x %d cannot be merged into %d x %d from cluster %d on"
              .formatted(slice.k, slice.dimension, k, dimension, first));
    }
    if (slice.sums != sums || (slice.high == null) != (high == null)) {
      throw new IllegalArgumentException(
          "Partial sums %s cannot be merged into those %s (expected passes of one plan)"
              .formatted(slice.kind(), kind()));
    }
    for (int i = 0; i < slice.k; i++) {
      counts[first + i] += slice.counts[i];
      Int192.add(cost, first + i, slice.cost, i);
    }
    addCoordinates(first * dimension, slice);
    rows += slice.rows;
    movedRows += slice.movedRows;
    return this;
  }

  private void addCoordinates(int first, PartialSums slice) {
    if (high != null) {
      for (int i = 0; i < slice.low.length; i++) {
        long sum = low[first + i] + slice.low[i];
        high[first + i] += slice.high[i] + (Long.compareUnsigned(sum, slice.low[i]) < 0 ? 1 : 0);
        low[first + i] = sum;
      }
    } else if (low != null) {
      for (int i = 0; i < slice.low.length; i++) {
        low[first + i] += slice.low[i];
      }
    }
  }

  private String kind() {
    return "of %s rows in %s".formatted(sums, high == null ? "one limb" : "two limbs");
  }

  /**
   * Makes these the sums of all rows and returns them: where they are of moved rows, {@code before}
   * is added. For a whole pass, all its parts merged.
   *
   * @param before of all rows, from the pass over the previous centroids; read only where needed
   */
  PartialSums completeFrom(PartialSums before) {
    if (sums == Sums.MOVED) {
      if (before == null || before.sums != Sums.ALL || before.rows != rows) {
        throw new IllegalArgumentException(
            "Sums of the rows moved among %d cannot be completed from %s (expected those of all)"
                .formatted(
                    rows, before == null ? "nothing" : before.rows + " rows, " + before.kind()));
      }
      addCoordinates(0, before);
      sums = Sums.ALL;
    }
    return this;
  }

  /**
   * The sums of clusters [from, to) alone, for carrying in pieces. The first slice has the row
   * counts, so that slices merge as wholes do.
   */
  public PartialSums slice(int from, int to) {
    PartialSums slice = zeros(to - from);
    slice.copyOf(this, from);
    if (from == 0) {
      slice.addRows(rows, movedRows);
    }
    return slice;
  }

  private void copyOf(PartialSums source, int from) {
    System.arraycopy(source.counts, from, counts, 0, k);
    System.arraycopy(source.cost, from * Int192.LIMBS, cost, 0, cost.length);
    if (low != null) {
      System.arraycopy(source.low, from * dimension, low, 0, low.length);
    }
    if (high != null) {
      System.arraycopy(source.high, from * dimension, high, 0, high.length);
    }
  }

  /** The same but for the coordinate sums: counts, costs and rows. */
  public PartialSums totals() {
    PartialSums totals = noTotals(k, dimension);
    totals.copyOf(this, 0);
    totals.addRows(rows, movedRows);
    return totals;
  }

  /** Counts and costs that are zero, to add {@link #totals} to. */
  public static PartialSums noTotals(int k, int dimension) {
    return new PartialSums(k, dimension, Sums.NONE, false);
  }

  /** Zeros of another number of clusters, to add slices of the same pass to. */
  public PartialSums zeros(int clusters) {
    return new PartialSums(clusters, dimension, sums, high != null);
  }

  /** Training cost of all clusters, rounded once to a double. */
  public double trainingCost(int costExponent) {
    long[] total = new long[Int192.LIMBS];
    for (int i = 0; i < k; i++) {
      Int192.add(total, 0, cost, i);
    }
    return Int192.toDouble(total, 0, costExponent);
  }

  /** Training cost of one cluster, rounded once to a double. */
  public double clusterCost(int cluster, int costExponent) {
    return Int192.toDouble(cost, cluster, costExponent);
  }
}
