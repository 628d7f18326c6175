package io.flashlloyd.spark.run;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The move of an output folder to another name: one rename, or, on object stores, where a rename is
 * a copy of one file after another in no order, its parts in turn. There the reports are the last
 * to come and the first to go, {@code report.json} after and before all else, so that it is not
 * found with less than the whole.
 */
final class FolderMove {
  /** One of these is in every folder that is written here; in the order in which they come. */
  static final List<String> REPORTS = List.of("drift.json", "export.json", ReportFile.NAME);

  /** Schemes of stores that know no folders; {@code s3} is that of EMR. */
  private static final Set<String> OBJECT_STORES =
      Set.of("s3", "s3a", "gs", "oss", "cosn", "obs", "swift", "wasb", "wasbs");

  private static final Comparator<Path> REPORTS_LAST =
      Comparator.comparingInt(part -> REPORTS.indexOf(part.getName()));

  private final FileSystem files;
  private final Path from;
  private final Path to;

  FolderMove(FileSystem files, Path from, Path to) {
    this.files = files;
    this.from = from;
    this.to = to;
  }

  /** Whether folders there move part by part. */
  static boolean inParts(Path folder) {
    return OBJECT_STORES.contains(folder.toUri().getScheme());
  }

  /** Moves a folder to where it is read. Where that fails, the parts are in either folder. */
  void in() throws IOException {
    if (!inParts(to)) {
      rename(from, to);
      return;
    }
    files.mkdirs(to);
    for (Path part : parts(REPORTS_LAST)) {
      rename(part, new Path(to, part.getName()));
    }
  }

  /**
   * Moves a folder away from where it is read. Where that fails, what was moved is moved back, the
   * report last, unless a part is itself in parts: then the error says where the rest is.
   */
  void away() throws IOException {
    if (!inParts(to)) {
      rename(from, to);
      return;
    }
    files.mkdirs(to);
    Path[] parts = parts(REPORTS_LAST.reversed());
    for (int moved = 0; moved < parts.length; moved++) {
      try {
        rename(parts[moved], new Path(to, parts[moved].getName()));
      } catch (IOException | RuntimeException e) {
        throw movedBack(parts, moved, e);
      }
    }
  }

  private IOException movedBack(Path[] parts, int moved, Exception cause) {
    String state = "%s is as it was".formatted(from);
    try {
      if (files.exists(new Path(to, parts[moved].getName()))) {
        throw new IOException("%s is in parts".formatted(parts[moved]));
      }
      for (int part = moved - 1; part >= 0; part--) {
        rename(new Path(to, parts[part].getName()), parts[part]);
      }
      files.delete(to, true);
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
      state =
          "what was in %s is in parts there and in %s; move these back, %s last"
              .formatted(from, to.getName(), ReportFile.NAME);
    }
    return new IOException("%s: %s".formatted(cause.getMessage(), state), cause);
  }

  private Path[] parts(Comparator<Path> order) throws IOException {
    return Arrays.stream(files.listStatus(from))
        .map(FileStatus::getPath)
        .sorted(order)
        .toArray(Path[]::new);
  }

  private void rename(Path source, Path place) throws IOException {
    if (!files.rename(source, place)) {
      throw new IOException("Renaming %s to %s failed".formatted(source, place));
    }
  }
}
