package io.flashlloyd.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.spark.Vectors;
import io.flashlloyd.spark.data.FileSource;
import io.flashlloyd.spark.store.ChunkStore.SplitKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkStoreTest {
  private static final int ROWS = 1000;
  private static final long BYTES = ROWS * 8 * 4L;

  @TempDir private Path folder;

  private final AtomicInteger opened = new AtomicInteger();
  private final List<Long> forgotten = new ArrayList<>();
  private int stores;

  @Test
  void shouldReadOnceWhatFits() throws IOException {
    ChunkStore store = store(2 * BYTES, 0);
    FileSource source = source();

    List<Float> first = scan(store, source, "data");
    List<Float> second = scan(store, source, "data");

    assertThat(first).hasSize(ROWS).isEqualTo(second);
    assertThat(opened).hasValue(source.splits());
    assertThat(store.usage().memoryBytes()).isEqualTo(BYTES);
    dropAndCheck(store, "data");
  }

  @Test
  void shouldReadAgainWhatDoesNotFitAndStayWithinItsBudget() throws IOException {
    ChunkStore store = store(BYTES / 10, 0);
    FileSource source = source();

    List<Float> first = scan(store, source, "data");
    assertThat(store.usage().memoryBytes()).isLessThanOrEqualTo(BYTES / 10);
    List<Float> second = scan(store, source, "data");

    assertThat(first).hasSize(ROWS).isEqualTo(second);
    assertThat(opened).hasValueGreaterThan(source.splits());
    dropAndCheck(store, "data");
  }

  @Test
  void shouldMakeRoomByDroppingDataThatNobodyReads() throws IOException {
    ChunkStore store = store(BYTES, 0);
    FileSource source = source();

    scan(store, source, "old");
    scan(store, source, "new");
    opened.set(0);
    scan(store, source, "new");

    assertThat(opened).as("splits of the new data read again").hasValue(0);
    assertThat(store.usage().memoryBytes()).isEqualTo(BYTES);
    store.drop("old");
    dropAndCheck(store, "new");
  }

  @Test
  void shouldNumberChunksAlikeInEveryScan() throws IOException {
    ChunkStore store = store(BYTES / 10, 0);
    FileSource source = source();
    List<Long> first = new ArrayList<>();
    List<Long> second = new ArrayList<>();

    visitAll(store, source, "data", chunk -> first.add(chunk.id()));
    visitAll(store, source, "data", chunk -> second.add(chunk.id()));
    store.drop("data");

    assertThat(first).doesNotHaveDuplicates().isEqualTo(second);
    assertThat(forgotten).containsExactlyInAnyOrderElementsOf(first);
  }

  @Test
  void shouldFreeEverythingWhenAVisitFails() throws IOException {
    FileSource source = source();
    for (long budget : List.of(0L, BYTES / 2, 2 * BYTES)) {
      ChunkStore store = store(budget, 0);
      AtomicInteger visits = new AtomicInteger();

      assertThatThrownBy(
              () ->
                  visitAll(
                      store,
                      source,
                      "data",
                      chunk -> {
                        if (visits.incrementAndGet() == 5) {
                          throw new IllegalStateException("the fifth chunk");
                        }
                      }))
          .hasMessageContaining("the fifth chunk");

      store.drop("data");
      assertThat(store.allocatedBytes()).as("budget %d", budget).isZero();
    }
  }

  @Test
  void shouldKeepWhatACancelledTaskStillReads() throws Exception {
    ChunkStore store = store(2 * BYTES, 0);
    FileSource source = source();
    scan(store, source, "data");
    CompletableFuture<Void> engine = new CompletableFuture<>();
    CountDownLatch reading = new CountDownLatch(1);
    CompletableFuture<Void> task =
        CompletableFuture.runAsync(
            () -> {
              try {
                store.scan(
                    List.of(new SplitKey("data", 0)),
                    (key, allocator) -> source.open(0, null, allocator),
                    chunk -> {
                      reading.countDown();
                      return engine;
                    });
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    reading.await();

    store.drop("data");
    assertThat(store.allocatedBytes()).as("while it is read").isPositive();
    engine.complete(null);
    task.get(10, TimeUnit.SECONDS);

    assertThat(store.allocatedBytes()).as("when it is not").isZero();
    assertThat(store.usage().memoryBytes()).isZero();
  }

  @Test
  void shouldNotKeepWhatWasDroppedWhileItWasRead() throws IOException {
    ChunkStore store = store(2 * BYTES, 0);
    FileSource source = source();

    visitAll(store, source, "data", chunk -> store.drop("data"));

    assertThat(store.allocatedBytes()).isZero();
    assertThat(store.usage().memoryBytes()).isZero();
  }

  @Test
  void shouldReportAFailureOfTheEngine() throws IOException {
    FileSource source = source();
    ChunkStore store = store(0, 0);
    ChunkVisitor failing =
        chunk -> CompletableFuture.failedFuture(new IllegalStateException("no such cluster"));

    assertThatThrownBy(
            () ->
                store.scan(
                    List.of(new SplitKey("data", 0)),
                    (key, at) -> source.open(0, null, at),
                    failing))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no such cluster");
    assertThat(store.allocatedBytes()).isZero();
  }

  @Test
  void shouldReadFromDiskWhatMemoryDoesNotHold() throws IOException {
    ChunkStore store = store(BYTES / 10, 2 * BYTES);
    FileSource source = source();

    List<Float> first = scan(store, source, "data");
    assertThat(store.usage().memoryBytes()).isBetween(1L, BYTES / 10);
    assertThat(store.usage().memoryBytes() + store.usage().diskBytes()).isEqualTo(BYTES);
    assertThat(spilled()).as("spilled chunks").hasSizeGreaterThan(50);
    List<Float> second = scan(store, source, "data");

    assertThat(first).hasSize(ROWS).isEqualTo(second);
    assertThat(opened).as("read from its source").hasValue(source.splits());
    dropAndCheck(store, "data");
    assertThat(spilled()).isEmpty();
  }

  /** As a speculative copy of a task beside it does. */
  @Test
  void shouldLetTwoTasksSpillTheSameChunksAtTheSameTime() throws Exception {
    ChunkStore store = store(0, 3 * BYTES);
    FileSource source = source();
    CyclicBarrier both = new CyclicBarrier(2);
    List<Float> alone = scan(store(0, 0), source, "data");
    Callable<List<Float>> task =
        () -> {
          List<Float> seen = new ArrayList<>();
          store.scan(
              List.of(new SplitKey("data", 0), new SplitKey("data", 1)),
              (key, allocator) -> {
                await(both);
                return source.open(key.split(), null, allocator);
              },
              chunk -> {
                seen.add(chunk.rows().get(0, 0));
                return CompletableFuture.completedFuture(null);
              });
          return seen;
        };
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (Future<List<Float>> seen : threads.invokeAll(List.of(task, task))) {
        assertThat(seen.get()).hasSize(2).isSubsetOf(alone);
      }
    } finally {
      threads.shutdown();
    }

    assertThat(spilled()).as("one file for each chunk").hasSize(2);
    assertThat(scan(store, source, "data")).isEqualTo(alone);
    dropAndCheck(store, "data");
  }

  private static void await(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IOException(e);
    }
  }

  @Test
  void shouldReadAgainWhatNoTierHasRoomFor() throws IOException {
    ChunkStore store = store(BYTES / 10, BYTES / 10);
    FileSource source = source();

    List<Float> first = scan(store, source, "data");
    assertThat(store.usage().diskBytes()).isBetween(1L, BYTES / 10);
    opened.set(0);
    List<Float> second = scan(store, source, "data");

    assertThat(first).isEqualTo(second);
    assertThat(opened).hasValueBetween(source.splits() / 2, source.splits() - 10);
    dropAndCheck(store, "data");
  }

  @Test
  void shouldNotExceedItsStreamsWhateverTheBudget() throws IOException {
    ChunkStore store = store(0, 2 * BYTES);
    FileSource source = source();
    scan(store, source, "data");
    AtomicLong most = new AtomicLong();

    visitAll(
        store, source, "data", chunk -> most.accumulateAndGet(store.allocatedBytes(), Math::max));

    assertThat(most).as("4 KiB each").hasValueBetween(4096L, 4096L * ChunkStore.STREAMED);
    dropAndCheck(store, "data");
  }

  @Test
  void shouldForgetInTheEnginesWhatItDrops() throws IOException {
    ChunkStore store = store(BYTES, 0);
    FileSource source = source();
    List<Long> old = new ArrayList<>();

    visitAll(store, source, "old", chunk -> old.add(chunk.id()));
    scan(store, source, "new");

    assertThat(forgotten).as("evicted").containsExactlyInAnyOrderElementsOf(old);
  }

  @Test
  void shouldRefuseASplitThatReadsOtherwiseTheSecondTime() throws IOException {
    ChunkStore store = store(0, 0);
    FileSource source = source();
    scan(store, source, "data");
    Path file = Path.of(URI.create(source.dataset().files().get(0)).getPath());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    assertThatThrownBy(() -> scan(store, source, "data"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has other rows than when it was first read");
    store.drop("data");
    assertThat(store.allocatedBytes()).isZero();
  }

  @Test
  void shouldSayWhichSettingAFullDiskNeeds() throws IOException {
    ChunkStore store = store(0, 2 * BYTES);
    FileSource source = source();
    Path spill = folder.resolve("local-0/flashlloyd-chunks");
    // A chunk's name that is a folder is refused by the file system, as a full disk refuses it.
    for (long id = 0; id < 3; id++) {
      Files.createDirectories(
          spill.resolve("chunk-%d-%d.arrow".formatted(ChunkIds.MOST * (id + 1), id)));
    }

    assertThatThrownBy(() -> scan(store, source, "data"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be spilled to")
        .hasMessageContaining(StoreBudget.DISK);
    assertThat(store.usage().diskBytes()).isZero();
    assertThat(store.allocatedBytes()).isZero();
  }

  /** What is in the local folder besides its lock. */
  private List<String> spilled() {
    return Stream.of(folder.resolve("local-0/flashlloyd-chunks").toFile().list())
        .filter(name -> !name.equals("lock"))
        .toList();
  }

  private ChunkStore store(long memoryBytes, long diskBytes) throws IOException {
    return new ChunkStore(
        new StoreBudget(0, memoryBytes, diskBytes),
        new SpillFolder(List.of(Files.createDirectories(folder.resolve("local-" + stores++)))),
        new ChunkMemory(0, bytes -> Optional.empty(), () -> 0),
        forgotten::add);
  }

  private FileSource source() {
    return Vectors.random(ROWS, 8, 7).file(folder, 16);
  }

  private interface Look {
    void at(StoredChunk chunk);
  }

  private List<Float> scan(ChunkStore store, FileSource source, String dataset) throws IOException {
    List<Float> firstColumn = new ArrayList<>();
    visitAll(
        store,
        source,
        dataset,
        chunk -> {
          for (int row = 0; row < chunk.rows().rows(); row++) {
            firstColumn.add(chunk.rows().get(row, 0));
          }
        });
    return firstColumn;
  }

  private void visitAll(ChunkStore store, FileSource source, String dataset, Look look)
      throws IOException {
    List<SplitKey> keys =
        IntStream.range(0, source.splits())
            .mapToObj(split -> new SplitKey(dataset, split))
            .toList();
    store.scan(
        keys,
        (key, allocator) -> {
          opened.incrementAndGet();
          return source.open(key.split(), null, allocator);
        },
        chunk -> {
          look.at(chunk);
          return CompletableFuture.completedFuture(null);
        });
  }

  private static void dropAndCheck(ChunkStore store, String dataset) {
    store.drop(dataset);
    assertThat(store.usage().memoryBytes()).isZero();
    assertThat(store.allocatedBytes()).isZero();
  }
}
