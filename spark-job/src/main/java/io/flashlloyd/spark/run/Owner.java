package io.flashlloyd.spark.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.net.NetUtils;

/** Which process made something, in a file, so that others can tell whether it lives. */
final class Owner {
  /** In a folder that has an owner. */
  static final String NAME = ".owner";

  private Owner() {}

  static void write(FileSystem files, Path file) throws IOException {
    try (OutputStream out = files.create(file, false)) {
      out.write(name(ProcessHandle.current()).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Whether a process of this machine does; of another machine's nobody can tell. */
  static boolean lives(FileSystem files, Path file) throws IOException {
    String owner;
    try (InputStream in = files.open(file)) {
      owner = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      return false;
    }
    return owner.matches("\\S+ \\d+ \\S+")
        && ProcessHandle.of(Long.parseLong(owner.replaceAll("^\\S+ | \\S+$", "")))
            .map(Owner::name)
            .filter(owner::equals)
            .isPresent();
  }

  private static String name(ProcessHandle process) {
    Instant start = process.info().startInstant().orElse(Instant.EPOCH);
    return "%s %d %s".formatted(NetUtils.getHostname().replace(' ', '-'), process.pid(), start);
  }
}
