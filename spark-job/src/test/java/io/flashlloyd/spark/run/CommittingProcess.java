package io.flashlloyd.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.conf.Configuration;

/** A process that commits one run after the other to a place, until it is killed. */
final class CommittingProcess implements AutoCloseable {
  /** In the environment of one that is to commit one run only. */
  static final String ONCE = "ONCE";

  /** Commits that are timed before one is killed: the first is slow. */
  private static final int TIMED = 3;

  private static final long POLL_NANOS = 200_000;

  private final Process process;
  private final Path log;

  private CommittingProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** What it said when it was killed: whose commit was the last to end and the last to begin. */
  record Said(String committed, String begun) {
    boolean inCommit() {
      return !committed.equals(begun);
    }
  }

  /** In the process: place, first number, and settings of Hadoop as NAME=VALUE. */
  public static void main(String[] args) throws IOException {
    Configuration hadoop = new Configuration();
    for (String setting : List.of(args).subList(2, args.length)) {
      hadoop.set(setting.split("=", 2)[0], setting.split("=", 2)[1]);
    }
    for (int number = Integer.parseInt(args[1]); ; number++) {
      CommittedRun run = CommittedRun.written(args[0], true, "run" + number, hadoop);
      System.out.println("begun run" + number);
      run.run();
      if (!run.succeeded()) {
        throw run.failure();
      }
      System.out.println("committed run" + number);
      if (System.getenv(ONCE) != null) {
        return;
      }
    }
  }

  static CommittingProcess start(
      String place, int number, Map<String, String> settings, Path log, String... shell)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(shell));
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(CommittingProcess.class.getName(), place, Integer.toString(number)));
    settings.forEach((name, value) -> command.add(name + "=" + value));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new CommittingProcess(process, log);
  }

  /**
   * Kills it at a random moment of a commit, as long as the one before it.
   *
   * @param committed the run that is committed; null for a moment of the whole commit, else the
   *     moment is one after the atomic step
   */
  Said kill(Random random, Callable<Optional<String>> committed) throws Exception {
    long took = 0;
    for (int commit = 0; commit < TIMED; commit++) {
      awaitNext("begun ");
      long begin = System.nanoTime();
      awaitNext("committed ");
      took = System.nanoTime() - begin;
    }
    awaitNext("begun ");
    if (committed == null) {
      LockSupport.parkNanos(random.nextLong(took));
    } else {
      Optional<String> before = committed.call();
      while (committed.call().equals(before)) {
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
      }
      LockSupport.parkNanos(random.nextLong(Math.max(1, took / 4)));
    }
    process.destroyForcibly();
    process.waitFor();
    return new Said(last("committed ").orElseThrow(), last("begun ").orElseThrow());
  }

  private void awaitNext(String word) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    Optional<String> before = last(word);
    while (last(word).equals(before)) {
      assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
      assertThat(System.nanoTime()).as(Files.readString(log)).isLessThan(deadline);
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** Waits for its end. */
  void await() throws IOException, InterruptedException {
    assertThat(process.waitFor()).as(Files.readString(log)).isZero();
  }

  private Optional<String> last(String word) throws IOException {
    String said = Files.readString(log);
    return said.substring(0, said.lastIndexOf('\n') + 1)
        .lines()
        .filter(line -> line.startsWith(word))
        .reduce((a, b) -> b)
        .map(line -> line.substring(word.length()));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
