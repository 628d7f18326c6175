package io.flashlloyd.spark.run;

import io.flashlloyd.spark.data.Slicing;
import io.flashlloyd.spark.data.VectorRows;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What assigning tasks gathered, by ranges of {@code width} clusters: the rows of a range meet in
 * one place and become its lines of the table of clusters.
 */
record ClusterSlices(int k, int width)
    implements Slicing<AssignTask.Found, ClusterSlices.Piece, ClusterSlices.Slice> {
  /** Rows of a slice, about: what is sorted together, and by no two merges. */
  private static final long ROWS = 1L << 18;

  /** Slices that a core joins before their results are given on. */
  private static final int EACH = 4;

  private static final int MOST = 1024;

  /** One of these; {@code result} is of the whole task. */
  @SuppressWarnings("ArrayRecordComponent") // a large value, passed on, never compared
  record Piece(AssignTask.Result result, NearestRows nearest, long[] distances)
      implements Serializable {}

  /** A range's lines; {@code result} is of all tasks, in the first slice. */
  record Slice(AssignTask.Result result, ClusterDistances distances, NearestRows nearest)
      implements Serializable {}

  /** For this many rows in k clusters. */
  static ClusterSlices of(int k, long rows) {
    long count = Math.max(1, Math.min(Math.min(k, MOST), rows / ROWS));
    return new ClusterSlices(k, (int) ((k + count - 1) / count));
  }

  @Override
  public int count() {
    return (k + width - 1) / width;
  }

  /** The slice of a cluster. */
  int of(int cluster) {
    return cluster / width;
  }

  /** The first cluster of a slice; of slice {@link #count}, k. */
  int first(int slice) {
    return (int) Math.min(k, (long) slice * width);
  }

  @Override
  public Iterator<Piece> cut(AssignTask.Found found, int index) {
    Piece head = new Piece(index == 0 ? found.result() : null, found.gather().nearest(index), null);
    Stream<Piece> rows =
        found.gather().distances(index).map(distances -> new Piece(null, null, distances));
    return Stream.concat(Stream.of(head), rows).iterator();
  }

  /** On all cores, a few for each at a time. */
  @Override
  public void give(AssignTask.Found whole, VectorRows.SliceTaker<Slice> taker) {
    int together = EACH * Runtime.getRuntime().availableProcessors();
    for (int first = 0; first < count(); first += together) {
      List<Slice> joined =
          IntStream.range(first, Math.min(first + together, count()))
              .parallel()
              .mapToObj(index -> join(index, cut(whole, index)))
              .toList();
      for (int i = 0; i < joined.size(); i++) {
        taker.take(first + i, joined.get(i));
      }
    }
  }

  @Override
  public Slice join(int index, Iterator<Piece> pieces) {
    int first = first(index);
    int end = first(index + 1);
    DistanceCounts counts = new DistanceCounts();
    NearestRows nearest = new NearestRows(first, end);
    AssignTask.Result result = null;
    while (pieces.hasNext()) {
      Piece piece = pieces.next();
      if (piece.distances() != null) {
        counts.add(piece.distances());
      } else {
        nearest.merge(piece.nearest());
      }
      if (piece.result() != null) {
        result = result == null ? piece.result() : AssignTask.Result.merge(result, piece.result());
      }
    }
    return new Slice(result, counts.distances(first, end), nearest);
  }
}
