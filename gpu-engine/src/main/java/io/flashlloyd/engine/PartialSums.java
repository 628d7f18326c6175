package io.flashlloyd.engine;

import io.flashlloyd.engine.exact.CostSum;
import io.flashlloyd.engine.exact.FixedPoint;
import io.flashlloyd.engine.exact.SumScale;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.stream.IntStream;

/**
 * What a pass found, by cluster: counts, fixed-point coordinate sums, exact cost. All are integers,
 * so merging in any order gives the same bits (contract section 4). Not thread-safe.
 */
public final class PartialSums implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Coordinate sums that one core adds at a time. */
  private static final int PART = 1 << 18;

  private final int k;
  private final int dimension;
  private transient long[] counts;
  private transient long[] low;
  private transient long[] high;
  private transient long[] cost;
  private final OddSums odd;
  private Sums sums;
  private long rows;
  private long movedRows;

  private PartialSums(int k, int dimension, Sums sums, boolean wide, boolean odd) {
    this.k = k;
    this.dimension = dimension;
    this.sums = sums;
    this.counts = new long[k];
    this.low = sums.ofCoordinates() ? new long[Math.multiplyExact(k, dimension)] : null;
    this.high = low != null && wide ? new long[low.length] : null;
    this.cost = new long[Math.multiplyExact(k, CostSum.LIMBS)];
    this.odd = low != null && odd ? new OddSums() : null;
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
    return new PartialSums(
        plan.centroids().k(), scale.dimension(), plan.sums(), scale.wide(), scale.hasOdd());
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

  /** Sums of odd values, which are not in the others; live; null where the scale has none. */
  public OddSums odd() {
    return odd;
  }

  /**
   * A coordinate's whole sum, rounded once to a double, in quanta of its dimension.
   *
   * @param exponent of the dimension's scale
   */
  public double sum(int cluster, int t, int exponent) {
    int place = cluster * dimension + t;
    BigInteger apart = odd == null ? null : odd.at(place);
    if (apart != null) {
      // No quantum is finer than float32's: a scale that loses nothing is not exceeded.
      int finer = OddSums.POINT - exponent;
      BigInteger whole = FixedPoint.wide(low[place], high[place]).shiftLeft(finer).add(apart);
      return Math.scalb(whole.doubleValue(), -finer);
    }
    return high == null ? (double) low[place] : FixedPoint.wideToDouble(low[place], high[place]);
  }

  /** [k x 11] training cost of each cluster, {@link CostSum}, least significant first; live. */
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
    if (slice.sums != sums
        || (slice.high == null) != (high == null)
        || (slice.odd == null) != (odd == null)) {
      throw new IllegalArgumentException(
          "Partial sums %s cannot be merged into those %s (expected passes of one plan)"
              .formatted(slice.kind(), kind()));
    }
    for (int i = 0; i < slice.k; i++) {
      counts[first + i] += slice.counts[i];
      CostSum.add(cost, first + i, slice.cost, i);
    }
    addCoordinates(first * dimension, slice);
    rows += slice.rows;
    movedRows += slice.movedRows;
    return this;
  }

  /** In parts, on all cores: of many clusters it is more than a late iteration takes a GPU. */
  private void addCoordinates(int first, PartialSums slice) {
    if (odd != null) {
      odd.add(first, slice.odd);
    }
    if (low != null) {
      int parts = (slice.low.length + PART - 1) / PART;
      IntStream.range(0, parts)
          .parallel()
          .forEach(part -> addCoordinates(first, slice, part * PART));
    }
  }

  private void addCoordinates(int first, PartialSums slice, int from) {
    int to = Math.min(from + PART, slice.low.length);
    if (high == null) {
      for (int i = from; i < to; i++) {
        low[first + i] += slice.low[i];
      }
      return;
    }
    for (int i = from; i < to; i++) {
      long sum = low[first + i] + slice.low[i];
      high[first + i] += slice.high[i] + (Long.compareUnsigned(sum, slice.low[i]) < 0 ? 1 : 0);
      low[first + i] = sum;
    }
  }

  private String kind() {
    return "of %s rows in %s%s"
        .formatted(
            sums, high == null ? "one limb" : "two limbs", odd == null ? "" : ", odd values apart");
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
    System.arraycopy(source.cost, from * CostSum.LIMBS, cost, 0, cost.length);
    if (low != null) {
      System.arraycopy(source.low, from * dimension, low, 0, low.length);
    }
    if (high != null) {
      System.arraycopy(source.high, from * dimension, high, 0, high.length);
    }
    if (odd != null) {
      long first = (long) from * dimension;
      odd.add(0, source.odd.slice(first, first + (long) k * dimension));
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
    return new PartialSums(k, dimension, Sums.TOTALS, false, false);
  }

  /** Zeros of another number of clusters, to add slices of the same pass to. */
  public PartialSums zeros(int clusters) {
    return new PartialSums(clusters, dimension, sums, high != null, odd != null);
  }

  /**
   * Training cost of all clusters, rounded once to a double.
   *
   * @param shift the sum of weight times distance is 2 to this times the cost
   */
  public double trainingCost(int shift) {
    long[] total = new long[CostSum.LIMBS];
    for (int i = 0; i < k; i++) {
      CostSum.add(total, 0, cost, i);
    }
    return Math.scalb(CostSum.toDouble(total, 0), -shift);
  }

  /** Training cost of one cluster, likewise. */
  public double clusterCost(int cluster, int shift) {
    return Math.scalb(CostSum.toDouble(cost, cluster), -shift);
  }
}
