package io.flashlloyd.io;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads files with random damage. A damaged file is read (values may differ) or refused as input
 * with its name, in bounded time and memory; never anything else. Mutant i of a seed is always the
 * same.
 */
public final class Mutants {
  /** No mutant takes a second; the rest is for machines that are busy. */
  private static final long MOST_NANOS = 60_000_000_000L;

  /** Files have a few KiB; windows and blocks of decoders come on top, and what ZSTD stands for. */
  private static final long MOST_HEAP = 32L << 20;

  private static final String HEAP = "256m";
  private static final int MOST_FAILURES = 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final List<List<Original>> formats;
  private final Path folder;
  private final int count;
  private final long seed;
  private final AtomicInteger next = new AtomicInteger();
  private final Map<String, Tally> tallies = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();

  /** How a file is read, whole. */
  public interface Reading {
    void read(Path file) throws IOException;
  }

  /**
   * A whole file.
   *
   * @param format for the table
   * @param name the file's, or its path in a folder, whose name errors have to say
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Original(String format, String name, byte[] bytes, Reading reading) {}

  private static final class Tally {
    private int read;
    private int refused;
    private long heap;
    private long nanos;
  }

  private Mutants(List<Original> originals, Path folder, int count, long seed) {
    Map<String, List<Original>> byFormat = new TreeMap<>();
    originals.forEach(o -> byFormat.computeIfAbsent(o.format(), f -> new ArrayList<>()).add(o));
    this.formats = List.copyOf(byFormat.values());
    this.folder = folder;
    this.count = count;
    this.seed = seed;
  }

  /**
   * Runs a class's main in a process of its own with a small heap, and prints what it does.
   *
   * @param mutants how many, where {@code -Dfuzz.mutants} does not say; of {@code -Dfuzz.seed}
   * @throws AssertionError where it does not end well
   */
  public static void inSmallHeap(Class<?> main, int mutants, Path folder) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith("--add") || option.startsWith("-Dio.netty")) {
        command.add(option);
      }
    }
    command.add("-Xmx" + HEAP);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.add(folder.toString());
    command.add(Integer.getInteger("fuzz.mutants", mutants).toString());
    command.add(Long.getLong("fuzz.seed", 16).toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    System.out.println(output);
    if (process.waitFor() != 0) {
      throw new AssertionError(output);
    }
  }

  /**
   * Reads {@code count} mutants on all cores and prints a table by format.
   *
   * @param folder where mutants are written
   * @throws AssertionError where any ends in anything but a {@link VectorInputException} that names
   *     its file, takes too long, or more heap than its size explains
   */
  public static void check(List<Original> originals, Path folder, int count, long seed)
      throws Exception {
    new Mutants(originals, folder, count, seed).run();
  }

  private void run() throws Exception {
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      Worker worker = new Worker(Files.createDirectory(folder.resolve("worker-" + i)));
      worker.setDaemon(true);
      workers.add(worker);
      worker.start();
    }
    for (Worker worker : workers) {
      while (worker.isAlive()) {
        worker.join(1000);
        worker.requireProgress();
      }
    }
    System.out.printf("%,d mutants of seed %d%n", count, seed);
    System.out.printf(
        "%-20s %8s %8s %8s %10s %8s%n", "", "mutants", "read", "refused", "heap KiB", "ms");
    tallies.forEach(
        (format, tally) ->
            System.out.printf(
                Locale.ROOT,
                "%-20s %8d %8d %8d %10d %8d%n",
                format,
                tally.read + tally.refused,
                tally.read,
                tally.refused,
                tally.heap >> 10,
                tally.nanos / 1_000_000));
    if (!failures.isEmpty()) {
      throw new AssertionError(String.join("\n", failures));
    }
    if (tallies.values().stream().anyMatch(tally -> tally.refused == 0)) {
      throw new AssertionError("No mutant of some format is refused (expected some of each)");
    }
  }

  private static byte[] damage(byte[] whole, SplittableRandom random) {
    byte[] bytes = whole.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes && bytes.length > 16; i++) {
      bytes = damageOnce(bytes, random);
    }
    return bytes;
  }

  private static byte[] damageOnce(byte[] bytes, SplittableRandom random) {
    // Headers and footers are small, and matter most.
    int at =
        switch (random.nextInt(4)) {
          case 0 -> random.nextInt(Math.min(bytes.length, 256));
          case 1 -> bytes.length - 1 - random.nextInt(Math.min(bytes.length, 1024));
          default -> random.nextInt(bytes.length);
        };
    int length = Math.min(1 + random.nextInt(8), bytes.length - at);
    switch (random.nextInt(9)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      case 2 -> Arrays.fill(bytes, at, at + length, (byte) random.nextInt(-1, 1));
      case 3 -> { // a length or an offset
        int word = Math.min(at & ~3, bytes.length - Long.BYTES);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (random.nextBoolean()) {
          buffer.putInt(word, 1 << random.nextInt(32));
        } else {
          buffer.putLong(word, 1L << random.nextInt(64));
        }
      }
      case 4 -> { // a number of Thrift's or of a run
        Arrays.fill(bytes, at, at + length, (byte) 0xff);
        bytes[at + length - 1] = (byte) random.nextInt(128);
      }
      case 5 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 6 -> {
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - length);
        System.arraycopy(bytes, at + length, shorter, at, bytes.length - at - length);
        return shorter;
      }
      case 7 -> {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
        System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
        return longer;
      }
      default ->
          System.arraycopy(
              bytes.clone(), random.nextInt(bytes.length - length + 1), bytes, at, length);
    }
    return bytes;
  }

  private synchronized void tally(Original original, boolean refused, long heap, long nanos) {
    Tally tally = tallies.computeIfAbsent(original.format(), format -> new Tally());
    tally.read += refused ? 0 : 1;
    tally.refused += refused ? 1 : 0;
    tally.heap = Math.max(tally.heap, heap);
    tally.nanos = Math.max(tally.nanos, nanos);
  }

  private synchronized void fail(int index, Original original, String problem) {
    if (failures.size() < MOST_FAILURES) {
      failures.add(
          "seed %d, mutant %d of %s (%s): %s"
              .formatted(seed, index, original.name(), original.format(), problem));
    }
  }

  private final class Worker extends Thread {
    private final Path folder;
    private volatile long started = System.nanoTime();

    Worker(Path folder) {
      this.folder = folder;
    }

    @Override
    public void run() {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003L + i);
        List<Original> format = formats.get(random.nextInt(formats.size()));
        Original original = format.get(random.nextInt(format.size()));
        started = System.nanoTime();
        int index = i;
        FutureTask<Void> task =
            new FutureTask<>(
                () -> {
                  check(index, original, damage(original.bytes(), random));
                  return null;
                });
        task.run();
        try {
          task.get();
        } catch (ExecutionException e) { // of errors, too: they are what is looked for
          fail(i, original, stack(e.getCause()));
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    private void check(int index, Original original, byte[] mutant) throws IOException {
      Path file = folder.resolve(original.name());
      Files.createDirectories(file.getParent());
      Files.write(file, mutant);
      boolean refused = false;
      long before = THREADS.getCurrentThreadAllocatedBytes();
      try {
        original.reading().read(file);
      } catch (VectorInputException e) {
        refused = true;
        String subject = Path.of(original.name()).getName(0).toString();
        if (!String.valueOf(e.getMessage()).contains(subject)) {
          fail(index, original, "no %s in: %s".formatted(subject, e.getMessage()));
        }
      }
      long heap = THREADS.getCurrentThreadAllocatedBytes() - before;
      if (heap > MOST_HEAP) {
        fail(index, original, "took %,d bytes of heap for %,d".formatted(heap, mutant.length));
      }
      tally(original, refused, heap, System.nanoTime() - started);
    }

    void requireProgress() {
      if (isAlive() && System.nanoTime() - started > MOST_NANOS) {
        throw new AssertionError(
            "seed %d: a mutant hangs at\n  %s"
                .formatted(
                    seed,
                    String.join(
                        "\n  ", Arrays.stream(getStackTrace()).map(String::valueOf).toList())));
      }
    }
  }

  private static String stack(Throwable e) {
    List<String> lines = new ArrayList<>();
    for (Throwable cause = e; cause != null && lines.size() < 30; cause = cause.getCause()) {
      lines.add(cause.toString());
      Arrays.stream(cause.getStackTrace()).limit(10).forEach(at -> lines.add("  at " + at));
    }
    return String.join("\n    ", lines);
  }
}
