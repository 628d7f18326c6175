package io.flashlloyd.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashlloyd.io.CommittedFolder;
import io.flashlloyd.io.S3Server;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commits on a local disk, on a real HDFS, and on S3 as Hadoop's own S3A sees it: by processes that
 * are killed, and two at once. {@code -Dkills=30} kills more of them.
 */
class CommitIT {
  @TempDir(cleanup = CleanupMode.NEVER)
  private java.nio.file.Path folder;

  @Test
  void shouldCommitOnLocalDisks() throws Exception {
    String root = folder.resolve("local").toUri().toString();
    kill(root, new Configuration(), Map.of(), Integer.getInteger("kills", 9));
    race(root, new Configuration(), 10);
  }

  @Test
  void shouldCommitOnHdfs() throws Exception {
    Configuration hadoop = new Configuration();
    hadoop.set("hdfs.minidfs.basedir", folder.toString());
    try (MiniDFSCluster cluster = new MiniDFSCluster.Builder(hadoop).numDataNodes(1).build()) {
      kill(cluster.getURI().toString(), hadoop, Map.of(), Integer.getInteger("kills", 3));
      race(cluster.getURI().toString(), hadoop, 6);
    }
  }

  @Test
  void shouldCommitOnS3() throws Exception {
    try (S3Server server = S3Server.start(folder)) {
      kill(server.uri(), server.hadoop(), server.settings(), Integer.getInteger("kills", 3));
      race(server.uri(), server.hadoop(), 3);
    }
  }

  /**
   * The run is there that was committed last or that was about to be; the next leaves no more.
   * Every other kill aims behind the atomic step, which takes the least of a commit's time.
   *
   * @param kills in a commit; those that come too late do not count
   */
  private void kill(String root, Configuration hadoop, Map<String, String> settings, int kills)
      throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Path place = new Path(root + "/killed/run");
    FileSystem files = place.getFileSystem(hadoop);
    int late = 0;
    Map<String, Integer> fell = new TreeMap<>();
    for (int kill = 0; kill < kills + late; kill++) {
      assertThat(late).as("kills after a commit").isLessThan(10 + kills);
      String situation = "%s, seed %d, kill %d".formatted(place, seed, kill);
      java.nio.file.Path log = folder.resolve("log-" + kill);
      CommittingProcess.Said said;
      try (CommittingProcess process =
          CommittingProcess.start(place.toString(), 1000 * kill, settings, log)) {
        said =
            process.kill(
                random, kill % 2 == 0 ? null : () -> CommittedFolder.open(files, place).run());
      }
      String there = CommittedRun.committed(place, hadoop, situation);
      assertThat(there).as(situation).isIn(said.committed(), said.begun());
      late += said.inCommit() ? 0 : 1;
      fell.merge(
          said.inCommit()
              ? CommittedRun.reached(place, there.equals(said.begun()), hadoop)
              : "after its end",
          1,
          Integer::sum);

      CommittedRun next = CommittedRun.written(place.toString(), true, "next" + kill, hadoop);
      next.run();
      assertThat(next.failure()).as(situation).isNull();
      CommittedRun.assertPublic(place, "next" + kill, hadoop, situation);
      assertThat(CommittedRun.list(place.getFileSystem(hadoop), place)).as(situation).hasSize(6);
    }
    System.out.printf(
        "%s, seed %d: %d kills in a commit, all whole; they fell %s%n", place, seed, kills, fell);
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

  /** Files that Hadoop would have made for all to read. */
  @Test
  void shouldFollowTheUmask() throws Exception {
    java.nio.file.Path place = folder.resolve("masked");
    java.nio.file.Path log = folder.resolve("log");
    String shell = "umask 027; %s=1 exec \"$@\"".formatted(CommittingProcess.ONCE);
    try (CommittingProcess process =
        CommittingProcess.start(place.toString(), 1, Map.of(), log, "sh", "-c", shell, "sh")) {
      process.await();
    }
    for (String made : List.of("", "assignments", "model/data")) {
      assertThat(Files.getAttribute(place.resolve(made), "unix:mode")).isEqualTo(0040750);
    }
    for (String file : List.of("_committed", "a.npy", "model/data/part", "report.json")) {
      assertThat(Files.getAttribute(place.resolve(file), "unix:mode")).isEqualTo(0100640);
    }
  }
}
