package io.flashlloyd.spark.report;

import java.io.Serializable;
import java.util.Map;

/**
 * One Lloyd iteration in numbers (contract section 8).
 *
 * @param iteration from 1
 * @param trainingCost against the centroids before this iteration's update
 * @param centroidShift the largest Euclidean distance that a centroid moved
 * @param movedRows rows with another centroid than in the iteration before; all rows in the first
 * @param emptyClusters clusters without rows; they kept their centroids
 * @param unscreenedRows rows that kept their centroid by exact bounds of the iteration before,
 *     without a look at all others
 * @param seconds wall time by stage: {@code pass} (slowest executor), {@code reduce} (scheduling
 *     and merging), {@code update}, {@code total}
 * @param stages work by stage ({@code read}, {@code decode}, {@code copy}, {@code bounds}, {@code
 *     screen}, {@code refine}, {@code sum}, {@code reduce}, ...), added over threads and executors,
 *     so that they may be more than the wall time; what was not measured is absent
 */
public record IterationReport(
    int iteration,
    double trainingCost,
    double centroidShift,
    long movedRows,
    int emptyClusters,
    long unscreenedRows,
    Map<String, Double> seconds,
    Map<String, Double> stages)
    implements Serializable {}
