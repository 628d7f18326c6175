package io.flashlloyd.spark.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.spark.Vectors;
import io.flashlloyd.spark.data.ChunkStore.UnitKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkStoreTest {
  private static final int ROWS = 1000;
  private static final long BYTES = ROWS * 8 * 4L;

  @TempDir private Path folder;

  private final AtomicInteger opened = new AtomicInteger();

  @Test
  void shouldReadOnceWhatFits() throws IOException {
    ChunkStore store = new ChunkStore(2 * BYTES);
    FileSource source = source();

    List<Float> first = scan(store, source, "data");
    List<Float> second = scan(store, source, "data");

    assertThat(first).hasSize(ROWS).isEqualTo(second);
    assertThat(opened).hasValue(source.units());
    assertThat(store.usedBytes()).isEqualTo(BYTES);
    dropAndCheck(store, "data");
  }

  @Test
  void shouldReadAgainWhatDoesNotFitAndStayWithinItsBudget() throws IOException {
    ChunkStore store = new ChunkStore(BYTES / 10);
    FileSource source = source();

    List<Float> first = scan(store, source, "data");
    assertThat(store.usedBytes()).isLessThanOrEqualTo(BYTES / 10);
    List<Float> second = scan(store, source, "data");

    assertThat(first).hasSize(ROWS).isEqualTo(second);
    assertThat(opened).hasValueGreaterThan(source.units());
    dropAndCheck(store, "data");
  }

  @Test
  void shouldMakeRoomByDroppingDataThatNobodyReads() throws IOException {
    ChunkStore store = new ChunkStore(BYTES);
    FileSource source = source();

    scan(store, source, "old");
    scan(store, source, "new");
    opened.set(0);
    scan(store, source, "new");

    assertThat(opened).as("units of the new data read again").hasValue(0);
    assertThat(store.usedBytes()).isEqualTo(BYTES);
    store.drop("old", id -> {});
    dropAndCheck(store, "new");
  }

  @Test
  void shouldNumberChunksAlikeInEveryScan() throws IOException {
    ChunkStore store = new ChunkStore(BYTES / 10);
    FileSource source = source();
    List<Long> first = new ArrayList<>();
    List<Long> second = new ArrayList<>();

    visitAll(store, source, "data", chunk -> first.add(chunk.id()));
    visitAll(store, source, "data", chunk -> second.add(chunk.id()));
    List<Long> forgotten = new ArrayList<>();
    store.drop("data", forgotten::add);

    assertThat(first).doesNotHaveDuplicates().isEqualTo(second);
    assertThat(forgotten).containsExactlyInAnyOrderElementsOf(first);
  }

  @Test
  void shouldFreeEverythingWhenAVisitFails() throws IOException {
    FileSource source = source();
    for (long budget : List.of(0L, BYTES / 2, 2 * BYTES)) {
      ChunkStore store = new ChunkStore(budget);
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

      store.drop("data", id -> {});
      assertThat(store.allocatedBytes()).as("budget %d", budget).isZero();
    }
  }

  @Test
  void shouldKeepWhatACancelledTaskStillReads() throws Exception {
    ChunkStore store = new ChunkStore(2 * BYTES);
    FileSource source = source();
    scan(store, source, "data");
    CompletableFuture<Void> engine = new CompletableFuture<>();
    CountDownLatch reading = new CountDownLatch(1);
    CompletableFuture<Void> task =
        CompletableFuture.runAsync(
            () -> {
              try {
                store.scan(
                    new UnitKey("data", 0),
                    allocator -> source.open(0, null, allocator),
                    chunk -> {
                      reading.countDown();
                      return engine;
                    });
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    reading.await();

    store.drop("data", id -> {});
    assertThat(store.allocatedBytes()).as("while it is read").isPositive();
    engine.complete(null);
    task.get(10, TimeUnit.SECONDS);

    assertThat(store.allocatedBytes()).as("when it is not").isZero();
    assertThat(store.usedBytes()).isZero();
  }

  @Test
  void shouldNotKeepWhatWasDroppedWhileItWasRead() throws IOException {
    ChunkStore store = new ChunkStore(2 * BYTES);
    FileSource source = source();

    visitAll(store, source, "data", chunk -> store.drop("data", id -> {}));

    assertThat(store.allocatedBytes()).isZero();
    assertThat(store.usedBytes()).isZero();
  }

  @Test
  void shouldReportAFailureOfTheEngine() throws IOException {
    FileSource source = source();
    ChunkStore store = new ChunkStore(0);
    ChunkVisitor failing =
        chunk -> CompletableFuture.failedFuture(new IllegalStateException("no such cluster"));

    assertThatThrownBy(
            () -> store.scan(new UnitKey("data", 0), at -> source.open(0, null, at), failing))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no such cluster");
    assertThat(store.allocatedBytes()).isZero();
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
    for (int unit = 0; unit < source.units(); unit++) {
      int number = unit;
      store.scan(
          new UnitKey(dataset, unit),
          allocator -> {
            opened.incrementAndGet();
            return source.open(number, null, allocator);
          },
          chunk -> {
            look.at(chunk);
            return CompletableFuture.completedFuture(null);
          });
    }
  }

  private static void dropAndCheck(ChunkStore store, String dataset) {
    store.drop(dataset, id -> {});
    assertThat(store.usedBytes()).isZero();
    assertThat(store.allocatedBytes()).isZero();
  }
}
