package io.flashlloyd.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.io.S3Server;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Commits on a real HDFS, and on S3 as Hadoop's own S3A sees it. */
class CommitIT {
  /** What nothing catches. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  @Test
  void shouldLetOneOfTwoWinOnLocalDisks(@TempDir java.nio.file.Path folder) throws Exception {
    race(folder.toUri().toString(), new Configuration(), 10);
  }

  @Test
  void shouldLetOneOfTwoWinOnHdfs(@TempDir(cleanup = CleanupMode.NEVER) java.nio.file.Path folder)
      throws Exception {
    Configuration hadoop = new Configuration();
    hadoop.set("hdfs.minidfs.basedir", folder.toString());
    try (MiniDFSCluster cluster = new MiniDFSCluster.Builder(hadoop).numDataNodes(1).build()) {
      race(cluster.getURI().toString(), hadoop, 6);
    }
  }

  @Test
  void shouldCommitOnS3(@TempDir java.nio.file.Path folder) throws Exception {
    try (S3Server server = S3Server.start(folder)) {
      FailingS3.register(server.hadoop());
      race(server.uri(), server.hadoop(), 3);
      undo(server.uri() + "/undo/run", server.hadoop());
      cutOff(server.uri() + "/cut-off/run", server.hadoop());
    } finally {
      FailingS3.failRenamesOf(path -> false);
    }
  }

  /** Two runs commit at once, now and then a little after each other. */
  private static void race(String root, Configuration hadoop, int rounds) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < rounds; round++) {
      boolean overwrite = round % 2 == 1;
      String place = root + "/race-" + round + "/run";
      if (overwrite) {
        CommittedRun.written(place, false, "old", hadoop).run();
      }
      CommittedRun one = CommittedRun.begun(place, overwrite, "one", hadoop);
      CommittedRun other = CommittedRun.begun(place, overwrite, "other", hadoop);
      one.write();
      other.write();
      CyclicBarrier begin = new CyclicBarrier(2);
      int late = random.nextInt(4) == 0 ? random.nextInt(50) : 0;
      Thread second = new Thread(() -> runAfter(begin, late, other));
      second.start();
      runAfter(begin, 0, one);
      second.join();
      CommittedRun.assertOneWon(
          List.of(one, other), "%s, seed %d, late %d".formatted(place, seed, late));
    }
  }

  private static void runAfter(CyclicBarrier begin, int millis, Runnable run) {
    try {
      begin.await();
      Thread.sleep(millis);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    run.run();
  }

  /** A part that cannot be moved: the old run is there again, and the new one beside it. */
  private static void undo(String place, Configuration hadoop) throws IOException {
    Path run = new Path(place);
    FileSystem files = run.getFileSystem(hadoop);
    CommittedRun.written(place, false, "old", hadoop).run();
    FailingS3.failRenamesOf(
        path -> path.getName().equals("zone") && path.getParent().getName().startsWith(".run.w"));
    CommittedRun next = CommittedRun.written(place, true, "new", hadoop);
    next.run();
    FailingS3.failRenamesOf(path -> false);

    assertThat(next.failure()).hasMessageContaining("/zone failed): what this run wrote is whole");
    CommittedRun.assertWhole(files, run, "old", place);
    String kept = next.failure().getMessage().replaceFirst(".* is whole in ([^;]*);.*", "$1");
    CommittedRun.assertWhole(files, new Path(kept), "new", place);
    RunFolder.checkNotCutOff(place, hadoop);
  }

  /** A process that ends in the middle: of a first output, and of one that replaces another. */
  private static void cutOff(String place, Configuration hadoop) throws IOException {
    for (boolean overwrite : List.of(false, true)) {
      CommittedRun killed = CommittedRun.written(place, overwrite, "killed", hadoop);
      FailingS3.failRenamesOf(path -> killedAt(path, "drift.json"));
      assertThatThrownBy(killed::run).isInstanceOf(Killed.class);
      FailingS3.failRenamesOf(path -> false);

      assertThatThrownBy(() -> StoredRun.open(place, hadoop))
          .hasMessageContaining(place + " is not whole, as _COMMITTING in it says: run ");
      assertThatThrownBy(() -> RunFolder.check(place, false, hadoop))
          .hasMessageContaining("or give a run --overwrite");
      CommittedRun next = CommittedRun.written(place, true, "next", hadoop);
      next.run();
      assertThat(next.succeeded()).isTrue();
      FileSystem files = new Path(place).getFileSystem(hadoop);
      CommittedRun.assertWhole(files, new Path(place), "next", place);
      assertThat(files.listStatus(new Path(place).getParent())).hasSize(1);
    }
  }

  private static boolean killedAt(Path path, String part) {
    if (path.getName().equals(part) && path.getParent().getName().startsWith(".run.writing-")) {
      throw new Killed();
    }
    return false;
  }
}
