package io.flashlloyd.spark.nightly;

import io.flashlloyd.io.CommittedFolder;
import io.flashlloyd.io.StoragePath;
import io.flashlloyd.spark.run.RunFolder;
import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobPattern;
import org.apache.hadoop.fs.Path;

/**
 * The run to go on from where a glob names several: the one that ended last, by the time of its
 * {@code report.json}. A night that failed has left none, so that the next night takes the one
 * before. A past night that is run again takes the run of a later one.
 */
public final class NewestRun {
  /** A folder with a report, and when that was written. */
  private record Ended(Path folder, long time) {}

  private NewestRun() {}

  /**
   * The newest whole run.
   *
   * @param uri a folder, which is taken as it is, or a glob
   * @param output where the next run goes, which is not looked at: a retried one may be there
   * @throws IllegalArgumentException where the glob names no whole run
   */
  public static String of(String uri, String output, Configuration hadoop) throws IOException {
    Path path = StoragePath.of(uri);
    FileSystem files = path.getFileSystem(hadoop);
    if (!new GlobPattern(uri).hasWildcard() || files.exists(path)) {
      return uri;
    }
    String next = RunFolder.qualified(output, hadoop);
    Optional<Ended> newest = Optional.empty();
    for (Path found : StoragePath.matches(files, path)) {
      if (!RunFolder.qualified(found.toString(), hadoop).equals(next)) {
        newest = later(newest, ended(found, files, hadoop));
      }
    }
    return newest
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s names no complete run (expected a folder with %s, besides --output)"
                        .formatted(uri, RunFolder.REPORT)))
        .folder()
        .toString();
  }

  private static Optional<Ended> ended(Path folder, FileSystem files, Configuration hadoop)
      throws IOException {
    return CommittedFolder.reading(
        folder,
        hadoop,
        run -> {
          Path report = run.file(RunFolder.REPORT);
          return run.has(RunFolder.REPORT)
              ? Optional.of(new Ended(folder, files.getFileStatus(report).getModificationTime()))
              : Optional.empty();
        });
  }

  private static Optional<Ended> later(Optional<Ended> a, Optional<Ended> b) {
    Comparator<Ended> byTime =
        Comparator.comparingLong(Ended::time).thenComparing(run -> run.folder().getName());
    return Stream.of(a, b).flatMap(Optional::stream).max(byTime);
  }
}
