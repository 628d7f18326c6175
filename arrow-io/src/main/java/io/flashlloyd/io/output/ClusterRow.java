package io.flashlloyd.io.output;

/**
 * A row of the table of clusters.
 *
 * @param size rows of the cluster
 * @param cost training cost of its rows
 * @param distanceP50 the distance that half of its rows do not exceed; null where it has none, as
 *     are the others
 */
public record ClusterRow(
    int cluster,
    long size,
    double cost,
    Double distanceP50,
    Double distanceP99,
    Double distanceMax) {}
