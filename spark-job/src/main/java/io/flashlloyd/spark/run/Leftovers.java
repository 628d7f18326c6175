package io.flashlloyd.spark.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The hidden folders beside an output's place: {@code .NAME.writing-ID} until the commit, and
 * {@code .NAME.replaced-ID}, what was in the place before, from the commit's first step to its
 * last. A run that is killed leaves them.
 */
final class Leftovers {
  private static final String WRITING = "writing";
  private static final String REPLACED = "replaced";

  private final FileSystem files;
  private final Path target;

  Leftovers(FileSystem files, Path target) {
    this.files = files;
    this.target = target;
  }

  /** Where a run writes. */
  Path writing(String id) {
    return hidden(WRITING, id);
  }

  /** Where the same run puts what it replaces. */
  Path replaced(String id) {
    return hidden(REPLACED, id);
  }

  private Path hidden(String what, String id) {
    return new Path(target.getParent(), ".%s.%s-%s".formatted(target.getName(), what, id));
  }

  /**
   * Refuses a place that is empty because its replacement was cut off between its two renames.
   *
   * @throws IllegalArgumentException naming what is left, and how to have it back
   */
  void requireNoneCutOff() throws IOException {
    List<Path> replaced = files.exists(target) ? List.of() : all(REPLACED);
    if (replaced.isEmpty()) {
      return;
    }
    Path old = replaced.get(0);
    Path next = writing(id(REPLACED, old));
    boolean whole = files.exists(next);
    throw new IllegalArgumentException(
        "%s does not exist: replacing it was cut off (what was there is in %s%s; rename %s to %s)"
            .formatted(
                target,
                old.getName(),
                whole ? ", what was to come, whole, in " + next.getName() : "",
                whole ? "one of them" : "it",
                target.getName()));
  }

  /** Removes what earlier replacements left, once another output is in its place. */
  void removeReplaced() throws IOException {
    for (Path old : all(REPLACED)) {
      files.delete(writing(id(REPLACED, old)), true);
      files.delete(old, true);
    }
  }

  /** Removes what was not committed. Only where its run is known to be dead. */
  void removeWriting() throws IOException {
    for (Path unfinished : all(WRITING)) {
      if (!files.exists(replaced(id(WRITING, unfinished)))) { // that one was finished
        files.delete(unfinished, true);
      }
    }
  }

  private String id(String what, Path hidden) {
    return hidden.getName().substring(hidden(what, "").getName().length());
  }

  private List<Path> all(String what) throws IOException {
    List<Path> found = new ArrayList<>();
    if (files.exists(target.getParent())) {
      for (FileStatus status : files.listStatus(target.getParent())) {
        if (status.getPath().getName().startsWith(hidden(what, "").getName())) {
          found.add(status.getPath());
        }
      }
    }
    return found;
  }
}
