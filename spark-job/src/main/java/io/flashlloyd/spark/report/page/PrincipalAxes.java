package io.flashlloyd.spark.report.page;

import java.util.Arrays;
import java.util.List;

/**
 * The first two principal axes of weighted points, by power iteration in a fixed order: the same
 * bits wherever it runs, in memory of the points' own size (a decomposition would need the square
 * of the dimension). Where two axes are nearly as long as each other it may stop between them,
 * which makes another map as good as the first.
 */
final class PrincipalAxes {
  private static final int AXES = 2;
  private static final int MOST_STEPS = 100;
  private static final double STILL = 1e-10;

  /** Less of the variance than this is rounding. */
  private static final double NOTHING = 1e-20;

  private final double[][] points;
  private final double[] weights;
  private final int dimension;
  private final double[][] axes = new double[AXES][];
  private final double[] share = new double[AXES];

  private PrincipalAxes(double[][] points, double[] weights, int dimension) {
    this.points = points;
    this.weights = weights;
    this.dimension = dimension;
  }

  /**
   * Of these points, about their weighted mean.
   *
   * @param values [weights x dimension], row after row
   * @param rows each point's weight; all count the same where all are zero
   */
  static PrincipalAxes of(float[] values, long[] rows, int dimension) {
    double total = 0;
    for (long row : rows) {
      total += row;
    }
    double[] weights = new double[rows.length];
    double[] mean = new double[dimension];
    for (int i = 0; i < rows.length; i++) {
      weights[i] = total == 0 ? 1.0 / rows.length : rows[i] / total;
      for (int t = 0; t < dimension; t++) {
        mean[t] += weights[i] * values[i * dimension + t];
      }
    }
    double[][] points = new double[rows.length][dimension];
    for (int i = 0; i < rows.length; i++) {
      for (int t = 0; t < dimension; t++) {
        points[i][t] = values[i * dimension + t] - mean[t];
      }
    }
    PrincipalAxes axes = new PrincipalAxes(points, weights, dimension);
    axes.find();
    return axes;
  }

  private void find() {
    double variance = 0;
    for (int i = 0; i < points.length; i++) {
      variance += weights[i] * dot(points[i], points[i]);
    }
    for (int axis = 0; axis < AXES; axis++) {
      double[] direction = start(axis, NOTHING * variance);
      double length = 0;
      for (int step = 0; step < MOST_STEPS; step++) {
        double[] next = turn(direction, axis);
        length = Math.sqrt(dot(next, next));
        if (length == 0) {
          break;
        }
        scale(next, 1 / length);
        double still = 1 - dot(next, direction);
        direction = next;
        if (still < STILL) {
          break;
        }
      }
      upright(direction);
      axes[axis] = direction;
      share[axis] = variance == 0 ? 0 : length / variance;
    }
  }

  /** The point that lies farthest out, axes found so far apart; zero where there is none. */
  private double[] start(int found, double least) {
    double[] farthest = new double[dimension];
    double largest = least;
    for (int i = 0; i < points.length; i++) {
      double[] rest = points[i].clone();
      removeFound(rest, found);
      double norm = weights[i] * dot(rest, rest);
      if (norm > largest) {
        largest = norm;
        farthest = rest;
      }
    }
    if (largest > least) {
      scale(farthest, 1 / Math.sqrt(dot(farthest, farthest)));
    }
    return farthest;
  }

  /** The covariance times the direction, less what lies along the axes found so far. */
  private double[] turn(double[] direction, int found) {
    double[] next = new double[dimension];
    for (int i = 0; i < points.length; i++) {
      double along = weights[i] * dot(points[i], direction);
      for (int t = 0; t < dimension; t++) {
        next[t] += along * points[i][t];
      }
    }
    removeFound(next, found);
    return next;
  }

  private void removeFound(double[] vector, int found) {
    for (int axis = 0; axis < found; axis++) {
      double along = dot(vector, axes[axis]);
      for (int t = 0; t < dimension; t++) {
        vector[t] -= along * axes[axis][t];
      }
    }
  }

  /** Of the two signs, the one that makes the largest component positive. */
  private static void upright(double[] direction) {
    int largest = 0;
    for (int t = 1; t < direction.length; t++) {
      largest = Math.abs(direction[t]) > Math.abs(direction[largest]) ? t : largest;
    }
    if (direction[largest] < 0) {
      scale(direction, -1);
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int t = 0; t < a.length; t++) {
      sum += a[t] * b[t];
    }
    return sum;
  }

  private static void scale(double[] vector, double factor) {
    for (int t = 0; t < vector.length; t++) {
      vector[t] *= factor;
    }
  }

  /** Each point's place along an axis, from the mean. */
  List<Float> coordinates(int axis) {
    return Arrays.stream(points).map(point -> (float) dot(point, axes[axis])).toList();
  }

  /** Share of the variance along an axis, 0 where there is no variance. */
  double share(int axis) {
    return share[axis];
  }
}
