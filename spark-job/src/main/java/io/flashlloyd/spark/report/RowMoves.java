package io.flashlloyd.spark.report;

import java.io.Serializable;

/**
 * What became of rows, by id, since the run before.
 *
 * @param kept in the same cluster
 * @param moved in another cluster
 * @param added in this run only
 * @param gone in the previous run only
 */
public record RowMoves(long kept, long moved, long added, long gone) implements Serializable {}
