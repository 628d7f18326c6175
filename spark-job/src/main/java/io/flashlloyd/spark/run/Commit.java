package io.flashlloyd.spark.run;

import io.flashlloyd.io.CommittedFolder;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last step of a run Y: its files become the output, in place of those of a run X or of
 * nothing. All of it happens within the place, which may be a mount point.
 *
 * <pre>
 *                                _committed   .flashlloyd-Y/   public names   readers of ours get
 *   Y has written its files      X            all of Y         X              X
 *   1 they are forced to disk
 *   2 Y claims the place, where
 *     X must still be committed
 *   3 _committed is replaced     Y            all of Y         X              Y   (the commit)
 *   4 names are given            Y            less and less    X, then Y      Y
 *   5 the rest is swept          Y                             Y              Y
 * </pre>
 *
 * <p>Step 3 is one rename, or one PUT. Our readers ({@link CommittedFolder}) look for each file
 * that {@code _committed} names in its run's home, and then at its public name. So a run that is
 * killed before step 3 leaves X whole and one that is killed later Y, and besides hidden names,
 * which the next success sweeps. Step 4 is for the readers of others: one rename for each name, on
 * object stores one copy of each file, the report last.
 *
 * <p>Of two runs one wins: who finds another run committed than when it began has lost, and of two
 * that claim the place at once the one with the smaller id goes on.
 */
final class Commit {
  /** Who withdraws does so at once; who does not within this time is committing. */
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private static final long PAUSE_MILLIS = 20;
  private static final Logger LOG = LoggerFactory.getLogger(Commit.class);

  private final Place place;
  private final FileSystem files;
  private final Path home;
  private final Path claim;
  private final Set<Path> foundBefore;
  private final CommittedFolder before;

  /**
   * @param home of the run, where its files are
   * @param foundBefore what was hidden in the place when the run began
   * @param before what was committed then
   */
  Commit(Place place, Path home, Set<Path> foundBefore, CommittedFolder before) {
    this.place = place;
    this.files = place.files();
    this.home = home;
    this.claim = home.suffix(".claim");
    this.foundBefore = foundBefore;
    this.before = before;
  }

  /**
   * Commits.
   *
   * @param names of the files in the home, in the order in which they get their public names
   * @throws RunFolder.KeptException where it cannot; the files are whole where it says
   */
  void run(List<String> names) throws IOException {
    Path manifest = new Path(home, CommittedFolder.NAME);
    boolean committed = false;
    try {
      place.write(manifest, home.getName().substring(CommittedFolder.HOME.length()), names);
      place.force(home);
      claim();
      requireUnchanged();
      place.commit(manifest);
      committed = true;
      for (String name : firsts(names)) {
        requireHeld();
        place.publish(home, name, names);
      }
      sweep(firsts(names));
    } catch (IOException | RuntimeException | FSError e) {
      throw new RunFolder.KeptException(place.path(), home, committed, e);
    } finally {
      release();
    }
  }

  /** The files and folders of these names, each once. */
  private static Set<String> firsts(List<String> names) {
    return names.stream()
        .map(name -> name.replaceFirst("/.*", ""))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Makes a claim of this run's own, and then looks for others: of two runs the one that looks last
   * sees the other's, wherever listings show what was made before.
   */
  private void claim() throws IOException {
    Owner.write(files, claim);
    long begin = System.nanoTime();
    for (List<Path> others = others(); !others.isEmpty(); others = others()) {
      if (claim.compareTo(others.get(0)) > 0 || System.nanoTime() - begin > PATIENCE_NANOS) {
        throw new IOException(
            "another run is putting its output there; if that is dead, remove " + others.get(0));
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while another run withdrew");
      }
    }
  }

  /** The claims of living runs, those that were there when this one began being of dead ones. */
  private List<Path> others() throws IOException {
    List<Path> others = new ArrayList<>();
    for (Path hidden : place.hidden()) {
      if (hidden.getName().endsWith(".claim")
          && !hidden.equals(claim)
          && (Owner.lives(files, hidden) || !foundBefore.contains(hidden))) {
        others.add(hidden);
      }
    }
    others.sort(null);
    return others;
  }

  private void requireUnchanged() throws IOException {
    if (!CommittedFolder.open(files, place.path()).run().equals(before.run())) {
      throw new IOException("another run has put its output there since this one began");
    }
  }

  private void requireHeld() throws IOException {
    if (!files.exists(claim)) {
      throw new IOException(
          claim + " is gone: a later run took this one for dead, or it was removed by hand");
    }
  }

  /** The output is there: nothing that fails now makes the run a failed one. */
  private void sweep(Set<String> published) {
    try {
      Set<String> old = firsts(before.names());
      for (String name : before.run().isPresent() ? old : place.visible()) {
        if (!published.contains(name)) {
          files.delete(new Path(place.path(), name), true);
        }
      }
      for (Path hidden : place.hidden()) {
        boolean own = hidden.getName().startsWith(home.getName());
        if ((own && !hidden.equals(claim)) || (foundBefore.contains(hidden) && !lives(hidden))) {
          files.delete(hidden, true);
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "{} is written, but what was there before is not all removed: {}",
          place.path(),
          e.getMessage());
    }
  }

  private boolean lives(Path hidden) throws IOException {
    boolean isHome = files.getFileStatus(hidden).isDirectory();
    return Owner.lives(files, isHome ? new Path(hidden, Owner.NAME) : hidden);
  }

  private void release() {
    try {
      files.delete(claim, false);
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} is not removed ({}): remove it", claim, e.getMessage());
    }
  }
}
