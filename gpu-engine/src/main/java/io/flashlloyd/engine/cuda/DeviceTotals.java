package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.PartialSums;
import io.flashlloyd.engine.PassPlan;
import io.flashlloyd.engine.Sums;
import io.flashlloyd.engine.exact.SumScale;

/** A pass's totals on the device, zero at first: sums, counts, cost, moved rows. */
final class DeviceTotals implements AutoCloseable {
  /**
   * Up to this many bits of a quantized coordinate the fast kernel's rounding in float64 is exact.
   */
  private static final int FAST_BITS = 50;

  /** The fast kernel's scaled factor leaves float64 beyond this. */
  private static final int FAST_EXPONENT = 150;

  private final PassPlan plan;
  private final int costExponent;
  private final boolean fast;
  private final DeviceBuffer low;
  private final DeviceBuffer high;
  private final DeviceBuffer counts;
  private final DeviceBuffer digits;
  private final DeviceBuffer moved;
  private final DeviceBuffer scales;

  DeviceTotals(PassPlan plan, DeviceWork work) {
    this.plan = plan;
    SumScale scale = plan.scale();
    int k = plan.centroids().k();
    long sumBytes = (long) k * scale.dimension() * 8;
    this.costExponent = scale.costExponent(plan.centroids());
    this.fast = plan.sums() == Sums.NONE || fitsFast(scale);
    DeviceMemory memory = work.memory();
    this.low = plan.sums() == Sums.NONE ? null : zeros(sumBytes, work);
    this.high = low != null && scale.wide() ? zeros(sumBytes, work) : null;
    this.counts = zeros(k * 8L, work);
    this.digits = zeros((long) k * KernelShapes.COST_DIGITS * 8, work);
    this.moved = zeros(8, work);
    double[] factors = new double[scale.dimension()];
    for (int t = 0; t < factors.length; t++) {
      factors[t] = Math.scalb(1.0, scale.exponent(t));
    }
    this.scales = memory.allocate(factors.length * 8L);
    work.upload(factors, scales);
  }

  private static DeviceBuffer zeros(long bytes, DeviceWork work) {
    DeviceBuffer buffer = work.memory().allocate(bytes);
    buffer.zero(work.stream());
    return buffer;
  }

  private static boolean fitsFast(SumScale scale) {
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

  /** Whether unweighted rows may be summed by the fast kernel. */
  boolean fast() {
    return fast;
  }

  /** The struct Totals of decide.cuh. */
  void addTo(KernelArguments arguments) {
    arguments
        .next()
        .address(low)
        .address(high)
        .address(counts)
        .address(digits)
        .address(moved)
        .address(scales)
        .int32(costExponent);
  }

  /** Waits for all that was queued and returns the totals. */
  PartialSums read(long rows, DeviceWork work) {
    PartialSums sums = PartialSums.zeros(plan);
    try (DeviceBuffer limbs = work.memory().allocate(sums.cost().length * 8L)) {
      KernelArguments arguments =
          new KernelArguments()
              .next()
              .address(digits)
              .next()
              .int32(plan.centroids().k())
              .next()
              .address(limbs);
      work.launch(
          KernelCatalog.CARRY_COST,
          KernelShapes.ceilDiv(plan.centroids().k(), 256),
          256,
          0,
          arguments);
      work.download(limbs, sums.cost());
    }
    work.download(counts, sums.counts());
    if (low != null) {
      work.download(low, sums.low());
    }
    if (high != null) {
      work.download(high, sums.high());
    }
    long[] movedRows = new long[1];
    work.download(moved, movedRows);
    sums.addRows(rows, movedRows[0]);
    return sums;
  }

  @Override
  public void close() {
    if (low != null) {
      low.close();
    }
    if (high != null) {
      high.close();
    }
    counts.close();
    digits.close();
    moved.close();
    scales.close();
  }
}
