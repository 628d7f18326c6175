package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a process takes of the machine beside its budgets: its largest resident set, as the kernel
 * counts it, next to the same process's with one chunk of data. The heap is touched from the start
 * in both, so that the difference is what lies outside it.
 */
class MemoryIT {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final int SPLITS = 50;
  private static final long CHUNK_BYTES = 60_000 * 64 * 2L;
  private static final long DATA_BYTES = SPLITS * CHUNK_BYTES;

  /** What a task may hold beyond the budget, and spare pieces of all: see ChunkStore. */
  private static final int TASKS = 2;

  private static final long STREAMED_BYTES = (TASKS * 5L + 4) * CHUNK_BYTES;

  /** Compiled code, metadata and the like, which differ from run to run. */
  private static final long JVM_BYTES = 64L << 20;

  @TempDir private Path folder;

  @Test
  void shouldStayWithinATenthOfTheDataInMemory() throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        Files.exists(Path.of("/proc/self/status")), "skipped: no /proc to read resident sets from");
    Launcher.program(
        folder.resolve("mvn"), "echo 'The jar is fresh: nothing to build' >&2; exit 1\n");

    long least = largestResidentSet(1);
    long most = largestResidentSet(SPLITS);

    long allowed = DATA_BYTES / 10 + STREAMED_BYTES + JVM_BYTES;
    System.out.printf(
        "resident: %,d bytes with one chunk, %,d more with %,d bytes of data (%,d allowed)%n",
        least, most - least, DATA_BYTES, allowed);
    assertThat(allowed).as("a bound that means something").isLessThan(DATA_BYTES * 3 / 4);
    assertThat(least).as("the process that holds the heap was looked at").isGreaterThan(500L << 20);
    assertThat(most - least).isLessThan(allowed);
  }

  private long largestResidentSet(int splits) throws IOException, InterruptedException {
    String budget = String.valueOf(DATA_BYTES / 10);
    Map<String, String> environment =
        Map.of(
            "FLASHLLOYD_HEAP",
            "500m",
            "FLASHLLOYD_STORE",
            budget,
            "JDK_JAVA_OPTIONS",
            "-Xms500m -XX:+AlwaysPreTouch -Dspark.master=local[%d]".formatted(TASKS)
                + " -Dspark.ui.enabled=false -Dspark.driver.bindAddress=127.0.0.1"
                + " -Dspark.driver.host=127.0.0.1 -Dspark.flashlloyd.store.disk.bytes="
                + budget);
    List<String> args = new ArrayList<>(List.of("measure", "--input"));
    IntStream.rangeClosed(1, splits)
        .mapToObj("synthetic:rows=60000,dim=64,clusters=100,dtype=f16,seed=%d"::formatted)
        .forEach(args::add);
    args.addAll(List.of("--k", "16", "--iterations", "3", "--engine", "cpu"));
    Path err = folder.resolve("measure-%d.err".formatted(splits));
    Process process =
        new Launcher(HOME, folder, environment).start(args, err.toFile(), err.toFile());
    long most = 0;
    while (process.isAlive()) {
      most = Math.max(most, highWater(process.pid()));
      Thread.sleep(20);
    }
    assertThat(process.waitFor()).as(Files.readString(err)).isZero();
    assertThat(Files.readString(err)).contains("bare pass  3 ");
    return most;
  }

  /** VmHWM: the kernel's own record of the largest resident set so far; 0 for what has ended. */
  private static long highWater(long pid) {
    try (var lines = Files.lines(Path.of("/proc/%d/status".formatted(pid)))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0; // it ended between two looks, and its last high water is known
    }
  }
}
