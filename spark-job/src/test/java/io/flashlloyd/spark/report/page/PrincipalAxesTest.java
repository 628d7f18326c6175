package io.flashlloyd.spark.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The axes against a decomposition of the whole covariance. */
class PrincipalAxesTest {
  private static final int DIMENSION = 6;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @RepeatedTest(10)
  void shouldHoldTheVarianceThatTheTwoLargestEigenvaluesDo() {
    int count = 3 + random.nextInt(60);
    float[] values = points(count);
    long[] rows = random.longs(count, 0, 1000).toArray();
    rows[0] = 1;

    PrincipalAxes axes = PrincipalAxes.of(values, rows, DIMENSION);

    EigenDecomposition whole = new EigenDecomposition(covariance(values, rows));
    double total = Arrays.stream(whole.getRealEigenvalues()).sum();
    for (int axis = 0; axis < 2; axis++) {
      double expected = whole.getRealEigenvalue(axis) / total;
      assertThat(axes.share(axis)).as("seed %d", seed).isCloseTo(expected, within(1e-3));
      double weight = Arrays.stream(rows).sum();
      double variance = 0;
      List<Float> places = axes.coordinates(axis);
      for (int i = 0; i < count; i++) {
        variance += rows[i] / weight * places.get(i) * places.get(i);
      }
      assertThat(variance / total).as("seed %d", seed).isCloseTo(expected, within(1e-3));
    }
  }

  @Test
  void shouldGiveTheSameBitsAndSignEachTime() {
    float[] values = points(40);
    long[] rows = random.longs(40, 1, 9).toArray();
    PrincipalAxes once = PrincipalAxes.of(values, rows, DIMENSION);
    PrincipalAxes again = PrincipalAxes.of(values.clone(), rows.clone(), DIMENSION);

    for (int axis = 0; axis < 2; axis++) {
      assertThat(again.coordinates(axis)).isEqualTo(once.coordinates(axis));
    }
  }

  @Test
  void shouldPutPointsOfOneLineOnTheFirstAxis() {
    float[] values = {0, 0, 1, 2, 2, 4, 3, 6};
    PrincipalAxes axes = PrincipalAxes.of(values, new long[] {1, 1, 1, 1}, 2);

    assertThat(axes.share(0)).isCloseTo(1, within(1e-9));
    assertThat(axes.share(1)).isCloseTo(0, within(1e-9));
    assertThat(axes.coordinates(0)).isSorted();
    assertThat(axes.coordinates(1)).allSatisfy(y -> assertThat(y).isCloseTo(0f, withinFloat()));
  }

  @Test
  void shouldDoWithPointsThatAreAllTheSame() {
    PrincipalAxes axes = PrincipalAxes.of(new float[] {3, 3, 3, 3}, new long[] {0, 0}, 2);

    assertThat(axes.share(0)).isZero();
    assertThat(axes.coordinates(1)).containsExactly(0f, 0f);
  }

  private float[] points(int count) {
    float[] values = new float[count * DIMENSION];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * Math.pow(2, -(i % DIMENSION)) + i % DIMENSION);
    }
    return values;
  }

  private static RealMatrix covariance(float[] values, long[] rows) {
    double total = Arrays.stream(rows).sum();
    double[] mean = new double[DIMENSION];
    for (int i = 0; i < values.length; i++) {
      mean[i % DIMENSION] += rows[i / DIMENSION] / total * values[i];
    }
    double[][] covariance = new double[DIMENSION][DIMENSION];
    for (int row = 0; row < rows.length; row++) {
      for (int a = 0; a < DIMENSION; a++) {
        for (int b = 0; b < DIMENSION; b++) {
          covariance[a][b] +=
              rows[row]
                  / total
                  * (values[row * DIMENSION + a] - mean[a])
                  * (values[row * DIMENSION + b] - mean[b]);
        }
      }
    }
    return MatrixUtils.createRealMatrix(covariance);
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }

  private static org.assertj.core.data.Offset<Float> withinFloat() {
    return org.assertj.core.data.Offset.offset(1e-6f);
  }
}
