package io.flashlloyd.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.engine.exact.SumScale;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/**
 * Compares the clusters that a pass found with sums in decimal numbers, which lose nothing, and
 * with those of a pass over the same data without the rows that are far out (contract section 4).
 */
public final class OddCheck {
  /** Of a quotient; sums and products are exact. */
  private static final MathContext DIGITS = new MathContext(60);

  private final OddData all;
  private final OddData plain;
  private final PassRun of;
  private final PassRun ofPlain;
  private final SumScale scale;
  private final SumScale plainScale;
  private int clusters;
  private int beyond;
  private String first = "";

  private OddCheck(LloydEngine engine, OddData all) {
    this.all = all;
    this.plain = all.plain();
    PassPlan plan = all.plan();
    PassPlan plainPlan = plain.plan();
    this.scale = plan.scale();
    this.plainScale = plainPlan.scale();
    this.of = PassRun.of(engine, plan, all.rows(), 1, 0);
    engine.forget(0);
    this.ofPlain = PassRun.of(engine, plainPlan, plain.rows(), 1, 0);
    engine.forget(0);
  }

  /** What was compared: clusters, and how many of them were beyond the tolerance. */
  public record Result(int clusters, int beyond, String first) {
    public Result plus(Result other) {
      return new Result(
          clusters + other.clusters, beyond + other.beyond, first.isEmpty() ? other.first : first);
    }
  }

  /** Runs both passes and compares every cluster; {@code same} is the oracle for bits. */
  public static Result of(LloydEngine engine, LloydEngine same, OddData data) {
    OddCheck check = new OddCheck(engine, data);
    if (same != null) {
      OddCheck expected = new OddCheck(same, data);
      check.of.assertSameAs(expected.of, check.all.name());
      check.ofPlain.assertSameAs(expected.ofPlain, check.plain.name());
    }
    for (int cluster = 0; cluster < data.centroids().k(); cluster++) {
      check.compare(cluster);
    }
    return new Result(check.clusters, check.beyond, check.first);
  }

  private void compare(int cluster) {
    boolean right = within(cluster, all, of, scale) && within(cluster, plain, ofPlain, plainScale);
    if (!hasFar(cluster)) {
      // What the one run may lack is what the other may have.
      right &= of.sums().counts()[cluster] == ofPlain.sums().counts()[cluster];
      right &= of.sums().clusterCost(cluster, 0) == ofPlain.sums().clusterCost(cluster, 0);
    }
    clusters++;
    beyond += right ? 0 : 1;
    if (!right && first.isEmpty()) {
      first = all.name() + ", cluster " + cluster;
    }
  }

  private boolean hasFar(int cluster) {
    for (int row = plain.rows().rows(); row < all.rows().rows(); row++) {
      if (of.assignments()[row] == cluster) {
        return true;
      }
    }
    return false;
  }

  /** Whether mean and cost are right to what the data without far rows allows. */
  private boolean within(int cluster, OddData data, PassRun run, SumScale own) {
    BigDecimal weight = BigDecimal.ZERO;
    BigDecimal cost = BigDecimal.ZERO;
    int dimension = data.rows().dimension();
    BigDecimal[] sums = new BigDecimal[dimension];
    Arrays.fill(sums, BigDecimal.ZERO);
    for (int row = 0; row < data.rows().rows(); row++) {
      if (run.assignments()[row] == cluster) {
        BigDecimal w = BigDecimal.valueOf(data.rows().weight(row));
        weight = weight.add(w);
        cost = cost.add(w.multiply(new BigDecimal(run.distances()[row])));
        for (int t = 0; t < dimension; t++) {
          sums[t] = sums[t].add(w.multiply(new BigDecimal(data.rows().get(row, t))));
        }
      }
    }
    assertThat(run.sums().counts()[cluster]).isEqualTo(weight.longValueExact());
    boolean right = cost.doubleValue() == run.sums().clusterCost(cluster, 0);
    for (int t = 0; t < dimension && weight.signum() > 0; t++) {
      double sum = run.sums().sum(cluster, t, own.exponent(t));
      double mean = sum / (weight.doubleValue() * Math.scalb(1.0, own.exponent(t)));
      BigDecimal exact = sums[t].divide(weight, DIGITS);
      BigDecimal off = new BigDecimal((float) mean).subtract(exact).abs();
      double ulp = Math.ulp((float) mean);
      double quantum = plainScale.maxAbs(t) == 0 ? 0 : Math.scalb(1.0, -plainScale.exponent(t));
      right &= off.compareTo(new BigDecimal(Math.max(ulp, quantum))) <= 0;
    }
    return right;
  }
}
