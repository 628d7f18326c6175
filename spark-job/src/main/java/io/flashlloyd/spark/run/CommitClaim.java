package io.flashlloyd.spark.run;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to commit to a place, which one run has at a time: an empty file {@code
 * .NAME.committing-ID} beside it. Each run makes its own and then looks for others: of two runs the
 * one that looks last sees the other's, on every file system whose listings show what was made
 * before. Where both see each other, the one of the larger ID withdraws, and the other waits for
 * that.
 *
 * <p>A claim that was there when a run began is taken for dead, and removed: a living run that has
 * lost its claim stops before its next step.
 */
final class CommitClaim implements AutoCloseable {
  /** Who withdraws does so at once; who does not within this time is committing. */
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private static final long PAUSE_MILLIS = 20;
  private static final Logger LOG = LoggerFactory.getLogger(CommitClaim.class);

  private final FileSystem files;
  private final Path claim;
  private final List<Path> dead = new ArrayList<>();
  private boolean stays;

  private CommitClaim(FileSystem files, Path claim) {
    this.files = files;
    this.claim = claim;
  }

  /**
   * Claims the place of these leftovers.
   *
   * @param id of the run
   * @param foundBefore what was beside the place when the run began
   * @throws IOException where another run has claimed it
   */
  static CommitClaim take(FileSystem files, Leftovers leftovers, String id, List<Path> foundBefore)
      throws IOException {
    CommitClaim claim = new CommitClaim(files, leftovers.claim(id));
    files.create(claim.claim, false).close();
    try {
      claim.awaitOthers(leftovers, foundBefore);
      for (Path found : leftovers.claims(foundBefore)) {
        if (files.delete(found, false)) {
          claim.dead.add(found);
        }
      }
      return claim;
    } catch (IOException | RuntimeException e) {
      claim.close();
      throw e;
    }
  }

  private void awaitOthers(Leftovers leftovers, List<Path> foundBefore) throws IOException {
    long begin = System.nanoTime();
    List<Path> others = others(leftovers, foundBefore);
    while (!others.isEmpty()) {
      Path other = others.get(0);
      if (claim.compareTo(other) > 0 || System.nanoTime() - begin > PATIENCE_NANOS) {
        throw new IOException(
            "another run is putting its output there; if that is dead, remove " + other);
      }
      pause();
      others = others(leftovers, foundBefore);
      if (!others.contains(other) && !files.exists(leftovers.writing(other))) {
        throw new IOException("another run has put its output there at the same time");
      }
    }
  }

  private List<Path> others(Leftovers leftovers, List<Path> foundBefore) throws IOException {
    return leftovers.claims(leftovers.all()).stream()
        .filter(other -> !other.getName().equals(claim.getName()))
        .filter(other -> !foundBefore.contains(other))
        .sorted()
        .toList();
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while another run withdrew");
    }
  }

  /** The claims that were there when the run began, and still when this one was taken. */
  List<Path> dead() {
    return dead;
  }

  FileSystem files() {
    return files;
  }

  /**
   * Asked before each step of a commit that has many.
   *
   * @throws LostException where a run that began meanwhile has taken this one for dead, or somebody
   *     has who removed the claim
   */
  void requireHeld() throws IOException {
    if (!files.exists(claim)) {
      throw new LostException(
          ("%s is gone: a run that began while this one committed took it for dead, or it was"
                  + " removed by hand; what this one wrote may be lost: run it again")
              .formatted(claim));
    }
  }

  /** Another run may be at the place now: nothing there may be touched. */
  static final class LostException extends IOException {
    private static final long serialVersionUID = 1L;

    LostException(String message) {
      super(message);
    }
  }

  /**
   * Says whether the claim stays when it is closed: as long as the place is in parts, so that a
   * later run knows what this one left.
   */
  void stays(boolean inParts) {
    stays = inParts;
  }

  /** Gives the claim up. One that stays is in nobody's way who begins after this. */
  @Override
  public void close() {
    if (stays) {
      return;
    }
    try {
      files.delete(claim, false);
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} is not removed ({}): remove it", claim, e.getMessage());
    }
  }
}
