package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.ElementType;
import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.Sums;
import io.flashlloyd.engine.exact.CostSum;
import io.flashlloyd.engine.exact.SumScale;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pass's totals on the device, zero at first: sums, counts, cost, moved rows. All in one leased
 * buffer, results first, so that one copy brings them.
 */
final class DeviceTotals implements AutoCloseable {
  /**
   * Up to this many bits of a quantized coordinate the fast kernel's rounding in float64 is exact.
   */
  private static final int FAST_BITS = 50;

  /** The fast kernel's scaled factor leaves float64 beyond this. */
  private static final int FAST_EXPONENT = 150;

  private static final int THREADS = 256;

  /** Where a result begins on the device, and where it goes. */
  private record Result(long begin, long[] values) {}

  private final PassPlan plan;
  private final Map<ElementType, Boolean> fast = new EnumMap<>(ElementType.class);
  private final Map<ElementType, Optional<HalfSplit>> splits = new EnumMap<>(ElementType.class);
  private final DeviceMemory memory;
  private final DeviceBuffer arena;
  private final long low;
  private final long high;
  private final long counts;
  private final long limbs;
  private final long moved;
  private final long kept;
  private final long digits;
  private final long scales;

  DeviceTotals(PassPlan plan, DeviceWork work) {
    this.plan = plan;
    this.memory = work.memory();
    SumScale scale = plan.scale();
    int k = plan.centroids().k();
    long sumBytes = withSums() ? (long) k * scale.dimension() * 8 : 0;
    ArenaLayout layout = new ArenaLayout();
    this.low = layout.take(sumBytes);
    this.high = layout.take(scale.wide() ? sumBytes : 0);
    this.counts = layout.take(k * 8L);
    this.moved = layout.take(8);
    this.kept = layout.take(8);
    this.limbs = layout.take(k * 8L * CostSum.LIMBS);
    this.digits = layout.take((long) k * KernelShapes.COST_DIGITS * 8);
    long zeros = layout.bytes();
    this.scales = layout.take(scale.dimension() * 8L);
    this.arena = memory.lease(layout.bytes());
    arena.fill(0, zeros, 0, work.stream());
    double[] factors = new double[scale.dimension()];
    for (int t = 0; t < factors.length; t++) {
      factors[t] = Math.scalb(1.0, scale.exponent(t));
    }
    work.upload(factors, arena, scales);
  }

  /**
   * The first digit of costs that are added up in shared memory: such that the last is above the
   * distances of all rows within the data's reach, and their weight. Any is right.
   */
  static int costBase(SumScale scale) {
    double square = 0;
    for (int t = 0; t < scale.dimension(); t++) {
      double reach = 2.0 * scale.reach(t);
      square += reach * reach;
    }
    int top = Math.getExponent(square) + scale.weightBits() + CostSum.POINT;
    int base = Math.floorDiv(top, 16) + 2 - KernelShapes.COST_WINDOW;
    return Math.max(0, Math.min(KernelShapes.COST_DIGITS - KernelShapes.COST_WINDOW, base));
  }

  /** Whether unweighted rows of this type may be summed by the fast kernel of such a pass. */
  static boolean fast(PassPlan plan, ElementType type) {
    return plan.sums() != Sums.ALL
        || (type == ElementType.FLOAT32
            ? fitsFloat64(plan.scale())
            : HalfSplit.of(type, plan.scale()).isPresent());
  }

  private static boolean fitsFloat64(SumScale scale) {
    if (scale.wide()) {
      return false;
    }
    for (int t = 0; t < scale.dimension(); t++) {
      int magnitude = Math.getExponent((double) scale.maxAbs(t)) + 1;
      int exponent = scale.exponent(t);
      if (scale.maxAbs(t) != 0
          && (magnitude + exponent > FAST_BITS || Math.abs(exponent) > FAST_EXPONENT)) {
        return false;
      }
    }
    return true;
  }

  /** Whether unweighted rows of this type may be summed by the fast kernel. */
  boolean fast(ElementType type) {
    return fast.computeIfAbsent(type, t -> fast(plan, t));
  }

  /** How the tensor cores sum rows of this type, where they can. */
  Optional<HalfSplit> split(ElementType type) {
    return splits.computeIfAbsent(type, t -> HalfSplit.of(t, plan.scale()));
  }

  private long at(long offset) {
    return arena.address() + offset;
  }

  private boolean withSums() {
    return plan.sums().ofCoordinates();
  }

  /** Whether rows are only assigned, and nothing is asked of the totals but how many moved. */
  boolean nothing() {
    return plan.sums() == Sums.ASSIGNMENTS;
  }

  /** Whether only rows that move are summed, apart from the others. */
  boolean onlyMoved() {
    return plan.sums() == Sums.MOVED;
  }

  /** Whether every row is summed where it is decided. */
  boolean ofAllRows() {
    return plan.sums() == Sums.ALL;
  }

  /** Where the rows that moved are counted. */
  long moved() {
    return at(moved);
  }

  /** Where the rows that bounds kept are counted. */
  long kept() {
    return at(kept);
  }

  /** The struct Totals of decide.cuh for the kernel that decides most rows. */
  void addTo(KernelArguments arguments) {
    addTo(arguments, ofAllRows());
  }

  /**
   * The struct Totals of decide.cuh.
   *
   * @param sums whether the kernel adds to the sums
   */
  void addTo(KernelArguments arguments, boolean sums) {
    arguments
        .next()
        .address(sums ? at(low) : 0)
        .address(sums && plan.scale().wide() ? at(high) : 0)
        .address(at(counts))
        .address(at(digits))
        .address(at(moved))
        .address(at(scales))
        .int32(costBase(plan.scale()));
  }

  /** Queues what is left to do when all rows are in. */
  void conclude(DeviceWork work) {
    if (nothing()) {
      return;
    }
    int k = plan.centroids().k();
    work.launch(
        KernelCatalog.CARRY_COST,
        KernelShapes.ceilDiv(k, THREADS),
        THREADS,
        0,
        new KernelArguments().next().address(at(digits)).next().int32(k).next().address(at(limbs)));
  }

  /**
   * Brings the totals, after all that was queued, into {@code sums}, which are zero.
   *
   * @return the rows that bounds kept
   */
  long read(PartialSums sums, long rows, DeviceWork work) {
    long[] movedRows = new long[1];
    long[] keptRows = new long[1];
    List<Result> results = new ArrayList<>();
    if (sums.low() != null) {
      results.add(new Result(low, sums.low()));
    }
    if (sums.high() != null) {
      results.add(new Result(high, sums.high()));
    }
    results.add(new Result(moved, movedRows));
    results.add(new Result(kept, keptRows));
    if (!nothing()) {
      results.add(new Result(counts, sums.counts()));
      results.add(new Result(limbs, sums.cost()));
    }
    work.staging()
        .copyOut(arena, 0, digits, (piece, offset) -> take(results, piece, offset), work.stream());
    sums.addRows(rows, movedRows[0]);
    return keptRows[0];
  }

  /** Spreads a piece of the results, which begin at byte {@code offset} of all, over its arrays. */
  private static void take(List<Result> results, ByteBuffer piece, long offset) {
    LongBuffer longs = piece.asLongBuffer();
    long first = offset / 8;
    long end = first + longs.remaining();
    for (Result result : results) {
      long begin = result.begin() / 8;
      long from = Math.max(first, begin);
      long to = Math.min(end, begin + result.values().length);
      if (from < to) {
        longs.get((int) (from - first), result.values(), (int) (from - begin), (int) (to - from));
      }
    }
  }

  @Override
  public void close() {
    memory.giveBack(arena);
  }
}
