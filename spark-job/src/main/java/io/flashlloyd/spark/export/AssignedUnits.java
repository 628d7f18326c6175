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
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Vectors beside the clusters that a run gave them: an assignment file for each unit of the source,
 * row for row. Travels with every task.
 */
final class AssignedUnits implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Pattern NAME = Pattern.compile("part-(\\d{6})-.*\\.parquet");

  private final FileSource source;
  private final String folder;
  private final List<String> assignments;
  private final Shared<Centroids> centroids;

  private AssignedUnits(
      FileSource source, String folder, List<String> assignments, Shared<Centroids> centroids) {
    this.source = source;
    this.folder = folder;
    this.assignments = assignments;
    this.centroids = centroids;
  }

  /**
   * Finds the file of each unit.
   *
   * @param folder of assignment files
   * @param centroids that the rows were assigned to; open as long as rows are read
   * @return nothing where the files are not cut as the source is, as after an append
   */
  static Optional<AssignedUnits> find(FileSource source, String folder, Shared<Centroids> centroids)
      throws IOException {
    FileSystem files = new Path(folder).getFileSystem(source.hadoop());
    String[] found = new String[source.units()];
    for (FileStatus file : files.listStatus(new Path(folder))) {
      Matcher name = NAME.matcher(file.getPath().getName());
      if (name.matches()) {
        int unit = Integer.parseInt(name.group(1));
        if (unit >= found.length || found[unit] != null) {
          return Optional.empty();
        }
        found[unit] = file.getPath().toString();
      }
    }
    List<String> all = new ArrayList<>();
    for (String uri : found) {
      if (uri == null) {
        return Optional.empty();
      }
      all.add(uri);
    }
    return Optional.of(new AssignedUnits(source, folder, all, centroids));
  }

  /** Whether an id column of strings names the rows. */
  boolean namedByText() {
    return source.dataset().idType() == IdType.STRING;
  }

  FileSource source() {
    return source;
  }

  /** Where the assignment files are. */
  String folder() {
    return folder;
  }

  /** [units] in row order. */
  List<String> assignments() {
    return assignments;
  }

  /** Opens a unit's rows, in their order. */
  AssignedRows open(int unit) throws IOException {
    return new AssignedRows(source, unit, assignments.get(unit), centroids.value());
  }
}
