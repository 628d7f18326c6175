package io.flashlloyd.spark.nightly;

import java.util.Arrays;

/**
 * The assignment problem: every row gets a column of its own, at the least total cost. The
 * Hungarian method with potentials (Jonker and Volgenant's form of it): rows come in one by one,
 * each by a shortest augmenting path over reduced costs. Exact; rows^2 * columns steps at worst,
 * far fewer where most rows have a column that nobody else wants. The lowest column wins a tie.
 */
final class MinimumCostMatching {
  /** The costs of one row; the array may be used again for the next. */
  interface Costs {
    float[] row(int row);
  }

  private static final int NONE = -1;

  private final Costs costs;
  private final int columns;
  private final double[] rowPotential;
  private final double[] columnPotential;
  private final int[] rowOf;

  // Of the path under construction.
  private final double[] least;
  private final int[] from;
  private final boolean[] reached;

  private MinimumCostMatching(int rows, int columns, Costs costs) {
    this.costs = costs;
    this.columns = columns;
    this.rowPotential = new double[rows];
    this.columnPotential = new double[columns];
    this.rowOf = new int[columns];
    this.least = new double[columns];
    this.from = new int[columns];
    this.reached = new boolean[columns];
    Arrays.fill(rowOf, NONE);
  }

  /**
   * Solves it.
   *
   * @param rows at most {@code columns}
   * @return [rows] each row's column
   */
  static int[] solve(int rows, int columns, Costs costs) {
    MinimumCostMatching matching = new MinimumCostMatching(rows, columns, costs);
    for (int row = 0; row < rows; row++) {
      matching.insert(row);
    }
    int[] columnOf = new int[rows];
    for (int column = 0; column < columns; column++) {
      if (matching.rowOf[column] != NONE) {
        columnOf[matching.rowOf[column]] = column;
      }
    }
    return columnOf;
  }

  /** Finds the cheapest way for a new row to have a column, others making room where they must. */
  private void insert(int newRow) {
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    Arrays.fill(from, NONE);
    Arrays.fill(reached, false);
    int row = newRow;
    int column = NONE;
    double pathCost = 0;
    while (row != NONE) {
      int next = nearestColumn(row, column, pathCost);
      pathCost = least[next];
      reached[next] = true;
      column = next;
      row = rowOf[next];
    }
    settle(newRow, pathCost);
    for (int at = column; at != NONE; at = from[at]) {
      rowOf[at] = from[at] == NONE ? newRow : rowOf[from[at]];
    }
  }

  /** Relaxes the row's edges; returns the unreached column with the shortest path so far. */
  private int nearestColumn(int row, int via, double pathCost) {
    float[] cost = costs.row(row);
    double offset = pathCost - rowPotential[row];
    int nearest = NONE;
    for (int column = 0; column < columns; column++) {
      if (reached[column]) {
        continue;
      }
      double length = offset + cost[column] - columnPotential[column];
      if (length < least[column]) {
        least[column] = length;
        from[column] = via;
      }
      if (nearest == NONE || least[column] < least[nearest]) {
        nearest = column;
      }
    }
    return nearest;
  }

  /** Moves potentials so that reduced costs stay at least 0, and 0 along the path. */
  private void settle(int newRow, double pathCost) {
    rowPotential[newRow] += pathCost;
    for (int column = 0; column < columns; column++) {
      if (reached[column]) {
        double slack = pathCost - least[column];
        columnPotential[column] -= slack;
        if (rowOf[column] != NONE) {
          rowPotential[rowOf[column]] += slack;
        }
      }
    }
  }
}
