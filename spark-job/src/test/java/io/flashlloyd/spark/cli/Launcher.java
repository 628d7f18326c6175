package io.flashlloyd.spark.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code submit-scripts/flashlloyd} as a process of its own, with an environment of the test's
 * making: this JVM's Java, a {@code mvn} that the test provides, and no SPARK_HOME but the test's.
 */
record Launcher(Path home, Path programs, Map<String, String> environment) {
  private static final long MINUTES = 5;

  /** What a process left. */
  record Ended(int status, String out, String err) {}

  /** Runs to the end. */
  Ended run(List<String> args) throws IOException, InterruptedException {
    File out = File.createTempFile("launcher", ".out", programs.toFile());
    File err = File.createTempFile("launcher", ".err", programs.toFile());
    Process process = start(args, out, err);
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IllegalStateException("The launcher hangs: " + Files.readString(err.toPath()));
    }
    return new Ended(
        process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
  }

  /** Starts, with the process's output in these files. */
  Process start(List<String> args, File out, File err) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("submit-scripts/flashlloyd").toString());
    command.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out).redirectError(err);
    builder.directory(programs.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(SPARK|FLASHLLOYD|HADOOP)_.*"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("PATH", programs + File.pathSeparator + System.getenv("PATH"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Puts a program in the way of the real one. */
  static void program(Path file, String script) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/usr/bin/env bash\n" + script);
    if (!file.toFile().setExecutable(true)) {
      throw new IOException(file + " cannot be made executable");
    }
  }
}
