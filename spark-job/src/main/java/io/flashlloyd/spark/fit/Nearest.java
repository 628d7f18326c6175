package io.flashlloyd.spark.fit;

/**
 * A chunk's rows' nearest candidates, of those of one generation of one run.
 *
 * @param candidates [rows] indices among all candidates
 * @param distances [rows] squared canonical distances from them
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Nearest(String run, int generation, int[] candidates, double[] distances) {}
