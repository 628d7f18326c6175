package io.flashlloyd.spark.run;

import io.flashlloyd.io.CommitMark;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.net.NetUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last step of a run: what was in the place goes away, what the run wrote goes in. Whatever
 * fails, what was there is there again, and what the run wrote stays where it was written; where
 * that cannot be had either, the error says where all is.
 */
final class Commit {
  private static final Logger LOG = LoggerFactory.getLogger(Commit.class);

  private final FileSystem files;
  private final Path target;
  private final Path writing;
  private final Path replaced;
  private final Leftovers leftovers;
  private final String id;

  Commit(FileSystem files, Path target, String id) {
    this.files = files;
    this.target = target;
    this.id = id;
    this.leftovers = new Leftovers(files, target);
    this.writing = leftovers.writing(id);
    this.replaced = leftovers.replaced(id);
  }

  /**
   * Puts the run's folder in its place.
   *
   * @param overwrite whether it may replace what is there
   * @param foundBefore what was beside the place when the run began
   * @param finishedBefore what of that was whole; only where it may be replaced is it removed
   * @throws OutputKeptException where it cannot
   * @throws CommitClaim.LostException where another run has begun to, and took this one for dead
   */
  void run(boolean overwrite, List<Path> foundBefore, List<Path> finishedBefore)
      throws IOException {
    try (CommitClaim claim = CommitClaim.take(files, leftovers, id, foundBefore)) {
      boolean replaces = files.exists(target);
      if (replaces && !overwrite) {
        throw new IOException("it came into being meanwhile");
      }
      if (FolderMove.inParts(target)) {
        moveInParts(claim, replaces);
      } else {
        move(claim, replaces);
      }
      removeOwn();
      if (overwrite) {
        removeReplaced(foundBefore, finishedBefore, claim);
      }
    } catch (CommitClaim.LostException | OutputKeptException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw kept(e, "", "move it there by hand, if need be in exchange for what is there");
    }
  }

  private void move(CommitClaim claim, boolean replaces) throws IOException {
    if (replaces) {
      new FolderMove(claim, target, replaced).away();
    }
    try {
      new FolderMove(claim, writing, target).in();
    } catch (CommitClaim.LostException | FolderMove.InPartsException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      requireHeld(claim, e);
      if (replaces) {
        putBack(claim, e);
      }
      throw e;
    }
  }

  /** Asked before the error says where all is: who has lost the claim does not know. */
  private static void requireHeld(CommitClaim claim, Exception cause)
      throws CommitClaim.LostException {
    try {
      claim.requireHeld();
    } catch (CommitClaim.LostException e) {
      e.addSuppressed(cause);
      throw e;
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private void putBack(CommitClaim claim, Exception cause) throws IOException {
    try {
      new FolderMove(claim, replaced, target).in();
      claim.requireHeld();
      files.delete(replaced, false); // empty, where it was moved in parts
    } catch (CommitClaim.LostException e) {
      e.addSuppressed(cause);
      throw e;
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
      throw kept(
          cause, ", what was there in " + replaced, "move one of them there by hand, all of it");
    }
  }

  /** Readers see the mark first and last, and so never a part. */
  private void moveInParts(CommitClaim claim, boolean replaces) throws IOException {
    Optional<String> before = CommitMark.read(files, target);
    CommitMark.write(files, target, markText(replaces));
    claim.stays(true);
    try {
      move(claim, replaces);
    } catch (FolderMove.InPartsException e) {
      throw inParts(e, replaces);
    } catch (CommitClaim.LostException | OutputKeptException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      restoreMark(claim, before, replaces, e);
      claim.stays(false);
      throw e;
    }
    claim.requireHeld();
    CommitMark.remove(files, target);
    claim.stays(false);
  }

  private void restoreMark(
      CommitClaim claim, Optional<String> before, boolean replaces, Exception cause)
      throws CommitClaim.LostException {
    try {
      claim.requireHeld();
      files.delete(replaced, false); // empty: what was in it is back
      claim.requireHeld();
      if (before.isPresent()) {
        CommitMark.write(files, target, before.get());
      } else {
        CommitMark.remove(files, target);
      }
      if (!replaces) {
        claim.requireHeld();
        files.delete(target, false);
      }
    } catch (CommitClaim.LostException e) {
      e.addSuppressed(cause);
      throw e;
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private String markText(boolean replaces) {
    return ("run %s on %s began to move its output here at %s; what of it is not here is in %s%s;"
            + " if that run is dead, move all of %s here, %s last, and remove %s, or give a run"
            + " --overwrite")
        .formatted(
            id,
            NetUtils.getHostname(),
            Instant.now().truncatedTo(ChronoUnit.SECONDS),
            writing.getName(),
            replaces ? ", what was here before and is not any more in " + replaced.getName() : "",
            replaces ? "one of the two" : "it",
            ReportFile.NAME,
            CommitMark.NAME);
  }

  /** The output is in its place: nothing that fails now makes the run a failed one. */
  private void removeOwn() {
    try {
      files.delete(writing, true); // empty, where it was moved in parts
      files.delete(replaced, true);
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "{} is written, but what it replaced is not all removed ({}): remove {}",
          target,
          e.getMessage(),
          replaced);
    }
  }

  private void removeReplaced(
      List<Path> foundBefore, List<Path> finishedBefore, CommitClaim claim) {
    try {
      leftovers.removeReplaced(foundBefore, finishedBefore, claim.dead());
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "{} is written, but what earlier runs left beside it is not all removed: {}",
          target,
          e.getMessage());
    }
  }

  private OutputKeptException inParts(IOException cause, boolean replaces) {
    return new OutputKeptException(
        ("Output %s cannot be put in its place (%s): what of it is not there is in %s%s; move all"
                + " of %s there by hand and remove %s, or run it again with --overwrite")
            .formatted(
                target,
                cause.getMessage(),
                writing,
                replaces ? ", what was there and is not any more in " + replaced : "",
                replaces ? "one of the two" : "it",
                CommitMark.NAME),
        cause);
  }

  private OutputKeptException kept(Exception cause, String old, String remedy) {
    return new OutputKeptException(
        ("Output %s cannot be put in its place (%s): what this run wrote is whole in %s%s; %s, or"
                + " run it again with --overwrite")
            .formatted(target, cause.getMessage(), writing, old, remedy),
        cause);
  }
}
