package io.flashlloyd.engine.cpu;

import io.flashlloyd.engine.Centroids;

/**
 * What an iteration leaves for the next about each row of a chunk: 8 bytes. Not written any more.
 *
 * @param centroids what it is about, compared by identity
 * @param assignments the centroid of each row
 * @param bounds at most each row's distance from every other of the centroids
 */
record KeptRows(Centroids centroids, int[] assignments, float[] bounds) {}
