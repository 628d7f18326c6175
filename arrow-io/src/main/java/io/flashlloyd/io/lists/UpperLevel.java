package io.flashlloyd.io.lists;

import io.flashlloyd.io.output.CentroidMatrix;

/**
 * A level above the centroids of a two-level index.
 *
 * @param centroids of the level
 * @param parents [k of the level below]: which of them each centroid below belongs to; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // a large value, passed on, never compared
public record UpperLevel(CentroidMatrix centroids, int[] parents) {}
