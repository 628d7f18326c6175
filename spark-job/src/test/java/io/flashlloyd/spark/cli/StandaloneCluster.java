package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Spark Master and Workers, every one a JVM of its own. */
final class StandaloneCluster implements AutoCloseable {
  private final Path home;
  private final Path spark;
  private final Path folder;
  private final int port;
  private final List<Process> workers = new ArrayList<>();
  private final Process master;

  private StandaloneCluster(Path home, Path spark, Path folder) throws IOException {
    this.home = home;
    this.spark = spark;
    this.folder = Files.createDirectories(folder);
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = free.getLocalPort();
    }
    this.master =
        start("master", "master.Master", "--host", "127.0.0.1", "--port", String.valueOf(port));
  }

  /** Starts a master and its workers and waits until they know each other. */
  static StandaloneCluster start(Path home, Path spark, Path folder, int workers, int cores)
      throws IOException, InterruptedException {
    StandaloneCluster cluster = new StandaloneCluster(home, spark, folder);
    try {
      cluster.awaitInLog("Starting Spark master", 1);
      for (int i = 0; i < workers; i++) {
        Path work = folder.resolve("work-" + i);
        cluster.workers.add(
            cluster.start(
                "worker-" + i,
                "worker.Worker",
                "--host",
                "127.0.0.1",
                "--cores",
                String.valueOf(cores),
                "--memory",
                "1g",
                "--work-dir",
                work.toString(),
                cluster.url()));
      }
      cluster.awaitInLog("Registering worker", workers);
      return cluster;
    } catch (IOException | InterruptedException | AssertionError e) {
      cluster.close();
      throw e;
    }
  }

  private Process start(String name, String daemon, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-Xmx256m", "@" + home.resolve("conf/jvm-options"), "-cp"));
    command.add(spark.resolve("jars") + "/*");
    command.add("org.apache.spark.deploy." + daemon);
    command.addAll(List.of("--webui-port", "0"));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(folder.resolve(name + ".log").toFile());
    builder.environment().keySet().removeIf(key -> key.matches("(SPARK|HADOOP)_.*"));
    builder.environment().put("SPARK_HOME", spark.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_DIRS", folder.resolve("local").toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  private void awaitInLog(String text, int times) throws IOException, InterruptedException {
    Path log = folder.resolve("master.log");
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (Files.readString(log).split(text, -1).length <= times) {
      assertThat(master.isAlive()).as(Files.readString(log)).isTrue();
      assertThat(System.nanoTime()).as(Files.readString(log)).isLessThan(deadline);
      Thread.sleep(100);
    }
  }

  private String url() {
    return "spark://127.0.0.1:" + port;
  }

  /** What an application needs to run here, for spark-submit. */
  List<String> options() {
    List<String> options = new ArrayList<>(List.of("--master", url()));
    for (String setting :
        List.of("ui.enabled=false", "driver.host=127.0.0.1", "executor.memory=1g")) {
      options.addAll(List.of("--conf", "spark." + setting));
    }
    return options;
  }

  /** SIGKILL to a worker and its executors, as when a machine fails. */
  void kill(int worker) throws InterruptedException {
    List<ProcessHandle> executors = executors(worker);
    workers.get(worker).destroyForcibly().waitFor();
    executors.forEach(ProcessHandle::destroyForcibly);
  }

  /** SIGKILL to a worker's executors, which it starts anew. */
  void killExecutors(int worker) {
    executors(worker).forEach(ProcessHandle::destroyForcibly);
  }

  private List<ProcessHandle> executors(int worker) {
    List<ProcessHandle> executors = workers.get(worker).descendants().toList();
    assertThat(executors).as("executors of worker %d", worker).isNotEmpty();
    return executors;
  }

  @Override
  public void close() {
    for (Process worker : workers) {
      worker.descendants().forEach(ProcessHandle::destroyForcibly);
      worker.destroyForcibly().onExit().join();
    }
    master.destroyForcibly().onExit().join();
  }
}
