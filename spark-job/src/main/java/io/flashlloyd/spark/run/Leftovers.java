package io.flashlloyd.spark.run;

import io.flashlloyd.io.CommitMark;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is hidden beside an output's place: {@code .NAME.writing-ID}, a folder, until the commit;
 * {@code .NAME.replaced-ID}, what was in the place before, and {@code .NAME.committing-ID}, a
 * {@link CommitClaim}, from the commit's first step to its last. A run that is killed leaves them.
 *
 * <p>A living run's look the same. So nothing is removed but what was there when the removing run
 * began: what it finds then it takes for dead.
 */
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
  private static final String WRITING = "writing";
  private static final String REPLACED = "replaced";
  private static final String COMMITTING = "committing";

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

  /** The claim of the same run. */
  Path claim(String id) {
    return hidden(COMMITTING, id);
  }

  /** Where the run of this claim writes. */
  Path writing(Path claim) {
    return writing(id(COMMITTING, claim));
  }

  /** The claims among these. */
  List<Path> claims(List<Path> found) {
    return only(COMMITTING, found);
  }

  private Path hidden(String what, String id) {
    return new Path(target.getParent(), ".%s.%s-%s".formatted(target.getName(), what, id));
  }

  /**
   * Refuses a place that is empty because its replacement was cut off between the commit's first
   * step and its last, or, on object stores, that is marked as not whole.
   *
   * @param otherwise what else may be done, for the error
   * @throws IllegalArgumentException naming what is left, and how to have it back
   */
  void requireNoneCutOff(String otherwise) throws IOException {
    CommitMark.requireNone(files, target);
    List<Path> replaced = cutOff();
    if (replaced.isEmpty()) {
      return;
    }
    Path old = replaced.get(0);
    Path next = writing(id(REPLACED, old));
    boolean both = files.exists(next);
    throw new IllegalArgumentException(
        ("%s does not exist: replacing it was cut off (what was there is in %s%s; %s; rename %s to"
                + " %s%s)")
            .formatted(
                target,
                old.getName(),
                both ? ", what was to come in %s".formatted(next.getName()) : "",
                both ? "both are whole" : "it is whole",
                both ? "one of them" : "it",
                target.getName(),
                otherwise));
  }

  /** What was replaced by commits that were cut off; empty where something is in the place. */
  private List<Path> cutOff() throws IOException {
    return files.exists(target) ? List.of() : only(REPLACED, all());
  }

  /**
   * Removes what runs that are dead had finished, once another output has replaced theirs. What a
   * commit has left that was under way and has ended since stays: its run has told where that is.
   *
   * @param found by {@link #all} when the run began
   * @param finished by {@link #finished} when the run began
   * @param dead the claims among those found that were never given up
   */
  void removeReplaced(List<Path> found, List<Path> finished, List<Path> dead) throws IOException {
    Set<String> ended =
        claims(found).stream()
            .filter(claim -> !dead.contains(claim))
            .map(claim -> id(COMMITTING, claim))
            .collect(Collectors.toSet());
    for (Path claim : dead) {
      files.delete(writing(claim), true);
    }
    for (Path old : only(REPLACED, found)) {
      if (!ended.contains(id(REPLACED, old))) {
        files.delete(writing(id(REPLACED, old)), true);
        files.delete(old, true);
      }
    }
    for (Path folder : finished) {
      if (!ended.contains(id(WRITING, folder))) {
        files.delete(folder, true);
      }
    }
  }

  /** The whole outputs among these that are not in their place. */
  List<Path> finished(List<Path> found) throws IOException {
    List<Path> finished = new ArrayList<>();
    for (Path folder : only(WRITING, found)) {
      if (isFinished(folder)) {
        finished.add(folder);
      }
    }
    return finished;
  }

  /**
   * Removes what was not finished. Only where its run is known to be dead.
   *
   * @param found by {@link #all} when the run began
   */
  void removeUnfinished(List<Path> found) throws IOException {
    for (Path unfinished : only(WRITING, found)) {
      if (!isFinished(unfinished) && !files.exists(replaced(id(WRITING, unfinished)))) {
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

  private boolean isFinished(Path folder) throws IOException {
    for (String report : FolderMove.REPORTS) {
      if (files.exists(new Path(folder, report))) {
        return true;
      }
    }
    return false;
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
    return Stream.of(WRITING, REPLACED, COMMITTING)
        .anyMatch(what -> path.getName().startsWith(hidden(what, "").getName()));
  }
}
