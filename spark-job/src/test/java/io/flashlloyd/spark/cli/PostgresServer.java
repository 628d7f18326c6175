package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL of the test's own in a temporary folder, reached through a socket in it, or
 * through a port of this machine. The server
 * refuses to run as root, so then it runs as the user {@code postgres}.
 */
final class PostgresServer {
  private final Path programs;
  private final Path folder;
  private final int port;

  private PostgresServer(Path programs, Path folder) throws IOException {
    this.programs = programs;
    this.folder = folder;
    try (ServerSocket free = new ServerSocket(0)) {
      this.port = free.getLocalPort();
    }
  }

  /** Where Debian and others put the server's programs, if they are there. */
  static Optional<Path> programs() throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(Path.of("/usr/lib/postgresql"))) {
      try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
        versions.map(version -> version.resolve("bin")).forEach(found::add);
      }
    }
    for (String place : System.getenv("PATH").split(File.pathSeparator, -1)) {
      found.add(Path.of(place));
    }
    return found.stream()
        .filter(place -> Files.isExecutable(place.resolve("initdb")))
        .filter(place -> Files.isExecutable(place.resolve("pg_ctl")))
        .max(Comparator.comparing(place -> place.startsWith("/usr/lib/postgresql")));
  }

  /** Makes a database cluster and starts it. */
  static PostgresServer start(Path programs) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("flashlloyd-pg");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    PostgresServer server = new PostgresServer(programs, folder);
    server.asServer("initdb", "-D", server.data(), "-A", "trust", "-U", "tester", "-N");
    server.asServer(
        "pg_ctl",
        "-D",
        server.data(),
        "-w",
        "-l",
        folder.resolve("server.log").toString(),
        "-o",
        "-c listen_addresses=127.0.0.1 -p %d -c fsync=off -k %s".formatted(server.port, folder),
        "start");
    return server;
  }

  /** Its database, as JDBC reaches it. */
  String url() {
    return "jdbc:postgresql://127.0.0.1:%d/postgres?user=tester".formatted(port);
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  /** Runs psql in a folder; an error ends it and fails the test. Returns what it printed. */
  String psql(Path in, String... args) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("psql", "-h", folder.toString(), "-p", "" + port));
    command.addAll(List.of("-U", "tester", "-d", "postgres", "-X", "-A", "-t"));
    command.addAll(List.of("-v", "ON_ERROR_STOP=1"));
    command.addAll(List.of(args));
    return run(command, in);
  }

  private void asServer(String program, String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(args));
    run(command, folder);
  }

  private static String run(List<String> command, Path in)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("flashlloyd-pg", ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("%s ends", command).isTrue();
    String output = Files.readString(log);
    Files.delete(log);
    assertThat(process.exitValue()).as("%s: %s", command, output).isZero();
    return output;
  }

  /** Ends the server and removes its folder. */
  void stop() throws IOException, InterruptedException {
    asServer("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
