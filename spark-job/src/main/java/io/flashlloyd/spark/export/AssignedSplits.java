package io.flashlloyd.spark.export;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.ElementType;
import io.flashlloyd.io.IdType;
import io.flashlloyd.io.lists.AssignmentReader;
import io.flashlloyd.spark.data.DistanceMeasure;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.Shared;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;

/**
 * Vectors beside the clusters that a run gave them: an assignment file for each split of the
 * source, row for row. Travels with every task.
 */
final class AssignedSplits implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Pattern NAME = Pattern.compile("part-(\\d{6})-.*\\.parquet");

  private final FileSource source;
  private final List<String> assignments;
  private final Shared<Centroids> centroids;

  private AssignedSplits(FileSource source, List<String> assignments, Shared<Centroids> centroids) {
    this.source = source;
    this.assignments = assignments;
    this.centroids = centroids;
  }

  /**
   * Finds the file of each split.
   *
   * @param files of assignments
   * @param centroids that the rows were assigned to; open as long as rows are read
   * @return nothing where the files are not cut as the source is, as after an append
   */
  static Optional<AssignedSplits> find(
      FileSource source, List<String> files, Shared<Centroids> centroids) {
    String[] found = new String[source.splits()];
    for (String file : files) {
      Matcher name = NAME.matcher(new Path(file).getName());
      if (name.matches()) {
        int split = Integer.parseInt(name.group(1));
        if (split >= found.length || found[split] != null) {
          return Optional.empty();
        }
        found[split] = file;
      }
    }
    List<String> all = new ArrayList<>();
    for (String uri : found) {
      if (uri == null) {
        return Optional.empty();
      }
      all.add(uri);
    }
    return Optional.of(new AssignedSplits(source, all, centroids));
  }

  /** Whether an id column of strings names the rows. */
  boolean namedByText() {
    return source.dataset().idType() == IdType.STRING;
  }

  FileSource source() {
    return source;
  }

  /** [splits] in row order. */
  List<String> assignments() {
    return assignments;
  }

  /**
   * How rows travel.
   *
   * @param numbered whether they are named by their numbers instead of their ids
   */
  RowPiece.Layout layout(boolean numbered) {
    boolean cosine = source.measure() == DistanceMeasure.COSINE; // of length 1, in float32
    ElementType type = cosine ? ElementType.FLOAT32 : source.dataset().type();
    return new RowPiece.Layout(source.dataset().dimension(), type, !numbered && namedByText());
  }

  /** Of all splits, in row order. */
  List<Integer> numbers() {
    return IntStream.range(0, assignments.size()).boxed().toList();
  }

  /** [k] rows of each cluster, counted in some of the assignments. */
  long[] sizes(Iterator<String> some, int k) throws IOException {
    long[] sizes = new long[k];
    while (some.hasNext()) {
      AssignmentReader.count(some.next(), source.hadoop(), sizes);
    }
    return sizes;
  }

  /** Opens a split's rows, in their order. */
  AssignedRows open(int split) throws IOException {
    return new AssignedRows(source, split, assignments.get(split), centroids.value());
  }
}
