package io.flashlloyd.spark.cli;

import io.flashlloyd.spark.LocalSpark;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A command run in this process, in the session that all tests share, and what it printed. One at a
 * time: it borrows the process's own streams.
 */
record CommandRun(int status, String out, String err) {
  static CommandRun of(List<String> args) {
    return of(args.toArray(String[]::new));
  }

  static CommandRun of(String... args) {
    LocalSpark.session();
    PrintStream standardOut = System.out;
    PrintStream standardErr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int status = Main.run(args);
      return new CommandRun(status, text(out), text(err));
    } finally {
      System.setOut(standardOut);
      System.setErr(standardErr);
    }
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  List<String> errLines() {
    return err.lines().toList();
  }
}
