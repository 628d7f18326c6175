package io.flashlloyd.spark.export;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.IdType;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.data.Shared;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /** Opens a split's rows, in their order. */
  AssignedRows open(int split) throws IOException {
    return new AssignedRows(source, split, assignments.get(split), centroids.value());
  }
}
