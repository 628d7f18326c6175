package io.flashlloyd.spark.run;

import io.flashlloyd.io.CommitMark;
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
 * a copy of one file after another in no order, its parts in turn: then a {@link CommitMark} stays,
 * the reports are the last to come and the first to go, and the empty folder is left. A move that
 * fails is undone.
 */
final class FolderMove {
  /** One of these is in every folder that is written here; in the order in which they come. */
  static final List<String> REPORTS = List.of("drift.json", "export.json", ReportFile.NAME);

  /** Schemes of stores that know no folders; {@code s3} is that of EMR. */
  private static final Set<String> OBJECT_STORES =
      Set.of("s3", "s3a", "gs", "oss", "cosn", "obs", "swift", "wasb", "wasbs");

  private static final Comparator<Path> REPORTS_LAST =
      Comparator.comparingInt(part -> REPORTS.indexOf(part.getName()));

  private final CommitClaim claim;
  private final FileSystem files;
  private final Path from;
  private final Path to;

  /** A folder is in parts, of which some are in one place and some in the other. */
  static final class InPartsException extends IOException {
    private static final long serialVersionUID = 1L;

    InPartsException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  FolderMove(CommitClaim claim, Path from, Path to) {
    this.claim = claim;
    this.files = claim.files();
    this.from = from;
    this.to = to;
  }

  /** Whether folders there move part by part. */
  static boolean inParts(Path folder) {
    return OBJECT_STORES.contains(folder.toUri().getScheme());
  }

  /**
   * Moves a folder to where it is read.
   *
   * @throws InPartsException where the move failed, and could not be undone
   * @throws CommitClaim.LostException where it stopped, or its undoing, since the claim is lost
   */
  void in() throws IOException {
    move(REPORTS_LAST);
  }

  /**
   * Moves a folder away from where it is read.
   *
   * @throws InPartsException where the move failed, and could not be undone
   */
  void away() throws IOException {
    move(REPORTS_LAST.reversed());
  }

  private void move(Comparator<Path> order) throws IOException {
    claim.requireHeld();
    if (!inParts(to)) {
      if (files.exists(to)) { // a rename would put the one into the other
        throw new IOException("%s is in the way of %s".formatted(to, from.getName()));
      }
      rename(from, to);
      return;
    }
    files.mkdirs(to);
    Path[] parts = parts(order);
    for (int part = 0; part < parts.length; part++) {
      try {
        claim.requireHeld();
        rename(parts[part], moved(parts[part]));
      } catch (CommitClaim.LostException e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        undo(parts, part, e);
        throw e;
      }
    }
  }

  /** Part {@code last} may be in parts itself. */
  private void undo(Path[] parts, int last, Exception cause) throws IOException {
    try {
      for (int part = last; part >= 0; part--) {
        moveRest(moved(parts[part]), parts[part]);
      }
    } catch (CommitClaim.LostException e) {
      e.addSuppressed(cause);
      throw e;
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
      throw new InPartsException(
          "%s: what was in %s is in parts there and in %s"
              .formatted(cause.getMessage(), from, to.getName()),
          cause);
    }
  }

  /** Moves to {@code place} what it lacks of {@code source}; a file that is seen there is whole. */
  private void moveRest(Path source, Path place) throws IOException {
    if (!files.exists(source)) {
      return;
    }
    if (!files.exists(place)) {
      claim.requireHeld();
      rename(source, place);
      return;
    }
    if (files.getFileStatus(source).isDirectory()) {
      for (FileStatus child : files.listStatus(source)) {
        moveRest(child.getPath(), new Path(place, child.getPath().getName()));
      }
    }
    claim.requireHeld();
    files.delete(source, true);
  }

  private Path moved(Path part) {
    return new Path(to, part.getName());
  }

  private Path[] parts(Comparator<Path> order) throws IOException {
    return Arrays.stream(files.listStatus(from))
        .map(FileStatus::getPath)
        .filter(part -> !part.getName().equals(CommitMark.NAME))
        .sorted(order)
        .toArray(Path[]::new);
  }

  private void rename(Path source, Path place) throws IOException {
    if (!files.rename(source, place)) {
      throw new IOException("Renaming %s to %s failed".formatted(source, place));
    }
  }
}
