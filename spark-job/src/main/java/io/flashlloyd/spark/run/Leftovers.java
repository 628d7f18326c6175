package io.flashlloyd.spark.run;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hidden folders beside an output's place: {@code .NAME.writing-ID} until the commit, and
 * {@code .NAME.replaced-ID}, what was in the place before, from the commit's first step to its
 * last. A run that is killed leaves them.
 *
 * <p>A living run's look the same. So nothing is removed but what was there when the removing run
 * began, which takes one run at a time for each place: of two, the later takes the earlier for
 * dead.
 */
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
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
   * Refuses a place that is empty, or on object stores without its report, because its replacement
   * was cut off between the commit's first step and its last.
   *
   * @param otherwise what else may be done, for the error
   * @throws IllegalArgumentException naming what is left, and how to have it back
   */
  void requireNoneCutOff(String otherwise) throws IOException {
    List<Path> replaced = cutOff();
    if (replaced.isEmpty()) {
      return;
    }
    Path old = replaced.get(0);
    Path next = writing(id(REPLACED, old));
    boolean both = files.exists(next);
    String left =
        old.getName() + (both ? ", what was to come in %s".formatted(next.getName()) : "");
    throw new IllegalArgumentException(
        FolderMove.inParts(target)
            ? inParts(left, otherwise)
            : ("%s does not exist: replacing it was cut off (what was there is in %s; %s; rename"
                    + " %s to %s%s)")
                .formatted(
                    target,
                    left,
                    both ? "both are whole" : "it is whole",
                    both ? "one of them" : "it",
                    target.getName(),
                    otherwise));
  }

  /** Of what was there the report goes first, of what was to come it is the last. */
  private String inParts(String left, String otherwise) {
    return ("%s is not whole: replacing it was cut off (what was there is in %s; this store moves"
            + " folders in parts: what is in %s is a part of that which lacks it; move all of one"
            + " of them there, %s last%s)")
        .formatted(target, left, target.getName(), ReportFile.NAME, otherwise);
  }

  /** What was replaced by commits that were cut off; empty where the place holds a whole output. */
  List<Path> cutOff() throws IOException {
    return mayBeCutOff() ? only(REPLACED, all()) : List.of();
  }

  private boolean mayBeCutOff() throws IOException {
    if (!files.exists(target)) {
      return true;
    }
    return FolderMove.inParts(target)
        && files.getFileStatus(target).isDirectory()
        && !files.exists(new Path(target, ReportFile.NAME));
  }

  /**
   * Removes what earlier replacements left, once another output is in its place.
   *
   * @param found by {@link #all} when the run began
   */
  void removeReplaced(List<Path> found) throws IOException {
    for (Path old : only(REPLACED, found)) {
      files.delete(writing(id(REPLACED, old)), true);
      files.delete(old, true);
    }
  }

  /**
   * Removes what was not committed. Only where its run is known to be dead.
   *
   * @param found by {@link #all} when the run began
   */
  void removeWriting(List<Path> found) throws IOException {
    for (Path unfinished : only(WRITING, found)) {
      if (!files.exists(replaced(id(WRITING, unfinished)))) { // that one was finished
        files.delete(unfinished, true);
      }
    }
  }

  private String id(String what, Path hidden) {
    return hidden.getName().substring(hidden(what, "").getName().length());
  }

  private List<Path> only(String what, List<Path> found) {
    String prefix = hidden(what, "").getName();
    return found.stream().filter(path -> path.getName().startsWith(prefix)).toList();
  }

  /** All that is there of this place; nothing where this user may write, but not look. */
  List<Path> all() throws IOException {
    List<Path> found = new ArrayList<>();
    try {
      if (files.exists(target.getParent())) {
        for (FileStatus status : files.listStatus(target.getParent())) {
          found.add(status.getPath());
        }
      }
    } catch (AccessDeniedException | AccessControlException e) {
      LOG.warn(
          "{} may not be listed ({}): what killed runs left beside {} is not looked for",
          target.getParent(),
          e.getMessage(),
          target.getName());
    }
    return found.stream().filter(this::isOurs).toList();
  }

  private boolean isOurs(Path path) {
    return path.getName().startsWith(hidden(WRITING, "").getName())
        || path.getName().startsWith(hidden(REPLACED, "").getName());
  }
}
